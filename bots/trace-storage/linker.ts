import type { Span } from './span.ts';
import { type SpanNode, traceTree, traverse } from './trace-tree.ts';

/** Who calls whom, and how often. */
export interface Link {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
  readonly errorCount: number;
}

/** What a link is stored under: as the Spark job names it, so that either replaces what the other wrote. */
export const linkId = ({ parent, child }: Pick<Link, 'parent' | 'child'>): string => `${parent}|${child}`;

/** One call of what may be a link, if both sides are known. */
type Call = readonly [parent: string | undefined, child: string | undefined, failed: boolean];

/**
 * Links of traces, one after the other, as zipkin2.internal.DependencyLinker makes them: from the spans of servers, and
 * from those of clients only where no server answered with one of its own. Of messages, each side says which broker it knows.
 */
export class Linker {
  readonly #links = new Map<string, Link>();

  /** @param spans of one trace */
  put(spans: readonly Span[]): void {
    const top = traceTree(spans);
    for (const node of traverse(top)) for (const call of callsOf(node)) this.#add(call);
  }

  /** Those of all traces so far. */
  get links(): readonly Link[] {
    return [...this.#links.values()];
  }

  #add([parent, child, failed]: Call): void {
    if (!parent || !child) return;
    const key = linkId({ parent, child });
    const { callCount, errorCount } = this.#links.get(key) ?? { callCount: 0, errorCount: 0 };
    this.#links.set(key, { parent, child, callCount: callCount + 1, errorCount: errorCount + Number(failed) });
  }
}

function callsOf(node: SpanNode & { readonly span: Span }): readonly Call[] {
  const { span } = node;
  const local = span.localEndpoint?.serviceName;
  const remote = span.remoteEndpoint?.serviceName;
  // The server knows its own name better.
  if (span.kind === 'CLIENT' && node.children.length) return [];
  const kind = span.kind ?? (local && remote ? 'CLIENT' : undefined);
  if (!kind) return [];
  const receives = kind === 'SERVER' || kind === 'CONSUMER';
  const [caller, child] = receives ? [remote, local] : [local, remote];
  const failed = hasFailed(span);
  const ancestor = kind === 'PRODUCER' || kind === 'CONSUMER' ? undefined : remoteAncestor(node);
  const name = ancestor?.localEndpoint?.serviceName;
  if (!ancestor || !name) return [[caller, child, failed]];

  // A call with a span on each side may have failed on its client's only.
  const failedBefore = ancestor.kind === 'CLIENT' && ancestor.id === span.parentId && hasFailed(ancestor);
  const call: Call = [kind === 'SERVER' ? name : (caller ?? name), child, failed || failedBefore];
  // A server in between sent no span of its own; whether it failed is not known.
  const isMissing = kind === 'CLIENT' && local !== undefined && local !== name;
  return isMissing ? [[name, local, false], call] : [call];
}

const hasFailed = ({ tags }: Span): boolean => tags?.error !== undefined;

/** The nearest above it that is one side of a call: what is in between went on inside a service. */
function remoteAncestor({ parent }: SpanNode): Span | undefined {
  for (let node = parent; node; node = node.parent) if (node.span?.kind) return node.span;
  return undefined;
}

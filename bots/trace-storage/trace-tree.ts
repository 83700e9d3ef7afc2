import { mergedSpans } from './merged-spans.ts';
import type { Endpoint, Span } from './span.ts';

/** A span, or the place of a root that is missing, among its own. */
export interface SpanNode {
  readonly span?: Span;
  parent?: SpanNode;
  readonly children: SpanNode[];
}

/** Where a span is found: those that share an id are told apart by who says so. */
const sharedKey = (id: string, endpoint?: Endpoint): string => {
  const { serviceName, ipv4, ipv6, port } = endpoint ?? {};
  return JSON.stringify([id, serviceName, ipv4, ipv6, port]);
};

/**
 * The tree of one trace, as zipkin2.internal.SpanNode builds it: a server's span hangs below its client's, though they may
 * have one id, and spans whose parent is missing hang below the root.
 */
export function traceTree(spans: readonly Span[]): SpanNode {
  const cleaned = mergedSpans(spans);
  const parents = new Map<string, string | undefined>();
  for (const span of cleaned)
    if (span.shared) parents.set(sharedKey(span.id, span.localEndpoint), span.id);
    else parents.set(span.id, parentOf(span));

  const nodes = new Map<string, SpanNode>();
  let root: SpanNode | undefined;
  for (const span of cleaned) {
    const node: SpanNode = { span, children: [] };
    const parentId = parentOf(span);
    if (span.shared) {
      nodes.set(sharedKey(span.id, span.localEndpoint), node);
      // For spans in between that do not say where they are.
      nodes.set(sharedKey(span.id), node);
    } else if (parentId === undefined && !root) {
      root = node;
      parents.delete(span.id);
    } else {
      // A server that shares its client's id is nearer to what it does than the client is.
      const nearest = parentId && sharedKey(parentId, span.localEndpoint);
      if (nearest && parents.has(nearest)) parents.set(span.id, nearest);
      nodes.set(span.id, node);
    }
  }

  const top: SpanNode = root ?? { children: [] };
  for (const [key, parentKey] of parents) {
    const child = nodes.get(key);
    const parent = (parentKey === undefined ? undefined : nodes.get(parentKey)) ?? top;
    if (!child || child === parent) continue;
    parent.children.push(child);
    child.parent = parent;
  }
  return top;
}

/** Zipkin takes none that is the span itself. */
const parentOf = ({ id, parentId }: Span): string | undefined => (parentId === id ? undefined : parentId);

/** Each node that is a span, those nearest to the root first. */
export function* traverse(top: SpanNode): Generator<SpanNode & { readonly span: Span }> {
  const queue = [top];
  for (const node of queue) {
    if (node.span) yield node as SpanNode & { readonly span: Span };
    queue.push(...node.children);
  }
}

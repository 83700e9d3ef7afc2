import type { Span } from '../clients/zipkin.ts';
import { groups } from '../model/groups.ts';

/** The spans of a trace as a tree. */

export interface Node {
  readonly span: Span;
  readonly service: string;
  /** Microseconds since 1970, at first by the clock of its service. */
  start: number;
  end: number;
  children: Node[];
  /** Whether its parent is not known, so that it stands below the root. */
  adopted?: boolean;
}

const isServer = ({ kind, shared }: Span) => shared === true || kind === 'SERVER';

/** What waits for nobody, and nobody for it. */
export const isAsync = ({ span: { kind } }: Node): boolean => kind === 'PRODUCER' || kind === 'CONSUMER';

export const serviceOf = ({ localEndpoint }: Span): string => localEndpoint?.serviceName || 'unknown';

const lengthOf = ({ start, end }: Node) => end - start;

/** The request that a trace is of, with all that is below it; undefined where no span has a time. */
export function treeOf(spans: readonly Span[]): Node | undefined {
  const nodes = nodesOf(spans);
  const sides = groups(nodes, ({ span }) => sideOf(span.id, isServer(span)));
  const parents = new Map(nodes.map((node) => [node, parentOf(node, sides)]));
  const heads = nodes.filter((node) => !parents.get(node));
  const root = rootOf(heads, nodes);
  if (!root) return undefined;
  for (const node of nodes) {
    const parent = parents.get(node);
    if (parent && node !== root) parent.children.push(node);
  }
  for (const head of heads) {
    if (head === root || isAsync(head)) continue;
    head.adopted = true;
    root.children.push(head);
  }
  cutLoops(root);
  return root;
}

/** Each span once: one that was flushed early, or sent twice, is stored in several parts. */
function nodesOf(spans: readonly Span[]): Node[] {
  const parts = groups(spans, (span) => `${sideOf(span.id, isServer(span))}/${serviceOf(span)}`);
  return [...parts.values()].flatMap((same) => {
    const span: Span = {
      ...Object.assign({}, ...same),
      duration: same.reduce((longest, { duration = 0 }) => Math.max(longest, duration), 0),
      tags: Object.assign({}, ...same.map(({ tags }) => tags)),
    };
    const { timestamp: start, duration = 0 } = span;
    if (typeof start !== 'number') return [];
    return [{ span, service: serviceOf(span), start, end: start + duration, children: [] }];
  });
}

/** By B3, the two sides of a call may have the same id. */
const sideOf = (id: string, server: boolean) => `${id}/${server ? 'server' : 'client'}`;

function parentOf(node: Node, sides: ReadonlyMap<string, readonly Node[]>): Node | undefined {
  const { id, parentId } = node.span;
  const caller = isServer(node.span) ? sides.get(sideOf(id, false))?.[0] : undefined;
  if (caller) return caller;
  if (parentId === undefined || parentId === id) return undefined;
  const candidates = [true, false].flatMap((server) => sides.get(sideOf(parentId, server)) ?? []);
  return candidates.find(({ service }) => service === node.service) ?? candidates[0];
}

/**
 * A span without a parent, or else the longest of those whose parent is not stored: load generators send ids, and no
 * spans of their own. What receives a message is no request.
 */
function rootOf(heads: readonly Node[], nodes: readonly Node[]): Node | undefined {
  const requests = heads.filter((head) => !isAsync(head));
  const first = requests.filter(({ span }) => span.parentId === undefined);
  // Without any, the trace is broken: each span is below another.
  const choices = first.length ? first : heads.length ? requests : nodes;
  return choices.reduce<Node | undefined>(
    (longest, other) => (longest && lengthOf(longest) >= lengthOf(other) ? longest : other),
    undefined,
  );
}

/** Leaves each node one place. */
function cutLoops(root: Node): void {
  const seen = new Set([root]);
  for (const node of seen) {
    node.children = node.children.filter((child) => !seen.has(child));
    for (const child of node.children) seen.add(child);
  }
}

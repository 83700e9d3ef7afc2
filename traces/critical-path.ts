import type { Node } from './tree.ts';

/**
 * Where the time of a request went: from its end backwards, the child that ended last, up to where that began, then the child
 * that ended last before that, and so on. What no child covers is the parent's own. So the times of all nodes are, together,
 * the time of the root, and what ran beside something slower has none.
 *
 * @param root on one clock
 * @returns microseconds by node, of those that have any
 */
export function criticalPath(root: Node): ReadonlyMap<Node, number> {
  const path = new Map<Node, number>();
  const open: (readonly [node: Node, until: number])[] = [[root, root.end]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, until] = next;
    let [cursor, own] = [until, 0];
    for (const child of node.children.toSorted((a, b) => b.end - a.end)) {
      // Of two that overlap, the later one is followed, and the earlier one up to where that began.
      const end = Math.min(child.end, cursor);
      if (end <= child.start) continue;
      own += cursor - end;
      open.push([child, end]);
      cursor = child.start;
    }
    own += cursor - node.start;
    if (own > 0) path.set(node, own);
  }
  return path;
}

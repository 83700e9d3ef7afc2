import { isAsync, type Node } from './tree.ts';

/**
 * Brings the spans of a tree to the clock of its root. What another service did for a call happened within the call: where
 * its clock says otherwise, it is moved to the middle, as Zipkin does it, and what is below it on the same clock goes
 * with it. What still stands out is cut, since nobody above waited for it.
 */
export function toOneClock(root: Node): void {
  const open: (readonly [parent: Node, shift: number])[] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [parent, shift] = next;
    parent.children = parent.children.filter((child) => {
      const own = shiftOf(child, parent, shift);
      child.start += own;
      child.end += own;
      if (isAsync(child) && child.end > parent.end) return false;
      child.start = Math.min(Math.max(child.start, parent.start), parent.end);
      child.end = Math.max(Math.min(child.end, parent.end), child.start);
      open.push([child, own]);
      return true;
    });
  }
}

/** @param shift of the parent's clock */
function shiftOf(child: Node, parent: Node, shift: number): number {
  if (child.service === parent.service) return shift;
  const fits = child.start >= parent.start && child.end <= parent.end;
  const spare = parent.end - parent.start - (child.end - child.start);
  // A receiver of messages may well begin when its sender has ended.
  if (fits || spare < 0 || child.adopted || child.span.kind === 'CONSUMER') return 0;
  return parent.start + spare / 2 - child.start;
}

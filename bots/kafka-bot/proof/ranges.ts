/** First and last number of a range, both of which belong to it. */
export type Range = readonly [first: number, last: number];

/** Ranges in order, none of which touches another. */
export function normalised(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** What two lists of ranges, each in order, have in common. */
export function common(one: readonly Range[], other: readonly Range[]): Range[] {
  const both: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [one[i], other[j]];
    if (!a || !b) return both;
    const [first, last] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
    if (first <= last) both.push([first, last]);
    if (a[1] < b[1]) i += 1;
    else j += 1;
  }
}

/** The numbers from 0 to `count` - 1 that are in none of the ranges, which are in order. */
export function others(ranges: readonly Range[], count: number): Range[] {
  const rest: Range[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first >= count) break;
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next < count) rest.push([next, count - 1]);
  return rest;
}

export const sizeOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

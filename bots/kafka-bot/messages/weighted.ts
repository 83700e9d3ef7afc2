import type { Weighted } from '../options.ts';

/** Where a number lies between sums that grow: the index of the first that is above it. */
export function indexIn(sums: ArrayLike<number>, at: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Chooses by weight, given a chance from 0 to 1. */
export function chooser<Of>(choices: readonly Weighted<Of>[]): (chance: number) => Of {
  const [only] = choices;
  if (!only) throw new RangeError('there is nothing to choose from');
  if (choices.length === 1) return () => only.of;
  let sum = 0;
  const sums = choices.map(({ weight }) => (sum += weight));
  return (chance) => (choices[indexIn(sums, chance * sum)] ?? only).of;
}

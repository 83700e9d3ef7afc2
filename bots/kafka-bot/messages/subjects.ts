import type { Payload } from '../options.ts';
import { indexIn } from './weighted.ts';

export type Keys = Payload['key'];

/** What a message is about, such as the user or the share: a number from 0, given a chance from 0 to 1. */
export function subjects(keys: Exclude<Keys, { kind: 'none' }>): (chance: number) => number {
  const { kind, count } = keys;
  if (kind === 'uniform') return (chance) => Math.floor(chance * count);
  // By Zipf's law, the second is asked for half as often as the first, the third a third as often.
  const sums = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) sums[index] = sum += 1 / (index + 1);
  return (chance) => indexIn(sums, chance * sum);
}

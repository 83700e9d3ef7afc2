/**
 * Chance that is worked out from where it is asked for, and holds no state: a message is the same whichever was made
 * before it, so that any of them can be made again.
 */

/** 32 bits of which each depends on each of the 32 that go in; no two go to the same (lowbias32 by C. Wellons). */
export function mix(bits: number): number {
  let x = bits;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** As far apart as 32 bits can be, one after the other: 2^32 divided by the golden ratio. */
const golden = 0x9e3779b9;

/** Where all chance of message `k` begins. Differs for any two of the first 2^32 messages of a seed. */
export const placeOf = (seed: number, k: number): number => mix(mix(seed + Math.floor(k / 2 ** 32)) + (k | 0));

/** 32 bits for one decision about a message. Decisions are numbered, from 0. */
export const bitsOf = (place: number, decision: number): number => mix(place + Math.imul(decision + 1, golden));

/** From 0 to just below 1, in steps of 2^-53. */
export const chanceOf = (place: number, decision: number): number =>
  (bitsOf(place, 2 * decision) * 2 ** 21 + (bitsOf(place, 2 * decision + 1) >>> 11)) / 2 ** 53;

import { type Estimate, meanOf } from './estimate.ts';
import type { Noise } from './noise.ts';
import { studentQuantile, upperTail } from './student.ts';

/** A difference between candidate and baseline, on whatever scale its bounds are on. */
export interface Change {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  readonly df: number;
}

/** Degrees of freedom with which Student's distribution is the normal one. */
export const asNormal = 1e6;

/** In how many of all comparisons without a change one may be claimed, and a change be denied where there is one. */
export const risk = 0.05;

/** The difference of logarithms, each side the mean of its runs. */
export function changeOf(baseline: readonly Estimate[], candidate: readonly Estimate[], noise: Noise): Change {
  const sides = [baseline, candidate];
  const [before = 0, after = 0] = sides.map((side) => meanOf(side.map(({ log }) => log)));
  const parts = [
    { variance: sides.reduce((sum, { length }) => sum + noise.variance / length, 0), df: noise.df },
    ...sides.flatMap((side) => side.map(({ variance, df }) => ({ variance: variance / side.length ** 2, df }))),
  ];
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  // Welch and Satterthwaite: what is known well counts for more.
  const df = variance ** 2 / parts.reduce((sum, part) => sum + part.variance ** 2 / part.df, 0);
  return { value: after - before, error: Math.sqrt(variance), df };
}

/** How likely a change as large as this is where there is truly none above the margin. */
export const chanceOfAbove = ({ value, error, df }: Change, margin: number): number =>
  upperTail((value - margin) / error, df);

/** Below and above this the true change is with 95 % confidence each. */
export function boundsOf({ value, error, df }: Change): readonly [lower: number, upper: number] {
  const reach = studentQuantile(1 - risk, df) * error;
  return [value - reach, value + reach];
}

/** The smallest true change that would be found, larger than the margin, in 19 of 20 comparisons such as this, among `claims`. */
export const detectable = ({ error, df }: Change, margin: number, claims: number): number =>
  Math.max(margin, studentQuantile(1 - risk / claims, df) * error) + studentQuantile(1 - risk, df) * error;

/**
 * How many runs a side has to have, so that changes of nothing are all told from one of the margin in 19 of 20 comparisons.
 *
 * @param runs variance of one run, within and between
 * @param claims how many changes have to be ruled out, each of which may fail to be
 */
export function repeatsFor(margin: number, runs: number, claims: number): number {
  const [ruledOut = 0, all = 0] = [risk, risk / claims].map((share) => studentQuantile(1 - share, asNormal));
  return Math.ceil((2 * runs * (ruledOut + all) ** 2) / margin ** 2);
}

/** p-values raised for that many were asked at once, by Holm's method, in the order given. */
export function holm(chances: readonly number[]): number[] {
  const order = chances.map((_, index) => index).sort((a, b) => (chances[a] ?? 1) - (chances[b] ?? 1));
  const adjusted = chances.map(() => 1);
  let highest = 0;
  for (const [rank, index] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (chances[index] ?? 1) * (chances.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}

import { randomOf } from './random.ts';

/** What one run says of one figure. */
export interface Estimate {
  /** Natural logarithm of the figure, so that differences are changes by a factor. */
  readonly log: number;
  /** Variance of `log` by what changes from moment to moment within the run. */
  readonly variance: number;
  /** Degrees of freedom of that variance. */
  readonly df: number;
}

/** Fewer slices than these are too few to tell how a figure varies. */
export const leastSlices = 8;

const resamples = 200;

/**
 * A figure of all slices of a run together, with its variance by a moving-block bootstrap: requests that end at about the same
 * time are slow or fast together, so slices are drawn in blocks of neighbours. The same slices give the same estimate.
 *
 * @param rows one row of counts or amounts per slice, all of one length
 * @param logOf the figure's logarithm of the sum of rows; NaN where they hold none
 * @returns undefined with too few slices, or where the figure has no value
 */
export function estimateOf(
  rows: readonly ArrayLike<number>[],
  logOf: (sums: Float64Array) => number,
): Estimate | undefined {
  const count = rows.length;
  if (count < leastSlices) return undefined;
  const before = cumulated(rows);
  const log = logOf(sumOf(before, [[0, count]]));
  if (!Number.isFinite(log)) return undefined;
  // The optimal length grows with the cube root (Künsch 1989); half as much again for slices that are much alike.
  const length = Math.ceil(1.5 * Math.cbrt(count));
  const blocks = Math.round(count / length);
  const random = randomOf(count);
  const logs = Array.from({ length: resamples }, () => {
    const ranges = Array.from({ length: blocks }, () => {
      const start = Math.floor(random() * (count - length + 1));
      return [start, start + length] as const;
    });
    return logOf(sumOf(before, ranges));
  }).filter(Number.isFinite);
  // Blocks are drawn around the mean of the very blocks there are, and may not add up to the slices there are.
  const correction = (blocks / (blocks - 1)) * ((blocks * length) / count);
  return { log, variance: varianceOf(logs) * correction, df: blocks - 1 };
}

/** Sums of all rows before each. */
function cumulated(rows: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const width = rows[0]?.length ?? 0;
  const sums = [new Float64Array(width)];
  for (const row of rows) {
    const next = Float64Array.from(sums.at(-1) ?? []);
    for (let column = 0; column < width; column++) next[column] = (next[column] ?? 0) + (row[column] ?? 0);
    sums.push(next);
  }
  return sums;
}

function sumOf(before: readonly Float64Array[], ranges: readonly (readonly [number, number])[]): Float64Array {
  const sum = new Float64Array(before[0]?.length ?? 0);
  for (const [from, until] of ranges) {
    const low = before[from];
    const high = before[until];
    if (!low || !high) continue;
    for (let column = 0; column < sum.length; column++)
      sum[column] = (sum[column] ?? 0) + (high[column] ?? 0) - (low[column] ?? 0);
  }
  return sum;
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample; 0 of fewer than two values. */
export function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

import type { LatencySlice } from '../archive/archive.ts';
import { type Bucket, merged, quantileOf } from '../report/histogram.ts';
import { type Estimate, estimateOf, meanOf } from './estimate.ts';

/** Latency of one endpoint in one run. */
export interface Latency {
  readonly requests: number;
  /** Seconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Of the middle of the distribution; undefined with too few slices or requests. */
  readonly estimate: Estimate | undefined;
}

/** Fewer requests than these in a run are not compared. */
export const leastRequests = 200;

/** Deciles and the middles between them: the slowest and the fastest tenth do not move the estimate. */
const middle = Array.from({ length: 17 }, (_, index) => 0.1 + 0.05 * index);

/** @returns undefined without a request */
export function latencyOf(slices: readonly LatencySlice[]): Latency | undefined {
  const all = merged(slices);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantileOf(all, q));
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  const rows = slices.map(({ buckets }) => rowOf(buckets, all.buckets));
  const estimate = all.count < leastRequests ? undefined : estimateOf(rows, (sums) => middleOf(sums, all.buckets));
  return { requests: all.count, p50, p95, p99, estimate };
}

/**
 * The mean of several endpoints' latencies in one run, each of which counts the same. Its variance is by drawing slices of time
 * with the requests to all of them, since what slows down one slows down its neighbours.
 *
 * @returns undefined with too few slices, or where an endpoint has no requests
 */
export function togetherOf(endpoints: readonly (readonly LatencySlice[])[]): Estimate | undefined {
  const columns = endpoints.map((slices) => merged(slices).buckets);
  const offsets = columns.map((_, index) => columns.slice(0, index).reduce((sum, { length }) => sum + length, 0));
  const width = columns.reduce((sum, { length }) => sum + length, 0);
  const rows = new Map<number, Float64Array>();
  for (const [index, slices] of endpoints.entries())
    for (const { at, buckets } of slices) {
      const row = rows.get(at) ?? new Float64Array(width);
      row.set(rowOf(buckets, columns[index] ?? []), offsets[index]);
      rows.set(at, row);
    }
  const inTime = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
  return estimateOf(inTime, (sums) => {
    const logs = columns.map((own, index) => {
      const offset = offsets[index] ?? 0;
      return middleOf(sums.subarray(offset, offset + own.length), own);
    });
    return meanOf(logs);
  });
}

/** The counts of a slice, by the buckets of all slices, each of which holds whole ones of the slice. */
function rowOf(buckets: readonly Bucket[], columns: readonly Bucket[]): Float64Array {
  const row = new Float64Array(columns.length);
  let column = 0;
  for (const [lower, upper, count] of buckets) {
    const inside = (lower + upper) / 2;
    while (column < columns.length - 1 && inside > (columns[column]?.[1] ?? 0)) column += 1;
    row[column] = (row[column] ?? 0) + count;
  }
  return row;
}

/** Mean of the logarithms of the quantiles from 10 to 90 %, which are those of `quantileOf`, all in one pass. */
export function middleOf(counts: ArrayLike<number>, columns: readonly Bucket[]): number {
  let all = 0;
  for (let column = 0; column < counts.length; column++) all += counts[column] ?? 0;
  let sum = 0;
  let next = 0;
  let below = 0;
  for (let column = 0; column < counts.length && next < middle.length; column++) {
    const count = counts[column] ?? 0;
    const [lower = 0, upper = 0] = columns[column] ?? [];
    for (; next < middle.length && (middle[next] ?? 1) * all <= below + count; next++) {
      const share = ((middle[next] ?? 1) * all - below) / count;
      sum += lower > 0 ? Math.log(lower) + share * Math.log(upper / lower) : Math.log(upper * share);
    }
    below += count;
  }
  return next === middle.length ? sum / middle.length : Number.NaN;
}

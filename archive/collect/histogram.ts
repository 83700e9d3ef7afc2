import type { Series } from '../../clients/prometheus.ts';
import type { LatencySlice } from '../archive.ts';

/** A native histogram as Prometheus' API gives it; numbers are text, and buckets ascend. */
interface Histogram {
  readonly count: string;
  readonly sum: string;
  /** Which of its bounds belong to a bucket, its lower bound, its upper bound, how many. */
  readonly buckets?: readonly (readonly [rule: number, lower: string, upper: string, count: string])[];
}

const isSample = (sample: unknown): sample is readonly [time: number, histogram: Histogram] =>
  Array.isArray(sample) && typeof sample[1]?.count === 'string';

/** The histograms of a series, without those that are empty. */
export const slicesOf = ({ histograms = [] }: Series): LatencySlice[] =>
  histograms
    .filter(isSample)
    .map(([at, { count, sum, buckets = [] }]) => ({
      at,
      count: Number(count),
      sum: short(sum),
      buckets: buckets
        .map(([, lower, upper, many]) => [Math.max(short(lower), 0), short(upper), Number(many)] as const)
        .filter(([, , many]) => many > 0),
    }))
    .filter(({ count }) => count > 0);

/** Bounds of buckets are some percent apart, and have seventeen digits. */
const short = (text: string) => Number(Number(text).toPrecision(7));

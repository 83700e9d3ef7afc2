import type { LatencySlice } from '../archive/archive.ts';

/** Lower bound, upper bound, how many; seconds. */
export type Bucket = LatencySlice['buckets'][number];

/** Response times of many requests: how many there were, their sum in seconds, and buckets that ascend. */
export type Histogram = Pick<LatencySlice, 'count' | 'sum' | 'buckets'>;

/** Seconds below which a time is none: that of a request which got no connection, and has 0. */
const shortest = 1e-6;

/** Bounds of one bucket differ by less than this, relatively, after they were written as text and read. */
const noise = 1e-9;

/**
 * One histogram of several. Those of a finer schema fall into the buckets of a coarser one where both have counts: the
 * bounds of a schema are among those of each finer one. What took no time is in one bucket from 0: the bounds of its own would be
 * forty decades below all others.
 */
export function merged(histograms: Iterable<Histogram>): Histogram {
  let count = 0;
  let sum = 0;
  const same = new Map<string, Bucket>();
  for (const one of histograms) {
    count += one.count;
    sum += one.sum;
    for (const [from, until, requests] of one.buckets) {
      const [lower, upper] = [from < shortest ? 0 : from, Math.max(until, shortest)];
      const key = `${lower} ${upper}`;
      same.set(key, [lower, upper, requests + (same.get(key)?.[2] ?? 0)]);
    }
  }
  return { count, sum, buckets: nested([...same.values()]) };
}

function nested(buckets: Bucket[]): Bucket[] {
  const result: Bucket[] = [];
  // The widest of those that begin together comes first, and takes in the others.
  for (const [lower, upper, requests] of buckets.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    const last = result.at(-1);
    if (last && upper <= last[1] * (1 + noise)) result[result.length - 1] = [last[0], last[1], last[2] + requests];
    else result.push([lower, upper, requests]);
  }
  return result;
}

/**
 * The response time in seconds that a share `q` of the requests stay below, as `histogram_quantile` has it for native
 * histograms: within a bucket on a scale of powers, and within the one around 0 evenly.
 *
 * @returns undefined of an empty histogram
 */
export function quantileOf({ buckets }: Pick<Histogram, 'buckets'>, q: number): number | undefined {
  let rank = q * buckets.reduce((all, [, , requests]) => all + requests, 0);
  for (const [index, [lower, upper, requests]] of buckets.entries()) {
    if (rank > requests && index < buckets.length - 1) {
      rank -= requests;
      continue;
    }
    const share = Math.min(rank / requests, 1);
    const from = Math.max(lower, 0);
    return from === 0 ? upper * share : from * (upper / from) ** share;
  }
  return undefined;
}

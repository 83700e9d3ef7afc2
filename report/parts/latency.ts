import type { ArchivedEndpoint, RunArchive } from '../../archive/archive.ts';
import { type Histogram, merged, quantileOf } from '../histogram.ts';
import type { Percentiles, Report } from '../schema.ts';

export function percentilesOf(histogram: Histogram): Percentiles {
  const quantile = (q: number) => quantileOf(histogram, q) ?? null;
  return {
    mean: histogram.count ? histogram.sum / histogram.count : null,
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: histogram.buckets.at(-1)?.[1] ?? null,
  };
}

/** Of all requests of the run. */
export function latencyOf({ endpoints }: RunArchive): Report['latency'] {
  const whole = merged(endpoints.flatMap(({ latency }) => latency));
  return { ...percentilesOf(whole), buckets: whole.buckets.map(([lower, upper, count]) => [lower, upper, count]) };
}

/** All endpoints together, one histogram for each slice of the run, by its end in Unix seconds. */
export function latencyOverTime({ endpoints }: RunArchive): { readonly at: number; readonly histogram: Histogram }[] {
  const slices = new Map<number, Histogram[]>();
  for (const slice of endpoints.flatMap(({ latency }) => latency)) {
    const same = slices.get(slice.at) ?? [];
    slices.set(slice.at, same);
    same.push(slice);
  }
  return [...slices].sort(([a], [b]) => a - b).map(([at, same]) => ({ at, histogram: merged(same) }));
}

/** Those with the most requests first. */
export function endpointsOf({ endpoints, run }: RunArchive): Report['endpoints'] {
  const all = endpoints.reduce((sum, { requests }) => sum + requests, 0);
  const duration = run.end - run.start;
  const row = (endpoint: ArchivedEndpoint): Report['endpoints'][number] => ({
    name: endpoint.name,
    method: endpoint.method ?? '',
    requests: endpoint.requests,
    share: all ? endpoint.requests / all : 0,
    rate: duration > 0 ? endpoint.requests / duration : 0,
    ...percentilesOf(merged(endpoint.latency)),
    failed: endpoint.failed,
    failedRatio: endpoint.requests ? endpoint.failed / endpoint.requests : 0,
  });
  return endpoints.map(row).sort((a, b) => b.requests - a.requests);
}

import type { LatencySlice, RunArchive } from '../archive/archive.ts';
import { costOf } from '../report/cost.ts';
import { merged } from '../report/histogram.ts';
import { cpuPerRequest, throughputOf } from './amounts.ts';
import { changeOf } from './change.ts';
import type { Estimate } from './estimate.ts';
import { loadText } from './facts.ts';
import { latencyOf } from './latency.ts';
import { noiseOf } from './noise.ts';
import { upperTail } from './student.ts';
import { sliceLength, warmedUp, warmSlices } from './window.ts';

/**
 * The document of `loadscope trends --json`; docs/compare.md describes it. Null: it was not to be had. A change that is not an
 * addition needs another version.
 */
export interface Trends {
  readonly format: 'loadscope.trends';
  readonly version: 1;
  readonly loadTest: string;
  /** The oldest first. */
  readonly runs: readonly TrendRun[];
}

export interface TrendRun {
  readonly testid: string;
  /** In ISO 8601. */
  readonly start: string;
  readonly verdict: 'pass' | 'fail' | 'invalid' | null;
  /** How much load; runs of another are not held against each other. */
  readonly load: string;
  /** Seconds, of all requests after the warm-up. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Requests per second after the warm-up. */
  readonly throughput: number | null;
  readonly errorRatio: number | null;
  /** CPU seconds of all services for each request. */
  readonly cpuPerRequest: number | null;
  /** By the rates that the run's config had, in their currency. */
  readonly pricePerThousand: number | null;
  readonly currency: string | null;
  /** Where this run left what the runs before it had in common. */
  readonly changes: readonly TrendChange[];
}

export interface TrendChange {
  readonly figure: 'latency' | 'throughput';
  /** Against the runs since the change before, as a share. */
  readonly change: number;
  /** How many runs those are. */
  readonly since: number;
}

/** One run, with what its place among others is judged by. */
export interface TrendPoint {
  readonly loadTest: string | undefined;
  readonly start: number;
  readonly run: Omit<TrendRun, 'changes'>;
  readonly estimates: Readonly<Record<TrendChange['figure'], Estimate | undefined>>;
}

/** How often a run is marked that is like those before. */
const risk = 0.01;

export function trendPointOf(archive: RunArchive): TrendPoint {
  const { run, verdict, endpoints } = archive;
  const from = warmedUp(archive);
  const length = sliceLength(archive);
  const latency = latencyOf(inTime(endpoints.flatMap((endpoint) => warmSlices(endpoint, from, length))));
  const throughput = throughputOf(archive, from);
  const requests = endpoints.reduce((sum, one) => sum + one.requests, 0);
  const failed = endpoints.reduce((sum, one) => sum + one.failed, 0);
  const { currency, total } = costOf(archive);
  return {
    ...{ loadTest: run.loadTest, start: run.start },
    run: {
      testid: run.testid,
      start: new Date(run.start * 1000).toISOString(),
      verdict: verdict?.verdict ?? null,
      load: loadText(archive),
      p50: latency?.p50 ?? null,
      p95: latency?.p95 ?? null,
      p99: latency?.p99 ?? null,
      throughput: throughput?.value ?? null,
      errorRatio: requests ? failed / requests : null,
      cpuPerRequest: cpuPerRequest(archive, from)?.value ?? null,
      pricePerThousand: total.pricePerThousand ?? null,
      currency: total.pricePerThousand === undefined ? null : currency,
    },
    estimates: { latency: latency?.estimate, throughput: throughput?.estimate },
  };
}

/** Slices of several endpoints as those of all requests. */
function inTime(slices: readonly LatencySlice[]): LatencySlice[] {
  const byTime = new Map<number, LatencySlice[]>();
  for (const slice of slices) byTime.set(slice.at, [...(byTime.get(slice.at) ?? []), slice]);
  return [...byTime].sort(([a], [b]) => a - b).map(([at, all]) => ({ at, ...merged(all) }));
}

/** Runs of one load test in the order in which they were, with the points marked at which a figure changed. */
export function trendsOf(loadTest: string, points: readonly TrendPoint[]): Trends {
  const inOrder = points.toSorted((a, b) => a.start - b.start);
  const changes = (['latency', 'throughput'] as const).map((figure) => changesOf(inOrder, figure));
  return {
    ...{ format: 'loadscope.trends', version: 1, loadTest },
    runs: inOrder.map((point) => ({ ...point.run, changes: changes.flatMap((of) => of.get(point) ?? []) })),
  };
}

/** Each run is held against those since the last change, by the noise between these. Invalid runs are passed over. */
function changesOf(points: readonly TrendPoint[], figure: TrendChange['figure']): Map<TrendPoint, TrendChange> {
  const found = new Map<TrendPoint, TrendChange>();
  let before: Estimate[] = [];
  let load: string | undefined;
  for (const point of points) {
    const estimate = point.estimates[figure];
    if (!estimate || point.run.verdict === 'invalid') continue;
    if (point.run.load !== load) before = [];
    load = point.run.load;
    if (before.length) {
      const { value, error, df } = changeOf(before, [estimate], noiseOf([before]));
      if (2 * upperTail(Math.abs(value) / error, df) < risk) {
        found.set(point, { figure, change: Math.expm1(value), since: before.length });
        before = [];
      }
    }
    before.push(estimate);
  }
  return found;
}

import type { ArchivedEndpoint, LatencySlice, RunArchive } from '../../archive/archive.ts';
import { randomOf } from '../../compare/random.ts';
import { archiveWith } from '../report/archive-fixture.ts';

/** Archives of runs that never were, whose noise is known: the same seed makes the same run. */

export interface Simulation {
  readonly seed: number;
  readonly testid?: string;
  /** Standard deviation of the logarithm of latency between runs of one build, each endpoint by itself. */
  readonly between?: number;
  /** The same of moments within a run, half of which is still there in the next slice. */
  readonly within?: number;
  /** By how much latency is changed: 0.1 is 10 % more. */
  readonly slower?: number;
  /** Endpoints that are changed; left out: all. */
  readonly changed?: number;
  readonly endpoints?: number;
  readonly slices?: number;
  /** To each endpoint in each slice. */
  readonly requests?: number;
  /** Share that fails. */
  readonly failing?: number;
  readonly changes?: Partial<RunArchive>;
}

const length = 10;
const start = 1_760_000_000;

export function simulated(simulation: Simulation): RunArchive {
  const { seed, testid = `run-${seed}`, endpoints = 5, slices = 40, requests = 100 } = simulation;
  const random = randomOf(seed);
  const normal = normals(random);
  const template = archiveWith(simulation.changes);
  const end = start + slices * length;
  const { failing = 0 } = simulation;
  const latencies = Array.from({ length: endpoints }, (_, index) => latencyOf(simulation, index, random, normal));
  const level = (value: (slice: number) => number) => [
    { labels: {}, values: Array.from({ length: slices + 1 }, (_, slice) => value(slice)) },
  ];
  return {
    ...template,
    run: { ...template.run, testid, start, end, duration: slices * length },
    axis: { start, step: length, count: slices + 1 },
    figures: {
      vus: level((slice) => Math.min(20, 10 + 5 * slice)),
      requests: level(() => (requests * endpoints) / length + 0.1 * normal()),
      error_ratio: level(() => failing * (1 + 0.1 * normal())),
    },
    endpoints: latencies.map((latency, index): ArchivedEndpoint => {
      const all = latency.reduce((sum, { count }) => sum + count, 0);
      return { name: `/endpoint-${index}`, method: 'GET', requests: all, failed: Math.round(failing * all), latency };
    }),
  };
}

/** A fast and a slow population, such as hits and misses of a cache. */
function latencyOf(
  { between = 0, within = 0.03, slower = 0, changed = Infinity, slices = 40, requests = 100 }: Simulation,
  index: number,
  random: () => number,
  normal: () => number,
): LatencySlice[] {
  const ofRun = between * normal() + (index < changed ? Math.log1p(slower) : 0);
  let moment = within * normal();
  return Array.from({ length: slices }, (_, slice) => {
    moment = 0.5 * moment + Math.sqrt(1 - 0.5 ** 2) * within * normal();
    const times = Array.from({ length: requests }, () => {
      const [typical, spread] = random() < 0.2 ? [0.05, 0.5] : [0.01, 0.3];
      return typical * (1 + index) * Math.exp(ofRun + moment + spread * normal());
    });
    return sliceOf(start + (slice + 1) * length, times);
  });
}

/** As a native histogram of schema 3 has them: eight buckets from each power of two to the next. */
export function sliceOf(at: number, times: readonly number[]): LatencySlice {
  const counts = new Map<number, number>();
  for (const time of times) {
    const index = Math.ceil(8 * Math.log2(time));
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  return {
    ...{ at, count: times.length, sum: times.reduce((sum, time) => sum + time, 0) },
    buckets: [...counts]
      .sort(([a], [b]) => a - b)
      .map(([index, count]) => [2 ** ((index - 1) / 8), 2 ** (index / 8), count]),
  };
}

/** By Box and Muller. */
const normals = (random: () => number) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

import type { ArchivedEndpoint, LatencySlice, RunArchive } from '../archive/archive.ts';

/** Load is at its level from this share of the most that there was; rates are noisy. */
const levels = { vus: 0.95, requests: 0.9 } as const;

/** Warm-up is no longer than this share of a run: where load goes up all the time, nothing of it is one. */
const longest = 0.25;

/**
 * When a run's warm-up was over, in Unix seconds: its virtual users, or its requests where it goes by the clock, had reached
 * their level.
 */
export function warmedUp(archive: RunArchive): number {
  const { start, end, rate } = archive.run;
  // By the clock, k6 has its virtual users from the beginning, and only the rate goes up.
  const order: readonly (keyof typeof levels)[] = rate ? ['requests', 'vus'] : ['vus', 'requests'];
  const found = order.find((figure) => figureOf(archive, figure).length > 0) ?? 'vus';
  const values = figureOf(archive, found);
  const most = values.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
  const index = values.findIndex((value) => value !== null && value >= levels[found] * most);
  const reached = index < 0 ? start : archive.axis.start + index * archive.axis.step;
  const at = (rate ? levelReached(archive) : undefined) ?? reached;
  return at > start + longest * (end - start) ? start : at;
}

/** When as many requests came as in most slices, of which each knows its own: rates look back, and lag behind by a minute. */
function levelReached(archive: RunArchive): number | undefined {
  const counts = new Map<number, number>();
  for (const { at, count } of archive.endpoints.flatMap(({ latency }) => latency))
    counts.set(at, (counts.get(at) ?? 0) + count);
  const usual = [...counts.values()].sort((a, b) => a - b)[Math.floor(counts.size / 2)] ?? 0;
  const ends = [...counts].filter(([, count]) => count >= levels.requests * usual).map(([at]) => at);
  return ends.length ? Math.min(...ends) - sliceLength(archive) : undefined;
}

/** Seconds of a slice of the run; 0 where it has not two. Those without requests are left out of the archive. */
export function sliceLength({ endpoints }: RunArchive): number {
  const times = [...new Set(endpoints.flatMap(({ latency }) => latency.map(({ at }) => at)))].sort((a, b) => a - b);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  return gaps.length ? Math.min(...gaps) : 0;
}

/**
 * Latency of an endpoint without the slices that lie in the warm-up in part.
 *
 * @param length of a slice
 */
export const warmSlices = ({ latency }: ArchivedEndpoint, from: number, length: number): readonly LatencySlice[] =>
  latency.filter(({ at, count }) => at - length >= from - 1e-6 && count > 0);

type Labels = Readonly<Record<string, string>>;

/** A figure at each point of the axis, its series of those labels added up; empty: there is no such series. */
export function figureOf({ figures, axis }: RunArchive, name: string, labels: Labels = {}): (number | null)[] {
  const series = (figures[name] ?? []).filter((one) =>
    Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  );
  if (series.length === 0) return [];
  return Array.from({ length: axis.count }, (_, index) =>
    series.reduce<number | null>((sum, { values }) => {
      const value = values[index] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

/** Whether each point of the axis is after the warm-up, and not after the end. */
export const isWarm = ({ axis, run }: RunArchive, from: number): boolean[] =>
  Array.from({ length: axis.count }, (_, index) => {
    const at = axis.start + index * axis.step;
    return at >= from && at <= run.end;
  });

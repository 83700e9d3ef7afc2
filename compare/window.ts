import type { ArchivedEndpoint, LatencySlice, RunArchive } from '../archive/archive.ts';

/** Load is at its level from this share of the most that there was. */
const level = 0.95;

/** Warm-up is no longer than this share of a run: where load goes up all the time, nothing of it is one. */
const longest = 0.25;

/** When a run's warm-up was over: its virtual users, or else its requests, had reached their level. Unix seconds. */
export function warmedUp(archive: RunArchive): number {
  const { start, end } = archive.run;
  const values = ['vus', 'requests'].map((figure) => figureOf(archive, figure)).find((one) => one.length > 0) ?? [];
  const most = values.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
  const index = values.findIndex((value) => value !== null && value >= level * most);
  const at = archive.axis.start + index * archive.axis.step;
  return index < 0 || at > start + longest * (end - start) ? start : at;
}

/** Latency of an endpoint without the slices that lie in the warm-up in part. */
export function warmSlices({ latency }: ArchivedEndpoint, from: number): readonly LatencySlice[] {
  const [first, second] = latency;
  const length = first && second ? second.at - first.at : 0;
  return latency.filter(({ at, count }) => at - length >= from - 1e-6 && count > 0);
}

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

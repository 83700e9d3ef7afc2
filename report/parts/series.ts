import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import type { Chart, ChartSeries, Point } from '../schema.ts';

/** Most points of a line: one for each three pixels, on a phone and on a wide screen. */
export const mostPoints = { small: 100, large: 220 };
/** Most lines of a chart that can still be told apart. */
const mostSeries = 8;

/** A series with the name that its legend has. */
export type Named = ArchivedSeries & { readonly name: string; readonly dashed?: boolean };

/** A series on the time axis of the run. */
const pointsOf = ({ axis, run }: RunArchive, { values }: Pick<ArchivedSeries, 'values'>): Point[] =>
  values.map((value, index) => [axis.start + index * axis.step - run.start, value]);

/** No more points than can be seen: of each stretch the lowest and the highest, so that no peak is lost. */
export function thinned(points: readonly Point[], most: number = mostPoints.small): Point[] {
  if (points.length <= most) return [...points];
  const length = points.length / Math.floor(most / 2);
  const result: Point[] = [];
  for (let from = 0; Math.round(from) < points.length; from += length) {
    const stretch = points.slice(Math.round(from), Math.round(from + length));
    const known = stretch.filter(([, value]) => value !== null).sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));
    const [low = stretch[0], high] = [known[0], known.at(-1)];
    if (low) result.push(...(high && high !== low ? [low, high].sort((a, b) => a[0] - b[0]) : [low]));
  }
  return result;
}

/** The mean of each stretch, at the same times for all series of an axis, so that they can be stacked. */
export function averaged(points: readonly Point[]): Point[] {
  const each = Math.ceil(points.length / mostPoints.small);
  return Array.from({ length: Math.ceil(points.length / each) }, (_, index): Point => {
    const stretch = points.slice(index * each, (index + 1) * each);
    return [stretch[0]?.[0] ?? 0, meanOf({ values: stretch.map(([, value]) => value) }) ?? null];
  });
}

/** The highest of many series, and how many that leaves out. Bounds and earlier runs stay if what they are of does. */
export function shownOf(
  archive: RunArchive,
  all: readonly Named[],
  thin: (points: readonly Point[]) => Point[],
): Pick<Chart, 'series' | 'others'> {
  const measured = all.filter(({ dashed }) => !dashed).map((series) => ({ series, peak: peakOf(series) }));
  const shown = measured
    .filter(({ peak }) => peak !== undefined)
    .sort((a, b) => (b.peak ?? 0) - (a.peak ?? 0))
    .slice(0, mostSeries)
    .map(({ series }) => series);
  const lines = all.filter((series) => series.dashed && peakOf(series) !== undefined).slice(0, mostSeries - 5);
  return {
    series: [...shown, ...lines].map(
      (series): ChartSeries => ({
        name: series.name,
        points: thin(pointsOf(archive, series)),
        dashed: series.dashed ?? false,
        mean: meanOf(series) ?? null,
        last: lastOf(series),
      }),
    ),
    others: measured.filter(({ peak }) => peak !== undefined).length - shown.length,
  };
}

export function peakOf({ values }: Pick<ArchivedSeries, 'values'>): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => Math.max(a, b)) : undefined;
}

/** @returns undefined of a series without a value */
export function meanOf({ values }: Pick<ArchivedSeries, 'values'>): number | undefined {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => a + b, 0) / known.length : undefined;
}

export const lastOf = ({ values }: Pick<ArchivedSeries, 'values'>): number | null =>
  values.findLast((value) => value !== null) ?? null;

/** The only series of a figure that has no labels. */
export const figure = ({ figures }: RunArchive, name: string): ArchivedSeries | undefined => figures[name]?.[0];

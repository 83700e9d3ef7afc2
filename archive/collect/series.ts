import type { Series } from '../../clients/prometheus.ts';
import type { ArchivedSeries } from '../archive.ts';
import type { Axis } from './axis.ts';

/** Series of Prometheus as an archive has them; those without a number are left out. */

/** Of a range, which has a value for some of the points. */
export const onAxis = (series: readonly Series[], { start, step, count }: Axis): ArchivedSeries[] =>
  series
    .map(({ metric, values = [] }) => {
      const points: (number | null)[] = new Array(count).fill(null);
      for (const [time, text] of values) points[Math.round((time - start) / step)] = numberIn(text);
      return { labels: metric, values: points };
    })
    .filter(isAny);

/** Of the end of a run alone. */
export const atEnd = (series: readonly Series[]): ArchivedSeries[] =>
  series.map(({ metric, value }) => ({ labels: metric, values: [numberIn(value?.[1])] })).filter(isAny);

const isAny = ({ values }: ArchivedSeries) => values.some((value) => value !== null);

/** With seven digits, which is more than anybody measures: a file is half as large. Times of day keep all of theirs. */
function numberIn(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  if (!Number.isFinite(value)) return null;
  return Math.abs(value) < 1e7 ? Number(value.toPrecision(7)) : value;
}

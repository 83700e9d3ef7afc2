import type { RunArchive } from '../archive.ts';

export type Axis = RunArchive['axis'];

/** Most points of a series: as many as a chart of a report has pixels to tell apart. */
const mostPoints = 360;

/**
 * The points of a run's series.
 *
 * @param least seconds between two scrapes: between those, there is nothing to see
 */
export function axisOf({ start, end }: { readonly start: number; readonly end: number }, least: number): Axis {
  const length = Math.max(end - start, 0);
  const step = Math.max(least, Math.ceil(length / (mostPoints - 1)));
  return { start, step, count: Math.floor(length / step) + 1 };
}

/** The same as what a range query is asked for. */
export const rangeOf = ({ start, step, count }: Axis) => ({ start, end: start + step * (count - 1) });

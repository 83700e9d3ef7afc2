import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import type { FigureName } from '../../model/figure.ts';
import { sustained } from './thresholds.ts';

/** Points of the axis, the last one included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type Values = readonly (number | null)[];

export const figureOf = ({ figures }: RunArchive, name: FigureName): readonly ArchivedSeries[] => figures[name] ?? [];

/** Of a figure of the whole run. */
export const valuesOf = (archive: RunArchive, name: FigureName): Values => figureOf(archive, name)[0]?.values ?? [];

export const timeOf = ({ axis }: RunArchive, index: number): number => axis.start + axis.step * index;

const numbers = (values: Values, { from, to }: Range): number[] =>
  values.slice(from, to + 1).filter((value) => value !== null);

/** Undefined where there is none. */
export function quantileIn(values: Values, range: Range, q: number): number | undefined {
  const sorted = numbers(values, range).sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))];
}

export function meanIn(values: Values, range: Range): number | undefined {
  const all = numbers(values, range);
  return all.length ? all.reduce((sum, value) => sum + value, 0) / all.length : undefined;
}

export const maxIn = (values: Values, range: Range): number | undefined =>
  numbers(values, range).reduce<number | undefined>((most, value) => Math.max(most ?? value, value), undefined);

/** Points at which there was load: before and after, rates look back at nothing or at what is over. */
export function loaded(archive: RunArchive): Range {
  const requests = valuesOf(archive, 'requests');
  const vus = valuesOf(archive, 'vus');
  const under = (index: number) => (vus[index] ?? requests[index] ?? 0) > 0;
  const points = [...Array(archive.axis.count).keys()].filter(under);
  return { from: points[0] ?? 0, to: points.at(-1) ?? archive.axis.count - 1 };
}

/** Stretches at which something held for long enough; single points in between may be missing or other. */
export function stretches(archive: RunArchive, range: Range, holds: (index: number) => boolean): Range[] {
  const { step } = archive.axis;
  const found: { from: number; to: number }[] = [];
  for (let index = range.from; index <= range.to; index++) {
    if (!holds(index)) continue;
    const last = found.at(-1);
    if (last && index - last.to <= 1 + Math.floor(sustained.gap / step)) last.to = index;
    else found.push({ from: index, to: index });
  }
  const least = Math.max(2, Math.ceil(sustained.seconds / step));
  return found.filter(({ from, to }) => to - from + 1 >= least);
}

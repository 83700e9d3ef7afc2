import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import type { Axis } from './frame.ts';
import { colour } from './palette.ts';

/** What charts over time have in common: the axis, when the load was full, and the events. */
export interface Timeline {
  readonly duration: number;
  readonly full: Report['load']['full'];
  readonly events: readonly { readonly at: number; readonly number: number }[];
  readonly texts: Texts;
}

export const timelineOf = ({ run, load, events }: Report, texts: Texts): Timeline => ({
  duration: run.duration,
  full: load.full,
  events: events.map(({ at }, index) => ({ at, number: index + 1 })).filter(({ at }) => at >= 0 && at <= run.duration),
  texts,
});

/** Seconds, minutes or hours: what gives figures of at most three digits. */
export function timeAxis({ duration, texts }: Timeline, width: number): Axis & { readonly divisor: number } {
  const { units, charts } = texts;
  const divisor = duration <= 180 ? 1 : duration <= 10_800 ? 60 : 3600;
  const unit = { 1: units.seconds, 60: units.minutes, 3600: units.hours }[divisor];
  const length = Math.max(duration, 1) / divisor;
  const interval = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120].find((one) => length / one <= width / 60);
  return { name: `${charts.elapsed} (${unit})`, min: 0, max: length, interval: interval ?? length / 4, divisor };
}

/** Pixels that the number of an event takes. */
const labelWidth = 30;

/** Marks for the first series of a chart. */
export function marks({ full, events }: Timeline, length: number, divisor: number, width: number) {
  const near = (length * divisor * labelWidth) / width;
  const groups: { at: number; first: number; last: number }[] = [];
  for (const { at, number } of events) {
    const group = groups.at(-1);
    if (group && at - group.at < near) group.last = number;
    else groups.push({ at, first: number, last: number });
  }
  return {
    markArea: {
      silent: true,
      itemStyle: { color: colour('full'), opacity: 1 },
      data: full
        ? [[{ xAxis: full.from / divisor }, { xAxis: full.until / divisor }] as const].map(([a, b]) => [a, b])
        : [],
    },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: colour('event'), type: [1, 3], width: 1 },
      data: groups.map(({ at, first, last }) => ({
        xAxis: at / divisor,
        label: {
          formatter: first === last ? String(first) : `${first}–${last}`,
          position: 'end' as const,
          color: colour('event'),
          fontSize: 11,
          distance: 4,
        },
      })),
    },
    // biome-ignore lint/suspicious/noExplicitAny: ECharts' types want tuples where its data is built
  } as any;
}

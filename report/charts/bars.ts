import type { EChartsOption } from 'echarts';
import { type Described, draw, type Size } from './draw.ts';
import { cut, frame } from './frame.ts';
import { colour, lineLook } from './palette.ts';

export interface Bars extends Described {
  /** What a bar is of, the uppermost first. */
  readonly names: readonly string[];
  /** Of the axis of values, with its unit. */
  readonly axis: string;
  /** Of the axis of names. */
  readonly of: string;
  readonly groups: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  /** A value that is drawn as a line. */
  readonly bound?: { readonly name: string; readonly value: number };
}

const barHeight = { one: 22, more: 34 };

/** A ranking: lying bars, so that long names can be read. */
export function bars({ names, axis, of, groups, bound, ...about }: Bars, size: Size): string {
  const left = size.name === 'wide' ? 210 : 140;
  const each = groups.length > 1 ? barHeight.more : barHeight.one;
  const looks = groups.map(({ name }, index) => ({ ...lineLook(index), name, dash: [] }));
  const limit = bound ? [{ name: bound.name, color: colour('bound'), dash: [6, 3] }] : [];
  const surround = frame({
    size: { ...size, height: 84 + names.length * each },
    // Text of an axis is cut without saying so otherwise.
    x: { name: axis, min: 0 },
    y: { name: of, categories: names.map((name) => cut(name, left - 4)) },
    legend: [...(groups.length > 1 ? looks : []), ...limit],
    left,
  });
  const series = groups.map(({ name, values }, index) => ({
    type: 'bar',
    name,
    silent: true,
    barGap: '10%',
    itemStyle: {
      color: looks[index]?.color,
      // The second of two is told from the first without colours, too.
      ...(index === 1
        ? { decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: 0.8, color: colour('page') } }
        : {}),
    },
    data: values.map((value) => value ?? '-'),
    ...(index === 0 && bound
      ? {
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colour('bound'), type: [6, 3], width: 1.5 },
            data: [{ xAxis: bound.value }],
          },
        }
      : {}),
  }));
  return draw({ ...surround.option, series: series as EChartsOption['series'] }, about, surround.size);
}

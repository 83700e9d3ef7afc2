import type { EChartsOption } from 'echarts';
import { digits } from '../quantity.ts';
import type { Size } from './draw.ts';
import { colour } from './palette.ts';

/** What surrounds what is drawn: axes, and a legend below them whose height is known before it is drawn. */

export interface Legend {
  readonly name: string;
  readonly color: string;
  readonly dash: readonly number[];
}

export interface Axis {
  /** With its unit. */
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly interval?: number;
  /** Where its figures stand on a scale of powers; left out: it is even. */
  readonly ticks?: readonly number[];
  /** In the place of numbers. */
  readonly categories?: readonly string[];
}

/** Without quotes, which ECharts would put into an attribute as they are. */
export const font = 'system-ui, DejaVu Sans, sans-serif';
const row = 18;
/** Below the plot: figures of the axis, then its name. */
const axisHeight = 48;
/** Above it: name of the y axis, then numbers of events. */
const head = 40;

interface Frame {
  readonly size: Size;
  readonly x: Axis;
  readonly y: Axis;
  readonly legend?: readonly Legend[];
  /** Left of the plot, for the figures of the axis. */
  readonly left?: number;
}

export function frame({ size, x, y, legend = [], left = 56 }: Frame): {
  readonly option: EChartsOption;
  /** With the rows of the legend, which the plot does not shrink for. */
  readonly size: Size;
  readonly plot: { readonly width: number; readonly height: number };
} {
  const perRow = Math.max(Math.min(legend.length, size.name === 'wide' ? 3 : 2), 1);
  const height = size.height + Math.ceil(legend.length / perRow) * row;
  const plot = { width: size.width - left - 18, height: size.height - head - axisHeight };
  return {
    size: { ...size, height },
    plot,
    option: {
      textStyle: { fontFamily: font, fontSize: 11, color: colour('ink') },
      grid: { left, top: head, ...plot, outerBoundsMode: 'none' },
      xAxis: { ...axis(x), nameLocation: 'middle', nameGap: 28 },
      yAxis: {
        ...axis(y),
        // Those of categories begin at the top.
        nameLocation: y.categories ? 'start' : 'end',
        nameGap: 22,
        nameTextStyle: { ...nameStyle, align: 'left', padding: [0, 0, 0, 8 - left] },
      },
      graphic: legend.flatMap((one, index) => entry(one, index, perRow, size)),
    },
  };
}

const nameStyle = { color: colour('muted'), fontSize: 12, fontFamily: font };

function axis({ name, min, max, interval, ticks, categories }: Axis) {
  return {
    type: categories ? 'category' : ticks ? 'log' : 'value',
    name,
    ...(categories ? { data: [...categories], inverse: true } : {}),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(interval === undefined ? { splitNumber: 4 } : { interval }),
    nameTextStyle: nameStyle,
    axisLine: { show: true, lineStyle: { color: colour('grid') } },
    axisTick: { show: false },
    axisLabel: {
      color: colour('muted'),
      fontSize: 11,
      fontFamily: font,
      hideOverlap: true,
      // A last label that is no multiple stands on the one before.
      showMaxLabel: !(max !== undefined && interval !== undefined && max % interval > 1e-9),
      ...(categories ? {} : { formatter: digits }),
      ...(ticks ? { customValues: [...ticks] } : {}),
    },
    splitLine: { show: !categories && !ticks, lineStyle: { color: colour('grid') } },
    // biome-ignore lint/suspicious/noExplicitAny: the types of ECharts want one literal type for each axis
  } as any;
}

function entry({ name, color, dash }: Legend, index: number, perRow: number, { width, height }: Size) {
  const column = (width - 16) / perRow;
  const x = 8 + (index % perRow) * column;
  const y = height + Math.floor(index / perRow) * row + 4;
  return [
    {
      type: 'line' as const,
      silent: true,
      shape: { x1: x, y1: y, x2: x + 26, y2: y },
      style: { stroke: color, lineWidth: 2, lineDash: [...dash] },
    },
    {
      type: 'text' as const,
      silent: true,
      style: {
        ...{ x: x + 32, y, text: cut(name, column - 40), fill: colour('ink'), fontSize: 11, fontFamily: font },
        verticalAlign: 'middle' as const,
      },
    },
  ];
}

/** Figures for a scale of powers: 1, 2 and 5 of each power of ten, or fewer where they are too many. */
export function ticksBetween(lowest: number, highest: number, most: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(highest / lowest)) + 2 },
    (_, index) => 10 ** (Math.floor(Math.log10(lowest)) + index),
  );
  const inside = (factors: readonly number[]) =>
    powers
      .flatMap((power) => factors.map((factor) => Number((power * factor).toPrecision(3))))
      .filter((tick) => tick >= lowest && tick <= highest);
  return [[1, 2, 5], [1, 3], [1]].map(inside).find(({ length }) => length <= most) ?? inside([1]);
}

/** Text that fits into so many pixels at 11 px; letters of Korean are as wide as high, most of others not. */
export function cut(text: string, width: number): string {
  let used = 0;
  let fitting = '';
  for (const letter of text) {
    used += /[\u1100-\uffff]/.test(letter) ? 11.5 : 7;
    if (used > width - 8) return `${fitting}…`;
    fitting += letter;
  }
  return text;
}

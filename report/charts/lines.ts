import type { EChartsOption } from 'echarts';
import { axisName, scaleOf, shown } from '../quantity.ts';
import type { Chart } from '../schema.ts';
import type { Size } from './draw.ts';
import { draw } from './draw.ts';
import { frame } from './frame.ts';
import { colour, lineLook } from './palette.ts';
import { marks, type Timeline, timeAxis } from './time.ts';

/** A bound this many times higher than all values would press them to the floor. */
const farAway = 3;

const highest = ({ series, kind }: Chart): number => {
  const peaks = series.map(({ points }) => points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0));
  return kind === 'stacked' ? peaks.reduce((a, b) => a + b, 0) : Math.max(...peaks, 0);
};

/** The bounds that are drawn, and those that are too far away. */
export function boundsIn(chart: Chart): { readonly near: Chart['bounds']; readonly far: Chart['bounds'] } {
  const isNear = ({ value }: { readonly value: number }) => value <= farAway * highest(chart);
  return { near: chart.bounds.filter(isNear), far: chart.bounds.filter((bound) => !isNear(bound)) };
}

/** Lines over time: side by side, stacked, or in steps for what has states. */
export function lines(chart: Chart, timeline: Timeline, size: Size): string {
  const { texts } = timeline;
  const { near } = boundsIn(chart);
  const top = Math.max(highest(chart), ...near.map(({ value }) => value));
  const { divisor, unit } = scaleOf(chart.unit, top, texts);
  const time = timeAxis(timeline, size.width - 74);
  const looks = chart.series.map((series, index) => ({ name: series.name, ...lineLook(index) }));
  const limits = near.map(({ name, value }) => ({
    name: `${texts.charts.budget(boundName(name, timeline))} ${shown(value, chart.unit, texts)}`,
    color: colour('bound'),
    dash: [6, 3],
    value,
  }));
  const surround = frame({
    size,
    x: time,
    y: { name: axisName(chart.unit, unit, texts), min: 0, ...(top === 0 ? empty(divisor) : {}) },
    legend: [...looks, ...limits],
  });
  const drawn = chart.series.map((series, index) => ({
    type: 'line' as const,
    name: series.name,
    silent: true,
    showSymbol: series.points.length < 3,
    symbolSize: 5,
    ...(chart.kind === 'stacked'
      ? { stack: 'all', areaStyle: { color: looks[index]?.color ?? '', opacity: 0.35 } }
      : {}),
    ...(chart.kind === 'states' ? { step: 'end' as const } : {}),
    itemStyle: { color: looks[index]?.color ?? '' },
    lineStyle: { color: looks[index]?.color ?? '', width: 1.8, type: looks[index]?.dash ?? [] },
    data: series.points.map(([at, value]) => [
      at / time.divisor,
      value === null ? (chart.kind === 'stacked' ? 0 : '-') : value / divisor,
    ]),
    ...(index === 0 ? marks(timeline, time.max ?? 0, time.divisor, surround.plot.width) : {}),
  }));
  const bounds = limits.map(({ name, color, dash, value }) => ({
    type: 'line' as const,
    name,
    silent: true,
    showSymbol: false,
    lineStyle: { color, width: 1.5, type: dash },
    data: [
      [0, value / divisor],
      [time.max ?? 0, value / divisor],
    ],
  }));
  return draw({ ...surround.option, series: [...drawn, ...bounds] as EChartsOption['series'] }, chart, surround.size);
}

/** Something has to stand on the axis also where nothing ever happened. */
const empty = (divisor: number) => ({ max: 1 / divisor, interval: 0.5 / divisor });

export const boundName = (name: string, { texts }: Pick<Timeline, 'texts'>): string =>
  name === 'warning' || name === 'critical' ? texts.charts[name] : name;

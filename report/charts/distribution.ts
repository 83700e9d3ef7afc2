import type { EChartsOption } from 'echarts';
import { digits, scaleOf } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Described, draw, type Size } from './draw.ts';
import { frame, ticksBetween } from './frame.ts';
import { colour, lineLook } from './palette.ts';

/** How many requests took how long, as bars between the bounds of the buckets, and where the percentiles stand. */
export function distribution(latency: Report['latency'], about: Described, texts: Texts, size: Size): string {
  const { buckets } = latency;
  const [first, last] = [buckets[0], buckets.at(-1)];
  const lowest = first ? (first[0] > 0 ? first[0] : first[1] / 2) : 0;
  const highest = last?.[1] ?? 1;
  const { divisor, unit } = scaleOf('s', Math.sqrt(lowest * highest), texts);
  const marks = (['p50', 'p95', 'p99'] as const).flatMap((name, index) => {
    const value = latency[name];
    return value === null
      ? []
      : [{ name: `${name} ${digits(value / divisor)} ${unit}`, value, ...lineLook(index + 1) }];
  });
  const surround = frame({
    size,
    x: {
      name: `${texts.charts.responseTime} (${unit})`,
      min: lowest / divisor,
      max: highest / divisor,
      ticks: ticksBetween(lowest / divisor, highest / divisor, size.width / 60),
    },
    y: { name: `${texts.charts.requests} (${texts.units.count})`, min: 0 },
    legend: marks,
  });
  const bars = {
    type: 'custom',
    silent: true,
    clip: true,
    encode: { x: [0, 1], y: 2 },
    data: buckets.map(([lower, upper, count]) => [Math.max(lower, lowest) / divisor, upper / divisor, count]),
    // biome-ignore lint/suspicious/noExplicitAny: the type of what ECharts hands over is not exported
    renderItem: (_: unknown, api: any) => {
      const [left, top] = api.coord([api.value(0), api.value(2)]);
      const [right, bottom] = api.coord([api.value(1), 0]);
      return {
        type: 'rect',
        shape: { x: left, y: top, width: Math.max(right - left - 1, 1), height: bottom - top },
        style: { fill: colour('c1') },
      };
    },
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      data: marks.map(({ value, color, dash }) => ({
        xAxis: value / divisor,
        lineStyle: { color, type: dash, width: 2 },
      })),
    },
  };
  return draw({ ...surround.option, series: bars as EChartsOption['series'] }, about, surround.size);
}

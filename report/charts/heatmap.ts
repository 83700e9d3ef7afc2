import type { EChartsOption } from 'echarts';
import { groups } from '../../model/groups.ts';
import { type Bucket, merged } from '../histogram.ts';
import { axisName, scaleOf } from '../quantity.ts';
import type { Chart } from '../schema.ts';
import { draw, type Size } from './draw.ts';
import { frame, ticksBetween } from './frame.ts';
import { heat } from './palette.ts';
import { type Timeline, timeAxis } from './time.ts';

/** Rows and columns that can still be seen, and that a page of many charts can bear. */
const most = { wide: { rows: 24, columns: 60 }, narrow: { rows: 16, columns: 30 } };

/** How many requests took how long, over time: the darker the more. */
export function heatmap(chart: Chart, timeline: Timeline, size: Size): string {
  const limit = most[size.name];
  const slices = columnsOf(chart.slices, limit.columns);
  const positive = slices.flatMap(({ buckets }) => buckets.filter(([, upper]) => upper > 0));
  const lowest = Math.min(...positive.map(([lower, upper]) => (lower > 0 ? lower : upper / 2)));
  const highest = Math.max(...positive.map(([, upper]) => upper));
  const { divisor, unit } = scaleOf(chart.unit, Math.sqrt(lowest * highest), timeline.texts);
  const time = timeAxis(timeline, size.width - 74);
  const step = Math.log(highest / lowest) / limit.rows;
  const cells = slices.flatMap(({ from, at, buckets }) =>
    [...rowsOf(buckets, lowest, step)].map(([row, count]) => ({
      ...{ from: from / time.divisor, until: at / time.divisor, count },
      lower: (lowest * Math.exp(row * step)) / divisor,
      upper: (lowest * Math.exp((row + 1) * step)) / divisor,
    })),
  );
  const peak = Math.max(...cells.map(({ count }) => count));
  const surround = frame({
    size,
    x: time,
    y: {
      name: axisName(chart.unit, unit, timeline.texts),
      min: lowest / divisor,
      max: highest / divisor,
      ticks: ticksBetween(lowest / divisor, highest / divisor, 10),
    },
  });
  // Roots, or what is seldom would not be seen beside what is frequent.
  const levels = [...groups(cells, ({ count }) => heat(Math.sqrt(count / peak)))];
  const series = {
    type: 'custom',
    silent: true,
    clip: true,
    // One path for all cells of a colour: a rectangle for each would be most of the page.
    data: levels.map((_, index) => index),
    // biome-ignore lint/suspicious/noExplicitAny: the type of what ECharts hands over is not exported
    renderItem: (_: unknown, api: any) => {
      const [fill, same] = levels[api.value(0)] ?? ['', []];
      const pathData = same.map(({ from, until, lower, upper }) => {
        const [left, bottom] = api.coord([from, lower]).map(Math.round);
        const [right, top] = api.coord([until, upper]).map(Math.round);
        return `M${left} ${top}H${right}V${bottom}H${left}Z`;
      });
      return { type: 'path', shape: { pathData: pathData.join('') }, style: { fill } };
    },
  };
  return draw({ ...surround.option, series: series as EChartsOption['series'] }, chart, surround.size);
}

/** No more columns than that; each from the end of the one before, of which the last may be shorter than the others. */
export function columnsOf(slices: Chart['slices'], limit: number) {
  const each = Math.max(Math.ceil(slices.length / limit), 1);
  const first = slices[0]?.at ?? 0;
  const length = (slices[1]?.at ?? first * 2) - first;
  return Array.from({ length: Math.ceil(slices.length / each) }, (_, index) => {
    const together = slices.slice(index * each, (index + 1) * each);
    const before = slices[index * each - 1]?.at ?? 0;
    // Where there was no request between the two, there is no column either.
    const from = Math.max((together[0]?.at ?? 0) - length, before);
    const { buckets } = merged(together.map((slice) => ({ count: 0, sum: 0, buckets: slice.buckets })));
    return { from, at: together.at(-1)?.at ?? 0, buckets };
  });
}

/** Requests by row of the chart: that of the middle of their bucket. */
function rowsOf(buckets: readonly Bucket[], lowest: number, step: number): Map<number, number> {
  const rows = new Map<number, number>();
  for (const [lower, upper, count] of buckets) {
    const middle = lower > 0 ? Math.sqrt(lower * upper) : Math.max(upper / 2, lowest);
    const row = step > 0 ? Math.max(0, Math.floor(Math.log(middle / lowest) / step)) : 0;
    rows.set(row, (rows.get(row) ?? 0) + count);
  }
  return rows;
}

import { scaleOf, shown } from '../quantity.ts';
import type { Chart, Report } from '../schema.ts';
import { type Texts, textsOf } from '../texts/texts.ts';
import { bars } from './bars.ts';
import { causePictures } from './causes.ts';
import { distribution } from './distribution.ts';
import type { Described, Size } from './draw.ts';
import { heatmap } from './heatmap.ts';
import { boundName, boundsIn, lines } from './lines.ts';
import { type Timeline, timelineOf } from './time.ts';

/** A chart of a report, ready to be drawn at any size, with its figures as a table for those who do not see it. */
export interface Picture extends Described {
  readonly section: Chart['section'] | 'endpoints' | 'cause';
  readonly row: string;
  /** What has to be known to read it. */
  readonly notes: readonly string[];
  readonly table: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly all?: number;
  };
  readonly draw: (size: Size) => string;
}

/** Bars on a chart, and rows of a table of figures. */
const mostBars = 20;
const mostRows = 12;

export function picturesOf(report: Report): Picture[] {
  const texts = textsOf(report.language);
  const timeline = timelineOf(report, texts);
  return [
    ...causePictures(report, texts),
    ...report.charts.map((chart) => ofChart(chart, timeline)),
    ...(report.latency.buckets.length ? [ofDistribution(report, texts)] : []),
    ...(report.endpoints.some(({ p95 }) => p95 !== null) ? [ofEndpoints(report, texts)] : []),
  ].map((picture) => ({ ...picture, draw: drawnOnce(picture.draw) }));
}

/** Page and files have the same drawings. */
function drawnOnce(draw: Picture['draw']): Picture['draw'] {
  const drawn = new Map<Size, string>();
  return (size) => {
    const svg = drawn.get(size) ?? draw(size);
    drawn.set(size, svg);
    return svg;
  };
}

function ofChart(chart: Chart, timeline: Timeline): Picture {
  const { texts } = timeline;
  const isHeatmap = chart.kind === 'heatmap';
  const far = isHeatmap ? [] : boundsIn(chart).far;
  return {
    ...chart,
    notes: [
      ...(chart.others ? [texts.charts.others(chart.others)] : []),
      ...far.map(({ name, value }) =>
        texts.charts.far(`${texts.charts.budget(boundName(name, timeline))} ${shown(value, chart.unit, texts)}`),
      ),
    ],
    table: isHeatmap ? sliceTable(chart, texts) : seriesTable(chart, texts),
    draw: (size) => (isHeatmap ? heatmap : lines)(chart, timeline, size),
  };
}

function seriesTable({ series, unit }: Chart, texts: Texts): Picture['table'] {
  const { columns } = texts;
  return {
    head: [columns.series, columns.least, columns.mean, columns.most, columns.last],
    rows: series.map(({ name, points, mean, last }) => {
      const known = points.flatMap(([, value]) => (value === null ? [] : value));
      return [name, ...[Math.min(...known), mean, Math.max(...known), last].map((value) => shown(value, unit, texts))];
    }),
  };
}

function sliceTable({ slices, unit }: Chart, texts: Texts): Picture['table'] {
  const { columns } = texts;
  const every = Math.max(Math.ceil(slices.length / mostRows), 1);
  return {
    head: [columns.at, columns.requests, columns.until],
    all: slices.length,
    rows: slices
      .filter((_, index) => index % every === 0)
      .map(({ at, buckets }) => [
        shown(Math.round(at), 'dtdurations', texts),
        shown(Math.round(buckets.reduce((all, [, , count]) => all + count, 0)), 'short', texts),
        shown(buckets.at(-1)?.[1] ?? null, unit, texts),
      ]),
  };
}

function ofDistribution({ latency }: Report, texts: Texts): Picture {
  const { charts, columns } = texts;
  const about = { id: 'distribution', title: charts.distribution, description: charts.distributionText };
  // The fullest say most.
  const rows = [...latency.buckets].sort((a, b) => b[2] - a[2]).slice(0, mostRows);
  return {
    ...about,
    section: 'latency',
    row: '',
    notes: [],
    table: {
      head: [columns.from, columns.until, columns.requests],
      all: latency.buckets.length,
      rows: rows
        .sort((a, b) => a[0] - b[0])
        .map(([lower, upper, count]) => [
          shown(lower, 's', texts),
          shown(upper, 's', texts),
          shown(count, 'short', texts),
        ]),
    },
    draw: (size) => distribution(latency, about, texts, size),
  };
}

function ofEndpoints({ endpoints }: Report, texts: Texts): Picture {
  const { charts, columns } = texts;
  const slowest = endpoints.filter(({ p95 }) => p95 !== null).sort((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0));
  const top = slowest.slice(0, mostBars);
  const { divisor, unit } = scaleOf('s', top[0]?.p95 ?? 0, texts);
  const about = { id: 'endpoint-latency', title: charts.endpoints, description: charts.endpointsText };
  const values = (of: 'p50' | 'p95') => top.map((one) => (one[of] === null ? null : one[of] / divisor));
  return {
    ...about,
    section: 'endpoints',
    row: '',
    notes: slowest.length > top.length ? [charts.othersEndpoints(slowest.length - top.length)] : [],
    table: {
      head: [columns.endpoint, 'p50', 'p95'],
      rows: top.map(({ name, p50, p95 }) => [name, shown(p50, 's', texts), shown(p95, 's', texts)]),
    },
    draw: (size) =>
      bars(
        {
          ...about,
          names: top.map(({ name }) => name),
          axis: `${charts.responseTime} (${unit})`,
          of: columns.endpoint,
          groups: [
            { name: 'p50', values: values('p50') },
            { name: 'p95', values: values('p95') },
          ],
        },
        size,
      ),
  };
}

import type { RunArchive } from '../../archive/archive.ts';
import { merged, quantileOf } from '../histogram.ts';
import type { Chart, ChartSeries, Point, Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { latencyOverTime } from './latency.ts';
import { lastOf, mostPoints, type Named, shownOf, thinned } from './series.ts';

/** The share of requests that is below each. */
const percentiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

const thin = (points: readonly Point[]) => thinned(points, mostPoints.large);

/** Most columns of the heatmap, each a slice of the run. */
const mostSlices = 60;

/** The charts that every report has, of what the archive has figures for. */
export function ownCharts(archive: RunArchive, verdict: Report['verdict'], texts: Texts): Chart[] {
  const { titles, descriptions, names } = texts.charts;
  const figures = (name: string, called: (labels: Readonly<Record<string, string>>) => string): Named[] =>
    (archive.figures[name] ?? []).map((series) => ({ ...series, name: called(series.labels) }));
  const chart = (id: keyof typeof titles, section: Chart['section'], unit: string, all: readonly Named[]): Chart => ({
    ...{ id, section, row: '', title: titles[id], description: descriptions[id], kind: 'lines', unit },
    ...{ ...shownOf(archive, all, thin), bounds: [], slices: [] },
  });
  const bounds = (...indicators: readonly string[]) => boundsOf(verdict, indicators);
  const slices = latencyOverTime(archive);
  return [
    chart(
      'users',
      'load',
      'short',
      figures('vus', () => names.users),
    ),
    {
      ...chart(
        'requests',
        'throughput',
        'reqps',
        figures('requests', () => names.requests),
      ),
      bounds: bounds('throughput'),
    },
    chart(
      'dropped',
      'throughput',
      'cps',
      figures('dropped', () => names.dropped),
    ),
    {
      ...chart('percentiles', 'latency', 's', []),
      series: overTime(archive, slices),
      bounds: bounds('p50', 'p90', 'p95', 'p99'),
    },
    { ...chart('heatmap', 'latency', 's', []), kind: 'heatmap' as const, slices: columns(archive, slices) },
    {
      ...chart(
        'failed',
        'errors',
        'percentunit',
        figures('error_ratio', () => names.failed),
      ),
      bounds: bounds('error_ratio'),
    },
    chart(
      'serverErrors',
      'errors',
      'percentunit',
      figures('server_errors', ({ service = '' }) => service),
    ),
  ].filter(({ series, slices: cells }) => series.length + cells.length > 0);
}

/** The critical bound of each, and of several bounds for parts of the run the strictest. */
function boundsOf(verdict: Report['verdict'], indicators: readonly string[]): Chart['bounds'] {
  return indicators.flatMap((indicator) => {
    const bounds = (verdict?.budgets ?? []).filter((one) => one.indicator === indicator && one.severity === 'critical');
    const [strictest] = bounds.sort((a, b) => (a.good === 'below' ? a.bound - b.bound : b.bound - a.bound));
    return strictest ? [{ name: indicator, value: strictest.bound }] : [];
  });
}

/**
 * From the histograms where there are any: figures of Prometheus look back over a window. A mean would be an average of
 * percentiles, so there is none.
 */
function overTime(archive: RunArchive, slices: ReturnType<typeof latencyOverTime>): ChartSeries[] {
  return Object.entries(percentiles).flatMap(([name, q]): ChartSeries[] => {
    if (slices.length === 0) {
      const [series] = archive.figures[name] ?? [];
      const shown = series ? shownOf(archive, [{ ...series, name }], thin).series : [];
      return shown.map((one) => ({ ...one, mean: null }));
    }
    const points = slices.map(({ at, histogram }): Point => [at - archive.run.start, quantileOf(histogram, q) ?? null]);
    const last = lastOf({ values: points.map(([, value]) => value) });
    return [{ name, points: thin(points), dashed: false, mean: null, last }];
  });
}

function columns(archive: RunArchive, slices: ReturnType<typeof latencyOverTime>): Chart['slices'] {
  const each = Math.max(Math.ceil(slices.length / mostSlices), 1);
  return Array.from({ length: Math.ceil(slices.length / each) }, (_, index) => {
    const part = slices.slice(index * each, (index + 1) * each);
    const { buckets } = merged(part.map(({ histogram }) => histogram));
    return {
      at: (part.at(-1)?.at ?? 0) - archive.run.start,
      buckets: buckets.map(([lower, upper, count]): [number, number, number] => [lower, upper, count]),
    };
  });
}

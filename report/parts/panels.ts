import type { ArchivedPanel, ArchivedQuery, RunArchive } from '../../archive/archive.ts';
import type { Chart, Report } from '../schema.ts';
import { averaged, type Named, shownOf, thinned } from './series.ts';

const kinds = {
  timeseries: 'lines',
  gauge: 'lines',
  stat: 'lines',
  'status-history': 'states',
  heatmap: 'heatmap',
} as const;

/** The panels that follow the run, row by row in the order of the dashboards; those without a value are left out. */
export function panelCharts(archive: RunArchive): Chart[] {
  const rows = [...new Set(archive.panels.map(({ row }) => row))];
  return rows
    .flatMap((row) => archive.panels.filter((panel) => panel.row === row))
    .flatMap((panel, index) => chartOf(archive, panel, index));
}

function chartOf(archive: RunArchive, panel: ArchivedPanel, index: number): Chart[] {
  const { row, title, description, type, unit, thresholds: { warning, critical } = {}, stacked } = panel;
  if (type === 'table') return [];
  const queries = panel.queries.filter(({ instant }) => !instant);
  const shown = shownOf(archive, queries.flatMap(named), stacked ? averaged : thinned);
  const slices = queries.flatMap(({ histograms = [] }) =>
    histograms.map(({ at, buckets }) => ({
      at: at - archive.run.start,
      buckets: buckets.map(([lower, upper, count]): [number, number, number] => [lower, upper, count]),
    })),
  );
  if (shown.series.length + slices.length === 0) return [];
  return [
    {
      id: `panel-${index + 1}`,
      section: 'resources',
      row,
      title,
      description,
      kind: stacked ? 'stacked' : slices.length ? 'heatmap' : type === 'heatmap' ? 'lines' : kinds[type],
      unit,
      ...shown,
      bounds: Object.entries({ warning, critical }).flatMap(([name, value]) =>
        value === undefined ? [] : [{ name, value }],
      ),
      slices,
    },
  ];
}

const named = ({ legend, dashed, series }: ArchivedQuery): Named[] =>
  series.map((one) => ({ ...one, name: legendOf(legend, one.labels), ...(dashed ? { dashed } : {}) }));

/** Grafana's legend format: text with `{{label}}`. */
export const legendOf = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim() || legend;

/** How what virtual users asked for ended, which is what a panel of outcomes counts over the whole run. */
export const outcomesOf = ({ panels }: RunArchive): Report['errors']['outcomes'] =>
  panels
    .filter(({ title }) => /\boutcomes\b/i.test(title))
    .flatMap(({ title, queries }) =>
      queries.flatMap(({ legend, series }) =>
        series.flatMap(({ labels, values }) => {
          const count = values.findLast((value) => value !== null);
          return count == null ? [] : { of: title, outcome: legendOf(legend, labels), count };
        }),
      ),
    );

import type { Metric } from '../model/metric.ts';
import { ofEachScrape, type Target } from '../model/target.ts';
import type { Vector } from './vector.ts';

/** A series that can be asked for. */
export interface Series extends Vector {
  /** The target it is scraped from or pushed by; left out where a rule makes it. */
  readonly job?: string;
  /** Is not there until it happens for the first time. */
  readonly sparse?: boolean;
}

/** What there is, by name. Targets may have metrics of the same name. */
export type Catalogue = Map<string, Series[]>;

/** Adds a series, beside others of its name. */
export function addSeries(catalogue: Catalogue, name: string, series: Series): void {
  catalogue.set(name, [...(catalogue.get(name) ?? []), { ...series, metric: name }]);
}

/** Everything that the targets expose, and what Prometheus notes of each scrape. */
export function catalogueOf(targets: readonly Target[]): Catalogue {
  const catalogue: Catalogue = new Map();
  for (const { name: job, metrics, scrape } of targets) {
    for (const metric of Object.values(metrics))
      for (const [name, vector] of seriesOf(metric))
        addSeries(catalogue, name, { ...vector, job, sparse: metric.sparse ?? false });
    if (!scrape) continue;
    const relabeled = (scrape.relabel ?? []).flatMap(({ target_label }) => target_label ?? []);
    const labels = new Set(['job', 'instance', ...relabeled.filter((label) => !label.startsWith('__'))]);
    for (const name of ofEachScrape) addSeries(catalogue, name, { labels, sample: 'number', job });
  }
  return catalogue;
}

/** A gauge that holds a percentile says so: by a label, as summaries do, or at the end of its name. */
const isPercentile = ({ name, labels }: Metric) => labels.includes('quantile') || /_p\d+$/.test(name);

/** The series that a metric is stored as. */
export function seriesOf(metric: Metric): [string, Omit<Series, 'job' | 'sparse'>][] {
  const { kind, name } = metric;
  const labels = new Set(metric.labels);
  switch (kind) {
    case 'counter':
      return [[name, { labels, sample: 'number', cumulative: true }]];
    case 'gauge':
      return [[name, { labels, sample: isPercentile(metric) ? 'percentile' : 'number' }]];
    case 'nativeHistogram':
      return [[name, { labels, sample: 'histogram', cumulative: true }]];
    case 'histogram': {
      const parts = { labels: new Set(metric.labels.filter((label) => label !== 'le')), cumulative: true } as const;
      return [
        [`${name}_bucket`, { labels, sample: 'number', cumulative: true, buckets: true }],
        [`${name}_sum`, { ...parts, sample: 'number' }],
        [`${name}_count`, { ...parts, sample: 'number' }],
      ];
    }
  }
}

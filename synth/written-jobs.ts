import { parse } from 'yaml';
import type { Relabel } from '../model/target.ts';
import type { Manifest } from './check.ts';

/** A scrape job, and what becomes of its samples. */
export interface WrittenJob {
  readonly job: string;
  readonly metricRelabel: readonly Relabel[];
}

/** What of a scrape job is read of Prometheus' own file, and of the operator's resources. */
interface PrometheusYaml {
  readonly scrape_configs?: readonly { readonly job_name: string; readonly metric_relabel_configs?: Relabel[] }[];
}
interface Endpoint {
  readonly metricRelabelings?: readonly (Relabel & { readonly sourceLabels?: readonly string[] })[];
}
interface Monitor extends Endpoint {
  readonly endpoints?: readonly Endpoint[];
  readonly podMetricsEndpoints?: readonly Endpoint[];
}

const monitors = new Set(['ServiceMonitor', 'PodMonitor', 'ScrapeConfig']);

/** The scrape jobs as the cluster will get them, whatever they were made from. */
export function writtenJobs(manifests: readonly (Manifest & { readonly spec?: unknown })[]): WrittenJob[] {
  return manifests.flatMap(({ kind, metadata, data, spec }): WrittenJob[] => {
    if (kind === 'ConfigMap' && metadata.name === 'prometheus-config') {
      // Steps that jobs and services share are aliases, of which a parser bears few: a stranger's could be made to grow.
      const { scrape_configs = [] }: PrometheusYaml = parse(data?.['prometheus.yml'] ?? '{}', { maxAliasCount: -1 });
      return scrape_configs.map(({ job_name, metric_relabel_configs = [] }) => ({
        job: job_name,
        metricRelabel: metric_relabel_configs,
      }));
    }
    if (!monitors.has(kind)) return [];
    const { endpoints, podMetricsEndpoints, ...itself } = spec as Monitor;
    return (endpoints ?? podMetricsEndpoints ?? [itself]).map(({ metricRelabelings = [] }) => ({
      job: metadata.name,
      metricRelabel: metricRelabelings.map(({ sourceLabels = [], ...step }) => ({
        ...step,
        source_labels: sourceLabels,
      })),
    }));
  });
}

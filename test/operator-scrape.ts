import type { Relabel } from '../model/target.ts';
import type { Manifest } from './stack-fixture.ts';

/** A scrape configuration as the Prometheus Operator writes it from a monitor (pkg/prometheus/promcfg.go, 0.93). */
export interface ScrapeConfig {
  readonly relabel_configs: readonly Relabel[];
  readonly metric_relabel_configs: readonly Relabel[];
  readonly honor_labels?: boolean;
  readonly honor_timestamps?: boolean;
  readonly metrics_path?: string;
}

/** What a cluster's Prometheus object may add to every monitor: labels of the pod, and steps of a scrape class. */
const ofTheCluster: Relabel[] = [
  { source_labels: ['__meta_kubernetes_pod_label_team'], target_label: 'team' },
  { target_label: 'cluster', replacement: 'production' },
];

const relabel = ({ sourceLabels, targetLabel, ...step }: Manifest): Relabel => ({
  ...step,
  ...(sourceLabels ? { source_labels: sourceLabels } : {}),
  ...(targetLabel ? { target_label: targetLabel } : {}),
});

/** One for each endpoint of the monitor. */
export function operatorScrapes({ kind, metadata, spec }: Manifest): ScrapeConfig[] {
  const endpoints: Manifest[] = spec.endpoints ?? spec.podMetricsEndpoints ?? [spec];
  return endpoints.map((endpoint) => ({
    relabel_configs: [
      { source_labels: ['job'], target_label: '__tmp_prometheus_job_name' },
      ...before[kind as keyof typeof before](metadata, spec, endpoint),
      ...ofTheCluster,
      ...endpoint.relabelings.map(relabel),
    ],
    metric_relabel_configs: (endpoint.metricRelabelings ?? []).map(relabel),
    honor_labels: endpoint.honorLabels,
    honor_timestamps: endpoint.honorTimestamps,
    metrics_path: endpoint.path ?? endpoint.metricsPath,
  }));
}

const notFinished: Relabel = {
  source_labels: ['__meta_kubernetes_pod_phase'],
  regex: '(Failed|Succeeded)',
  action: 'drop',
};
const set = (target_label: string, source: string): Relabel => ({ source_labels: [source], target_label });

/** Steps that come before those of the monitor. */
const before = {
  ServiceMonitor: (_: Manifest, { selector }: Manifest, { targetPort }: Manifest): Relabel[] => [
    ...selector.matchExpressions.map(({ key, values }: Manifest) => {
      const label = key.replaceAll(/[^A-Za-z0-9_]/g, '_');
      return {
        source_labels: [`__meta_kubernetes_service_label_${label}`, `__meta_kubernetes_service_labelpresent_${label}`],
        regex: `(${values.join('|')});true`,
        action: 'keep',
      };
    }),
    { source_labels: ['__meta_kubernetes_pod_container_port_number'], regex: String(targetPort), action: 'keep' },
    set('namespace', '__meta_kubernetes_namespace'),
    set('service', '__meta_kubernetes_service_name'),
    set('pod', '__meta_kubernetes_pod_name'),
    set('container', '__meta_kubernetes_pod_container_name'),
    notFinished,
    set('job', '__meta_kubernetes_service_name'),
    { target_label: 'endpoint', replacement: String(targetPort) },
  ],
  PodMonitor: ({ namespace, name }: Manifest): Relabel[] => [
    notFinished,
    set('namespace', '__meta_kubernetes_namespace'),
    set('container', '__meta_kubernetes_pod_container_name'),
    set('pod', '__meta_kubernetes_pod_name'),
    { target_label: 'job', replacement: `${namespace}/${name}` },
  ],
  ScrapeConfig: (): Relabel[] => [],
};

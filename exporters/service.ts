import type { Config, ServiceConfig } from '../model/config.ts';
import type { Relabel, Target } from '../model/target.ts';
import { micrometer } from './micrometer/index.ts';
import { nodeRuntime } from './node-runtime.ts';
import { presence } from './service-presence.ts';

/** A pod's label as Prometheus' discovery spells it. */
const meta = (label: string) => `__meta_kubernetes_pod_label_${label.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

const podSelector = ({ name, selector }: ServiceConfig): Readonly<Record<string, string>> =>
  selector ?? { 'app.kubernetes.io/name': name };

/** Label values hold dots, which mean any character in a regular expression. */
const literal = (text: string) => text.replaceAll('.', '\\.');

/**
 * One step per service recognises its pods and notes where to scrape them. A job per service would cost a
 * watch of the API server and some forty lines of configuration each.
 */
const recognise = (service: ServiceConfig): Relabel => {
  const labels = Object.entries(podSelector(service));
  return {
    source_labels: ['__meta_kubernetes_namespace', ...labels.map(([label]) => meta(label))],
    regex: [service.namespace, ...labels.map(([, value]) => literal(value))].join(';'),
    target_label: '__tmp_service',
    replacement: [service.name, service.port, service.metricsPath.replaceAll('$', '$$$$')].join(';'),
  };
};

const fromService = (group: number, target_label: string): Relabel => ({
  source_labels: ['__tmp_service'],
  regex: '(.+);(.+);(.+)',
  target_label,
  replacement: `$${group}`,
});

/** `ip:port`; an IPv6 address goes in brackets. */
const address = (ip: string, replacement: string): Relabel => ({
  source_labels: ['__meta_kubernetes_pod_ip', '__tmp_service'],
  regex: `(${ip});.+;(.+);.+`,
  target_label: '__address__',
  replacement,
});

/** Pods under test that expose Micrometer's metrics, and those of Node.js where they run on it. */
export function service(config: Config): Target | undefined {
  const { services } = config;
  if (services.length === 0) return undefined;
  const requests = micrometer(config);
  const parts = [requests, ...(services.some(({ runtime }) => runtime === 'node') ? [nodeRuntime()] : [])];
  return {
    name: 'service',
    title: 'Services',
    metrics: Object.assign({}, ...parts.map(({ metrics }) => metrics)),
    recordings: requests.recordings,
    alerts: [...presence, ...parts.flatMap(({ alerts }) => alerts)],
    indicators: requests.indicators,
    figures: requests.figures,
    resources: parts.flatMap(({ resources }) => resources),
    panels: parts.flatMap(({ panels }) => panels),
    scrape: {
      discovery: { kind: 'pods', namespaces: [...new Set(services.map(({ namespace }) => namespace))] },
      relabel: [
        // Finished pods keep their address for a while and would read as down.
        { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
        ...services.map(recognise),
        { source_labels: ['__tmp_service'], regex: '.+', action: 'keep' },
        fromService(1, 'service'),
        address('[^:]+', '$1:$2'),
        address('.*:.*', '[$1]:$2'),
        fromService(3, '__metrics_path__'),
        { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ],
    },
  };
}

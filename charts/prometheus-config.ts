import type { Config } from '../model/config.ts';
import { endpointsOf, type Scrape, scrapeTimeout, type Target } from '../model/target.ts';

const token = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Prometheus' configuration file, as an object. */
export function prometheusConfig(config: Config, targets: readonly Target[]) {
  return {
    global: {
      scrape_interval: config.scrapeInterval,
      scrape_timeout: scrapeTimeout(config.scrapeInterval),
      evaluation_interval: config.scrapeInterval,
      scrape_native_histograms: true,
    },
    storage: {
      tsdb: {
        // Runners push late when they are busy; without a window their samples would be refused.
        out_of_order_time_window: '10m',
        retention: { time: config.retention.time, size: config.retention.size },
      },
    },
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    // Beside this file.
    rule_files: ['rules.yml'],
    scrape_configs: targets.flatMap((target) => (target.scrape ? [scrapeConfig(target, target.scrape)] : [])),
  };
}

function scrapeConfig(target: Target, scrape: Scrape) {
  const { path = '/metrics', scheme = 'http', honorLabels, honorTimestamps, relabel = [], metricRelabel = [] } = scrape;
  return {
    job_name: target.name,
    metrics_path: path,
    ...(scheme === 'https' ? { scheme } : {}),
    ...(honorLabels ? { honor_labels: true } : {}),
    ...(honorTimestamps === false ? { honor_timestamps: false } : {}),
    // Zipkin and older Micrometer versions send a content type that Prometheus 3 does not know.
    fallback_scrape_protocol: 'PrometheusText0.0.4',
    ...discoveryConfig(target, scrape),
    ...(relabel.length ? { relabel_configs: relabel } : {}),
    ...(metricRelabel.length ? { metric_relabel_configs: metricRelabel } : {}),
  };
}

function discoveryConfig(target: Target, { discovery }: Scrape) {
  switch (discovery.kind) {
    case 'exporters':
    case 'static':
      return {
        static_configs: endpointsOf(target).map(({ address: { host, port }, instance }) => ({
          targets: [`${host}:${port}`],
          labels: { instance },
        })),
      };
    case 'pods':
      return { kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: discovery.namespaces } }] };
    case 'nodes':
      return {
        authorization: { credentials_file: token },
        // Most clusters leave the kubelet with a certificate that it signed itself.
        tls_config: { insecure_skip_verify: true },
        kubernetes_sd_configs: [{ role: 'node' }],
      };
  }
}

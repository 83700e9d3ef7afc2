import type { Config } from '../model/config.ts';
import type { Discovery, Scrape, Target } from '../model/target.ts';

const token = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Prometheus' configuration file, as an object. */
export function prometheusConfig(config: Config, targets: readonly Target[]) {
  return {
    global: {
      scrape_interval: config.scrapeInterval,
      scrape_timeout: timeout(config.scrapeInterval),
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
    scrape_configs: targets.flatMap(({ name, scrape }) => (scrape ? [scrapeConfig(name, scrape)] : [])),
  };
}

/** Ten seconds, as Prometheus has it, but never longer than the interval. */
const timeout = (interval: string) => {
  const [, amount, unit] = /^(\d+)(ms|s)$/.exec(interval) ?? [];
  if (!unit) return '10s';
  return Number(amount) * (unit === 's' ? 1000 : 1) < 10_000 ? interval : '10s';
};

function scrapeConfig(name: string, scrape: Scrape) {
  const {
    discovery,
    path = '/metrics',
    scheme = 'http',
    honorLabels,
    ownTimestamps,
    relabel = [],
    metricRelabel = [],
  } = scrape;
  return {
    job_name: name,
    metrics_path: path,
    ...(scheme === 'https' ? { scheme } : {}),
    ...(honorLabels ? { honor_labels: true } : {}),
    ...(ownTimestamps === false ? { honor_timestamps: false } : {}),
    // Zipkin and older Micrometer versions send a content type that Prometheus 3 does not know.
    fallback_scrape_protocol: 'PrometheusText0.0.4',
    ...discoveryConfig(discovery),
    ...(relabel.length ? { relabel_configs: relabel } : {}),
    ...(metricRelabel.length ? { metric_relabel_configs: metricRelabel } : {}),
  };
}

function discoveryConfig(discovery: Discovery) {
  switch (discovery.kind) {
    case 'static':
      return {
        static_configs: discovery.endpoints.map(({ address: { host, port }, instance }) => ({
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

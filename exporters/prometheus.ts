import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Target } from '../model/target.ts';

const labels = ['job', 'instance'] as const;

/** Prometheus itself. */
export const prometheus = (_: Config): Target => ({
  name: 'prometheus',
  metrics: {
    reloaded: gauge(
      'prometheus_config_last_reload_successful',
      labels,
      'Whether the newest configuration is the one in use.',
    ),
    samples: counter('prometheus_tsdb_head_samples_appended_total', [...labels, 'type'], 'Samples stored.'),
  },
  scrape: {
    discovery: { kind: 'static', address: { host: 'localhost', port: 9090 }, instance: 'prometheus' },
  },
});

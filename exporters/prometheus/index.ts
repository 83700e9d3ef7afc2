import type { Config } from '../../model/config.ts';
import type { Target } from '../../model/target.ts';
import { alerts } from './alerts.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';

/** Prometheus itself. */
export const prometheus = (config: Config): Target => ({
  name: 'prometheus',
  title: 'Prometheus',
  metrics,
  scrape: {
    discovery: { kind: 'static', address: { host: 'localhost', port: 9090 }, instance: 'prometheus' },
  },
  alerts: alerts(config),
  panels,
});

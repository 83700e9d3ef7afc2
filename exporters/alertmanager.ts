import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import type { Target } from '../model/target.ts';

/** Alertmanager, which speaks Prometheus itself. */
export const alertmanager = (_: Config): Target => ({
  name: 'alertmanager',
  metrics: {
    alerts: gauge('alertmanager_alerts', ['job', 'instance', 'state'], 'Alerts it holds.'),
  },
  scrape: {
    discovery: { kind: 'static', address: { host: 'alertmanager', port: 9093 }, instance: 'alertmanager' },
  },
});

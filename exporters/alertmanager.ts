import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter, gauge } from '../model/metric.ts';
import { increase, max, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  alerts: gauge('alertmanager_alerts', [...labels, 'state'], 'Alerts it holds.'),
  silences: gauge('alertmanager_silences', [...labels, 'state'], 'Silences it holds.'),
  sent: counter('alertmanager_notifications_total', [...labels, 'integration'], 'Notifications.'),
  failed: counter(
    'alertmanager_notifications_failed_total',
    [...labels, 'integration', 'reason'],
    'Notifications that did not get through.',
  ),
};

/** Alertmanager, which speaks Prometheus itself. */
export const alertmanager = (_: Config): Target => ({
  name: 'alertmanager',
  title: 'Alertmanager',
  metrics,
  scrape: {
    discovery: { kind: 'static', address: { host: 'alertmanager', port: 9093 }, instance: 'alertmanager' },
  },
  panels: [
    {
      title: 'Alerts held',
      description: 'Active ones are sent on; suppressed ones are silenced, or follow from another that is sent.',
      type: 'timeseries',
      unit: 'short',
      queries: [{ expr: max(select(metrics.alerts), 'state'), legend: '{{state}}' }],
    },
    {
      title: 'Silences',
      description:
        'One that stays active after a load test keeps the next failure quiet: look at who made it, and end it.',
      type: 'timeseries',
      unit: 'short',
      queries: [{ expr: max(select(metrics.silences), 'state'), legend: '{{state}}' }],
    },
    {
      title: 'Notifications',
      description:
        'Sent and failed, by where they go. One that fails is an alert that nobody reads: look at the log of Alertmanager.',
      type: 'timeseries',
      unit: 'short',
      thresholds: none,
      queries: [
        { expr: sum(increase(metrics.sent), 'integration'), legend: '{{integration}}' },
        { expr: sum(increase(metrics.failed), 'integration'), legend: '{{integration}} failed' },
      ],
    },
  ],
});

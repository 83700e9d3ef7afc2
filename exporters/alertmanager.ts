import type { Alert } from '../model/alert.ts';
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
  reloaded: gauge(
    'alertmanager_config_last_reload_successful',
    labels,
    'Whether the newest configuration is the one in use.',
  ),
};

/** When nobody is told, or the wrong one. */
const alerts: readonly Alert[] = [
  {
    alert: 'AlertmanagerConfigReloadFailed',
    expr: `${select(metrics.reloaded)} == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'Alertmanager {{ $labels.instance }} refuses its new configuration',
    description:
      'It goes on with the one before: receivers and routes that were added or changed since then are not there. Its log names the line that it refuses.',
  },
  {
    alert: 'AlertmanagerNotificationsFailing',
    // It counts what it has given up, after trying again for a minute: each is a message that nobody got.
    expr: `${increase(metrics.failed, {}, '5m')} > 0`,
    for: '0s',
    severity: 'warning',
    summary: 'Alertmanager {{ $labels.instance }} cannot send by {{ $labels.integration }}',
    description:
      '{{ $value | printf "%.0f" }} notifications were given up in five minutes ({{ $labels.reason }}), and nobody has read them. Look at its log, at the Secret of the receiver, and at whether its address can be reached.',
  },
];

/** Alertmanager, which speaks Prometheus itself. */
export const alertmanager = (_: Config): Target => ({
  name: 'alertmanager',
  title: 'Alertmanager',
  metrics,
  scrape: {
    discovery: { kind: 'static', address: { host: 'alertmanager', port: 9093 }, instance: 'alertmanager' },
  },
  alerts,
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

import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import { max, rate, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';

/** An exporter as somebody would add it; test/new-exporter.test.ts puts it into a copy of exporters/. */

const labels = ['job', 'instance'] as const;

const metrics = {
  up: gauge('memcached_up', labels, 'Whether the server answers its exporter.'),
  commands: counter('memcached_commands_total', [...labels, 'command'], 'Commands that were worked on.'),
};

export const memcached = (_: Config): Target => ({
  name: 'memcached',
  title: 'Memcached',
  metrics,
  exporters: [
    {
      name: 'memcached-exporter',
      instance: 'sessions',
      image: 'redisExporter',
      port: 9150,
      probePath: '/',
      user: 65534,
      resources: { requests: { cpu: 10, memory: 32 }, limits: { cpu: 200, memory: 128 } },
      connects: [{ host: 'memcached.shop.svc', port: 11_211 }],
    },
  ],
  scrape: { discovery: { kind: 'exporters' } },
  alerts: [
    {
      alert: 'MemcachedDown',
      expr: `${max(select(metrics.up), 'instance')} == 0`,
      for: '1m',
      severity: 'critical',
      summary: 'Memcached {{ $labels.instance }} does not answer',
      description: 'Look at its pod.',
    },
  ],
  panels: [
    {
      title: 'Memcached: commands',
      description: 'Commands per second that each server works on.',
      type: 'timeseries',
      unit: 'short',
      boards: ['overview'],
      queries: [{ expr: sum(rate(metrics.commands), 'instance'), legend: '{{instance}}' }],
    },
  ],
});

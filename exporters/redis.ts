import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import { max, rate, ratio, select, sum } from '../model/promql.ts';
import type { Exporter, Target } from '../model/target.ts';
import { exporterResources } from './exporter-resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  up: gauge('redis_up', labels, 'Whether the server answers its exporter.'),
  hits: counter('redis_keyspace_hits_total', labels, 'Reads that found their key.'),
  misses: counter('redis_keyspace_misses_total', labels, 'Reads that found nothing.'),
  evicted: counter('redis_evicted_keys_total', labels, 'Keys that made room for others.'),
  memoryUsed: gauge('redis_memory_used_bytes', labels, 'Memory the server allocated.'),
  memoryMax: gauge('redis_memory_max_bytes', labels, 'maxmemory; 0 where there is no bound.'),
};

const health = max(select(metrics.up), 'instance');
const hits = sum(rate(metrics.hits), 'instance');
const misses = sum(rate(metrics.misses), 'instance');

/** Redis and Valkey servers, one redis_exporter each. */
export function redis({ redis: servers }: Config): Target | undefined {
  if (servers.length === 0) return undefined;
  return {
    name: 'redis',
    metrics,
    exporters: servers.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: [systemDown('Redis', health)],
    overview: [
      {
        title: 'Redis: hit ratio and memory',
        description:
          'Share of reads that found their key, and share of maxmemory in use. A hit ratio below 95 % sends the load on to the database; memory at 100 % means keys are evicted to make room. There is no memory line where maxmemory is not set, and no hit ratio while nothing reads.',
        type: 'timeseries',
        unit: 'percentunit',
        queries: [
          { expr: ratio(hits, `(${hits} + ${misses})`), legend: '{{instance}} hit ratio' },
          {
            expr: max(ratio(select(metrics.memoryUsed), select(metrics.memoryMax)), 'instance'),
            legend: '{{instance}} memory of maxmemory',
          },
        ],
      },
    ],
  };
}

const exporter = ({ name: instance, address, tls, credentialsSecret: secret }: Config['redis'][number]): Exporter => ({
  name: `redis-exporter-${instance}`,
  instance,
  image: 'redisExporter',
  env: [
    { name: 'REDIS_ADDR', value: `${tls ? 'rediss' : 'redis'}://${address}` },
    ...(secret
      ? [
          { name: 'REDIS_USER', secret, key: 'username', optional: true },
          { name: 'REDIS_PASSWORD', secret, key: 'password' },
        ]
      : []),
  ],
  port: 9121,
  probePath: '/health',
  user: 59000,
  resources: exporterResources,
  connects: [parseAddress(address)],
});

import { parseAddress } from '../../model/address.ts';
import type { Config } from '../../model/config.ts';
import { max, ratio, ruleWindow, select } from '../../model/promql.ts';
import type { Exporter, Target } from '../../model/target.ts';
import { exporterResources } from '../exporter-resources.ts';
import { alerts } from './alerts.ts';
import { indicators } from './indicators.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { evictedPerCommand, mainThread } from './use.ts';

const health = max(select(metrics.up), 'instance');

/** Redis and Valkey servers, one redis_exporter each. */
export function redis(config: Config): Target | undefined {
  const { redis: servers } = config;
  if (servers.length === 0) return undefined;
  const window = ruleWindow(config);
  return {
    name: 'redis',
    title: 'Redis',
    metrics,
    exporters: servers.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: alerts(config, health),
    resources: [
      {
        resource: 'redis-main-thread',
        place: { stage: 'cache', depth: 9 },
        facet: 'utilization',
        of: 'instance',
        pressure: `${mainThread(window)} / 0.8`,
      },
      {
        resource: 'redis-memory',
        place: { stage: 'cache', depth: 8 },
        facet: 'errors',
        of: 'instance',
        // One eviction in a hundred commands; none where nothing is asked.
        pressure: `(${evictedPerCommand(window)}) / 0.01`,
      },
      {
        resource: 'redis-clients',
        place: { stage: 'cache', depth: 6 },
        facet: 'utilization',
        of: 'instance',
        pressure: `${max(ratio(select(metrics.clients), select(metrics.maxClients)), 'instance')} / 0.85`,
      },
    ],
    indicators,
    panels,
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

import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { max, rate, ratio, ruleWindow, select, sum, topk } from '../model/promql.ts';
import type { Exporter, Target } from '../model/target.ts';
import { exporterResources } from './exporter-resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  up: gauge('redis_up', labels, 'Whether the server answers its exporter.'),
  hits: counter('redis_keyspace_hits_total', labels, 'Reads that found their key.'),
  misses: counter('redis_keyspace_misses_total', labels, 'Reads that found nothing.'),
  evicted: counter('redis_evicted_keys_total', labels, 'Keys that made room for others.'),
  expired: counter('redis_expired_keys_total', labels, 'Keys whose time was over.'),
  commands: counter('redis_commands_total', [...labels, 'cmd'], 'Commands, by which.'),
  commandTime: counter('redis_commands_duration_seconds_total', [...labels, 'cmd'], 'Time that commands took.'),
  processed: counter('redis_commands_processed_total', labels, 'Commands.'),
  cpuSystem: counter('redis_cpu_sys_main_thread_seconds_total', labels, 'CPU of the main thread, in the kernel.'),
  cpuUser: counter('redis_cpu_user_main_thread_seconds_total', labels, 'CPU of the main thread.'),
  clients: gauge('redis_connected_clients', labels, 'Connections.'),
  blocked: gauge('redis_blocked_clients', labels, 'Connections that wait in a blocking command.'),
  maxClients: gauge('redis_config_maxclients', labels, 'Connections at most.'),
  rejected: counter('redis_rejected_connections_total', labels, 'Connections that were refused.'),
  memoryResident: gauge('redis_memory_used_rss_bytes', labels, 'Memory that the system gave the server.'),
  memoryUsed: gauge('redis_memory_used_bytes', labels, 'Memory the server allocated.'),
  memoryMax: gauge('redis_memory_max_bytes', labels, 'maxmemory; 0 where there is no bound.'),
};

const health = max(select(metrics.up), 'instance');
const hits = sum(rate(metrics.hits), 'instance');
const misses = sum(rate(metrics.misses), 'instance');

/** Redis executes commands on one thread, whatever its container may use. */
const mainThread = (window?: string) =>
  max(`${rate(metrics.cpuSystem, {}, window)} + ${rate(metrics.cpuUser, {}, window)}`, 'instance');

/** What the exporter itself asks, and what clients say hello with. */
const ofExporter = 'info|ping|auth|hello|command|select|client.*|config.*|slowlog.*|latency.*';

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
    alerts: [systemDown('Redis', health)],
    resources: [
      {
        resource: 'redis-main-thread',
        facet: 'utilization',
        of: 'instance',
        pressure: `${mainThread(window)} / 0.8`,
      },
      {
        resource: 'redis-memory',
        facet: 'errors',
        of: 'instance',
        // One eviction in a hundred commands; none where nothing is asked.
        pressure: `(${ratio(sum(rate(metrics.evicted, {}, window), 'instance'), sum(rate(metrics.processed, {}, window), 'instance'))}) / 0.01`,
      },
      {
        resource: 'redis-clients',
        facet: 'utilization',
        of: 'instance',
        pressure: `${max(ratio(select(metrics.clients), select(metrics.maxClients)), 'instance')} / 0.85`,
      },
    ],
    panels,
  };
}

const panels: readonly Panel[] = [
  {
    title: 'Redis: hit ratio and memory',
    description:
      'Share of reads that found their key, and share of maxmemory in use. A hit ratio below 95 % sends the load on to the database; memory at 100 % means keys are evicted to make room. There is no memory line where maxmemory is not set, and no hit ratio while nothing reads.',
    type: 'timeseries',
    unit: 'percentunit',
    boards: ['overview', 'bottleneck'],
    queries: [
      { expr: ratio(hits, `(${hits} + ${misses})`), legend: '{{instance}} hit ratio' },
      {
        expr: max(ratio(select(metrics.memoryUsed), select(metrics.memoryMax)), 'instance'),
        legend: '{{instance}} memory of maxmemory',
      },
    ],
  },
  {
    title: 'Commands by kind',
    description:
      'The ten most frequent, without those of the exporter. One that grows faster than the load is a loop over keys; look for a command that takes many at once.',
    type: 'timeseries',
    unit: 'ops',
    boards: ['bottleneck'],
    queries: [
      {
        expr: topk(10, sum(rate(metrics.commands, { cmd: `!~${ofExporter}` }), 'instance', 'cmd')),
        legend: '{{instance}} {{cmd}}',
      },
    ],
  },
  {
    title: 'Evicted and expired keys',
    description:
      'Evicted keys made room for others: lost cache, and more load on the database. Expired ones are what their time to live asked for.',
    type: 'timeseries',
    unit: 'ops',
    boards: ['bottleneck'],
    queries: [
      { expr: sum(rate(metrics.evicted), 'instance'), legend: '{{instance}} evicted' },
      { expr: sum(rate(metrics.expired), 'instance'), legend: '{{instance}} expired' },
    ],
  },
  {
    title: 'Memory and maxmemory',
    description:
      'Resident far above used is fragmentation; where it reaches the limit of the container before used reaches maxmemory, the kernel kills Redis instead of Redis evicting keys. No line for maxmemory where there is none.',
    type: 'timeseries',
    unit: 'bytes',
    boards: ['bottleneck'],
    queries: [
      { expr: max(select(metrics.memoryUsed), 'instance'), legend: '{{instance}} used' },
      { expr: max(select(metrics.memoryResident), 'instance'), legend: '{{instance}} resident' },
      { expr: max(`${select(metrics.memoryMax)} > 0`, 'instance'), legend: '{{instance}} maxmemory', dashed: true },
    ],
  },
  {
    title: 'CPU of the main thread',
    description:
      'Of one core, which is all that commands get. Above 80 % every command waits for the others: look for slow ones below, use pipelines less deep, or divide the keys over servers.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.6, critical: 0.8 },
    boards: ['bottleneck'],
    queries: [{ expr: mainThread(), legend: '{{instance}}' }],
  },
  {
    title: 'Mean time of a command',
    description:
      'As the server counts it, without the network and without the wait for the main thread; what clients see on top is on the dashboard of the services. The ten slowest.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    queries: [
      {
        expr: topk(
          10,
          ratio(
            sum(rate(metrics.commandTime, { cmd: `!~${ofExporter}` }), 'instance', 'cmd'),
            sum(rate(metrics.commands, { cmd: `!~${ofExporter}` }), 'instance', 'cmd'),
          ),
        ),
        legend: '{{instance}} {{cmd}}',
      },
    ],
  },
  {
    title: 'Clients',
    description:
      'Blocked ones wait in BLPOP, XREAD or WAIT, which is normal for queues and for nothing else. Connected near max means that the next one is refused.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    queries: [
      { expr: max(select(metrics.clients), 'instance'), legend: '{{instance}} connected' },
      { expr: max(select(metrics.blocked), 'instance'), legend: '{{instance}} blocked' },
      { expr: max(select(metrics.maxClients), 'instance'), legend: '{{instance}} max', dashed: true },
    ],
  },
  {
    title: 'Refused connections',
    description:
      'Connections per second beyond maxclients. Each is an error in a service; lower its pools, or raise maxclients.',
    type: 'timeseries',
    unit: 'cps',
    thresholds: none,
    queries: [{ expr: sum(rate(metrics.rejected), 'instance'), legend: '{{instance}}' }],
  },
];

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

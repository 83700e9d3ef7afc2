import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { max, rate, ratio, select, sum, topk } from '../../model/promql.ts';
import { metrics } from './metrics.ts';
import { mainThread, memory } from './use.ts';

const hits = sum(rate(metrics.hits), 'instance');
const misses = sum(rate(metrics.misses), 'instance');

/** What the exporter itself asks, and what clients say hello with. */
const ofExporter = 'info|ping|auth|hello|command|select|client.*|config.*|slowlog.*|latency.*';

/** What of Redis a person looks at. */
export const panels: readonly Panel[] = [
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
        expr: memory,
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

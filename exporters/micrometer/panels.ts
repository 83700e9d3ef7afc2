import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import { partsOf } from '../../model/metric.ts';
import type { Panel } from '../../model/panel.ts';
import { increase, max, quantile, rate, ratio, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';
import { requestPanels } from './request-panels.ts';
import { busy, consumerBusy, heapAfterCollection, pauses, threadsBusy } from './use.ts';

const acquire = partsOf(metrics.poolAcquire);

const chosen = { service: '=~$service' } as const;

/** What a Spring Boot service exposes, by what a person asks first. */
export const panels = (config: Config): Panel[] => [
  ...requestPanels(config),
  {
    title: 'Connection pool: active and max',
    description:
      'Busy is the mean between two scrapes and exact, active what a scrape happened to see. At max every further request waits: find out whether MySQL got slower before you enlarge the pool.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    row: 'Connection pools',
    queries: [
      { expr: sum(busy(chosen), 'service'), legend: '{{service}} busy' },
      { expr: sum(select(metrics.poolActive, chosen), 'service'), legend: '{{service}} active' },
      { expr: sum(select(metrics.poolMax, chosen), 'service'), legend: '{{service}} max', dashed: true },
    ],
  },
  {
    title: 'Connection pool: time to get one',
    description:
      'p95 and mean of the wait for a connection. It is part of the latency of each request that asks the database; over a few milliseconds the pool is the queue.',
    type: 'timeseries',
    unit: 's',
    thresholds: { warning: 0.05, critical: 0.5 },
    boards: ['bottleneck'],
    row: 'Connection pools',
    queries: [
      { expr: quantile(0.95, sum(rate(acquire.bucket, chosen), 'service', 'le')), legend: '{{service}} p95' },
      {
        expr: ratio(sum(rate(acquire.sum, chosen), 'service'), sum(rate(acquire.count, chosen), 'service')),
        legend: '{{service}} mean',
      },
    ],
  },
  {
    title: 'Connection pool: waiting and timed out',
    description: 'Threads that wait for a connection, and how many gave up. Each that gave up is a failed request.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    row: 'Connection pools',
    queries: [
      { expr: sum(select(metrics.poolPending, chosen), 'service'), legend: '{{service}} waiting' },
      { expr: sum(increase(metrics.poolTimeouts, chosen), 'service'), legend: '{{service}} timed out' },
    ],
  },
  {
    title: 'Connection pool: time a connection is held',
    description:
      'Mean time from getting a connection to giving it back: the database, and whatever the service does meanwhile. A pool that is full because this grew is not too small.',
    type: 'timeseries',
    unit: 's',
    row: 'Connection pools',
    queries: [
      {
        expr: ratio(
          sum(rate(metrics.poolUsageSum, chosen), 'service'),
          sum(rate(metrics.poolUsageCount, chosen), 'service'),
        ),
        legend: '{{service}}',
      },
    ],
  },
  {
    title: 'Threads: busy of max',
    description:
      "Tomcat's threads that work on a request. At 100 % requests wait outside, where no server-side latency sees them; most often because they wait for something further down. Needs server.tomcat.mbeanregistry.enabled.",
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.7, critical: 0.9 },
    boards: ['bottleneck'],
    row: 'Runtime',
    queries: [{ expr: threadsBusy(chosen), legend: '{{service}}' }],
  },
  {
    title: 'Garbage collection',
    description:
      'Share of the time that the collector stopped all threads. From a tenth on, give the heap more room or allocate less.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.05, critical: 0.1 },
    boards: ['bottleneck'],
    row: 'Runtime',
    queries: [{ expr: pauses(chosen), legend: '{{service}}' }],
  },
  {
    title: 'Heap after collection',
    description:
      'What is still in use of the heap after the last full collection. Above 85 % the collector runs again and again; a line that only rises is a leak.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.7, critical: 0.85 },
    boards: ['bottleneck'],
    row: 'Runtime',
    queries: [{ expr: heapAfterCollection(chosen), legend: '{{service}}' }],
  },
  {
    title: 'Heap',
    description:
      'In use, and the most that it may grow to. The saw of the collector is normal; its lower edge is what counts.',
    type: 'timeseries',
    unit: 'bytes',
    row: 'Runtime',
    queries: [
      { expr: sum(select(metrics.heapUsed, { ...chosen, area: '=heap' }), 'service'), legend: '{{service}}' },
      {
        expr: sum(`(${select(metrics.heapMax, { ...chosen, area: '=heap' })} > 0)`, 'service'),
        legend: '{{service}} max',
        dashed: true,
      },
    ],
  },
  {
    title: 'CPU of the process',
    description:
      'Of all cores that the process sees, as it counts them itself: for services that run outside the cluster.',
    type: 'timeseries',
    unit: 'percentunit',
    row: 'Runtime',
    queries: [{ expr: max(select(metrics.processCpu, chosen), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Executors: busy and waiting',
    description: 'Workers of the pools that a service has made itself, and the tasks that wait for one.',
    type: 'timeseries',
    unit: 'short',
    row: 'Runtime',
    queries: [
      { expr: sum(select(metrics.executorActive, chosen), 'service', 'name'), legend: '{{service}} {{name}} busy' },
      { expr: sum(select(metrics.executorQueued, chosen), 'service', 'name'), legend: '{{service}} {{name}} waiting' },
      {
        expr: sum(select(metrics.executorMax, chosen), 'service', 'name'),
        legend: '{{service}} {{name}} max',
        dashed: true,
      },
    ],
  },
  {
    title: 'Redis as clients see it',
    description:
      'Mean time of a command with the network and the wait for the main thread. Compare with the time that the server counts: the difference is the queue in front of it.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    row: 'Clients of the data systems',
    queries: [
      {
        expr: ratio(
          sum(rate(metrics.redisCommandSum, chosen), 'service', 'command'),
          sum(rate(metrics.redisCommandCount, chosen), 'service', 'command'),
        ),
        legend: '{{service}} {{command}}',
      },
    ],
  },
  {
    title: 'Kafka consumers: busy',
    description:
      'Share of the time that a consumer works on messages instead of waiting for them. Near 100 % the consumer is the limit: add some, up to the number of partitions.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.7, critical: 0.95 },
    boards: ['bottleneck'],
    row: 'Clients of the data systems',
    queries: [{ expr: consumerBusy(chosen), legend: '{{service}}' }],
  },
  {
    title: 'Kafka producers: throttled',
    description:
      'Mean time that a broker made a request wait because of a quota. Above 0 the quota is the limit, not the broker.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    row: 'Clients of the data systems',
    queries: [{ expr: `${max(select(metrics.producerThrottle, chosen), 'service')} / 1000`, legend: '{{service}}' }],
  },
];

import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { increase, max, rate, ratio, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** What of MySQL a person looks at. */
export const panels: readonly Panel[] = [
  {
    title: 'MySQL: active connections',
    description:
      'Running is the work MySQL does at this moment; connected is the sum of the pools and mostly idle. Running near the number of cores means the server itself is the limit; connected near max means the next pool that grows is refused.',
    type: 'timeseries',
    unit: 'short',
    boards: ['overview', 'bottleneck'],
    queries: [
      { expr: max(select(metrics.threadsRunning), 'instance'), legend: '{{instance}} running' },
      { expr: max(select(metrics.threadsConnected), 'instance'), legend: '{{instance}} connected' },
      { expr: max(select(metrics.maxUsedConnections), 'instance'), legend: '{{instance}} most so far', dashed: true },
      { expr: max(select(metrics.maxConnections), 'instance'), legend: '{{instance}} max', dashed: true },
    ],
  },
  {
    title: 'Statements and slow ones',
    description:
      'Slow is what takes over long_query_time, 10 s by default: set it to 0.2 to 1 s for load tests, or the line stays at 0 whatever happens.',
    type: 'timeseries',
    unit: 'ops',
    boards: ['bottleneck'],
    queries: [
      { expr: sum(rate(metrics.questions), 'instance'), legend: '{{instance}}' },
      { expr: sum(rate(metrics.slowQueries), 'instance'), legend: '{{instance}} slow' },
    ],
  },
  {
    title: 'Connections that wait for a row lock',
    description:
      'The mean over each window, from the time that was waited, and how many wait just now. From one on, a row is the limit: a counter, a stock, a coupon that every request wants.',
    type: 'timeseries',
    unit: 'short',
    thresholds: { warning: 0.5, critical: 1 },
    boards: ['bottleneck'],
    queries: [
      { expr: `${sum(rate(metrics.rowLockTime), 'instance')} / 1000`, legend: '{{instance}} mean' },
      { expr: max(select(metrics.rowLockWaiting), 'instance'), legend: '{{instance}} now' },
    ],
  },
  {
    title: 'Mean wait for a row lock',
    description:
      'Of the waits in each window; the average that the server itself reports is since its start. Compare with the time a transaction takes: waits that are longer queue up.',
    type: 'timeseries',
    unit: 's',
    queries: [
      {
        expr: `(${ratio(sum(rate(metrics.rowLockTime), 'instance'), sum(rate(metrics.rowLockWaits), 'instance'))}) / 1000 or 0 * ${sum(rate(metrics.rowLockWaits), 'instance')}`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Buffer pool hit ratio',
    description:
      'Share of the pages that were in memory. Below 99 % what is read does not fit, and the disk decides the latency: give the pool more memory, or read fewer rows.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.99, critical: 0.98 },
    boards: ['bottleneck'],
    queries: [
      {
        expr: `1 - ${ratio(sum(rate(metrics.pageReads), 'instance'), sum(rate(metrics.pageRequests), 'instance'))}`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Rows read by scans',
    description:
      'Rows that were read one after the other, without an index. A step up with the same load is a query that lost its index, or a table that grew past what was tested.',
    type: 'timeseries',
    unit: 'ops',
    boards: ['bottleneck'],
    queries: [{ expr: sum(rate(metrics.handlers, { handler: '=read_rnd_next' }), 'instance'), legend: '{{instance}}' }],
  },
  {
    title: 'Pressure to write and to sort',
    description:
      'Waits for a free page or for room in the log buffer, and temporary tables that did not fit in memory. Each is 0 on a server that keeps up.',
    type: 'timeseries',
    unit: 'ops',
    queries: [
      { expr: sum(rate(metrics.pageWaits), 'instance'), legend: '{{instance}} free page' },
      { expr: sum(rate(metrics.logWaits), 'instance'), legend: '{{instance}} log buffer' },
      { expr: sum(rate(metrics.tmpDiskTables), 'instance'), legend: '{{instance}} temporary table on disk' },
    ],
  },
  {
    title: 'Refused connections',
    description:
      'By what the server refused them for. max_connections means that the pools together are larger than the server allows: lower them, or raise it.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [
      {
        expr: sum(increase(metrics.connectionErrors), 'instance', 'error'),
        legend: '{{instance}} {{error}}',
      },
      { expr: sum(increase(metrics.abortedConnects), 'instance'), legend: '{{instance}} failed to connect' },
    ],
  },
];

import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { increase, max, rate, ratio, ruleWindow, select, sum } from '../model/promql.ts';
import type { Exporter, Target } from '../model/target.ts';
import { exporterResources } from './exporter-resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  up: gauge('mysql_up', labels, 'Whether the server answers its exporter.'),
  threadsRunning: gauge('mysql_global_status_threads_running', labels, 'Connections that execute a statement.'),
  threadsConnected: gauge(
    'mysql_global_status_threads_connected',
    labels,
    'Open connections, most of them idle in a pool.',
  ),
  maxConnections: gauge('mysql_global_variables_max_connections', labels, 'Connections the server accepts.'),
  handlers: counter(
    'mysql_global_status_handlers_total',
    [...labels, 'handler'],
    'Steps of the storage engine: read_rnd_next is a row of a scan.',
  ),
  maxUsedConnections: gauge('mysql_global_status_max_used_connections', labels, 'Most connections since the start.'),
  connectionErrors: counter(
    'mysql_global_status_connection_errors_total',
    [...labels, 'error'],
    'Connections that the server refused, by why.',
  ),
  // The exporter calls what it takes over from SHOW GLOBAL STATUS untyped; these only grow.
  abortedConnects: counter('mysql_global_status_aborted_connects', labels, 'Connections that did not come about.'),
  questions: counter('mysql_global_status_questions', labels, 'Statements that clients sent.'),
  slowQueries: counter('mysql_global_status_slow_queries', labels, 'Statements that took over long_query_time.'),
  rowLockTime: counter('mysql_global_status_innodb_row_lock_time', labels, 'Time in ms that waits for row locks took.'),
  rowLockWaits: counter('mysql_global_status_innodb_row_lock_waits', labels, 'Waits for a row lock.'),
  rowLockWaiting: gauge('mysql_global_status_innodb_row_lock_current_waits', labels, 'Waits for a row lock just now.'),
  pageRequests: counter('mysql_global_status_innodb_buffer_pool_read_requests', labels, 'Pages that were read.'),
  pageReads: counter('mysql_global_status_innodb_buffer_pool_reads', labels, 'Pages that had to come from disk.'),
  pageWaits: counter('mysql_global_status_innodb_buffer_pool_wait_free', labels, 'Waits for a free page.'),
  logWaits: counter('mysql_global_status_innodb_log_waits', labels, 'Waits for room in the log buffer.'),
  tmpDiskTables: counter('mysql_global_status_created_tmp_disk_tables', labels, 'Temporary tables on disk.'),
};

/** Who the exporter is on a server where its user is made for it. */
const exporterUser = 'loadscope_exporter';

const health = max(select(metrics.up), 'instance');

/** MySQL and MariaDB servers, one mysqld_exporter each. */
export function mysql(config: Config): Target | undefined {
  const { mysql: servers } = config;
  if (servers.length === 0) return undefined;
  const window = ruleWindow(config);
  const pages = sum(rate(metrics.pageRequests, {}, window), 'instance');
  const fromDisk = sum(rate(metrics.pageReads, {}, window), 'instance');
  return {
    name: 'mysql',
    title: 'MySQL',
    metrics,
    exporters: servers.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: [systemDown('Mysql', health)],
    resources: [
      {
        resource: 'mysql-connections',
        facet: 'utilization',
        of: 'instance',
        pressure: `${max(ratio(select(metrics.threadsConnected), select(metrics.maxConnections)), 'instance')} / 0.85`,
      },
      {
        resource: 'mysql-row-locks',
        facet: 'saturation',
        of: 'instance',
        // By Little's law as many connections wait, on average, as seconds are waited in a second.
        pressure: `${sum(rate(metrics.rowLockTime, {}, window), 'instance')} / 1000`,
      },
      {
        resource: 'mysql-buffer-pool',
        facet: 'saturation',
        of: 'instance',
        // Two in a hundred pages from disk; of few pages the share says nothing.
        pressure: `${fromDisk} / (${pages} > 1000) / 0.02 or 0 * ${pages}`,
      },
    ],
    panels,
  };
}

const panels: readonly Panel[] = [
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

function exporter({ name: instance, address, credentialsSecret, adminSecret }: Config['mysql'][number]): Exporter {
  const name = `mysqld-exporter-${instance}`;
  const secret = credentialsSecret ?? name;
  return {
    name,
    instance,
    image: 'mysqldExporter',
    args: [
      `--mysqld.address=${address}`,
      '--mysqld.username=$(MYSQLD_EXPORTER_USER)',
      '--config.my-cnf=/etc/exporter/my.cnf',
      // slave_status needs a privilege that MariaDB names differently from MySQL, and no panel reads it.
      '--no-collect.slave_status',
    ],
    // Without a word on TLS the exporter never uses it, and servers that insist on it refuse.
    files: { 'my.cnf': '[client]\ntls = preferred\n' },
    env: [
      { name: 'MYSQLD_EXPORTER_USER', secret, key: 'username' },
      { name: 'MYSQLD_EXPORTER_PASSWORD', secret, key: 'password' },
    ],
    port: 9104,
    probePath: '/',
    user: 65534,
    resources: exporterResources,
    connects: [parseAddress(address)],
    ...(adminSecret
      ? { account: { job: `mysql-user-${instance}`, secret, username: exporterUser, server: address, adminSecret } }
      : {}),
  };
}

import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import { max, select } from '../model/promql.ts';
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
  // The exporter calls what it takes over from SHOW GLOBAL STATUS untyped; this one only grows.
  rowLockTime: counter('mysql_global_status_innodb_row_lock_time', labels, 'Time in ms that waits for row locks took.'),
};

/** Who the exporter is on a server where its user is made for it. */
const exporterUser = 'loadscope_exporter';

const health = max(select(metrics.up), 'instance');

/** MySQL and MariaDB servers, one mysqld_exporter each. */
export function mysql({ mysql: servers }: Config): Target | undefined {
  if (servers.length === 0) return undefined;
  return {
    name: 'mysql',
    metrics,
    exporters: servers.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: [systemDown('Mysql', health)],
    overview: [
      {
        title: 'MySQL: active connections',
        description:
          'Running is the work MySQL does at this moment; connected is the sum of the pools and mostly idle. Running near the number of cores means the server itself is the limit; connected near max means the next pool that grows is refused.',
        type: 'timeseries',
        unit: 'short',
        queries: [
          { expr: max(select(metrics.threadsRunning), 'instance'), legend: '{{instance}} running' },
          { expr: max(select(metrics.threadsConnected), 'instance'), legend: '{{instance}} connected' },
          { expr: max(select(metrics.maxConnections), 'instance'), legend: '{{instance}} max' },
        ],
      },
    ],
  };
}

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

import { parseAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import { max, select } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { exporterResources } from './resources.ts';

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
  slowQueries: counter('mysql_global_status_slow_queries', labels, 'Statements that took longer than long_query_time.'),
};

/** Who the exporter is on a server where its user is made for it. */
const exporterUser = 'loadscope_exporter';

const exporterName = (instance: string) => `mysqld-exporter-${instance}`;

/** MySQL and MariaDB servers, one mysqld_exporter each. */
export const mysql = ({ mysql: servers }: Config): Target | undefined =>
  servers.length === 0
    ? undefined
    : {
        name: 'mysql',
        metrics,
        exporters: servers.map(({ name, address, credentialsSecret, adminSecret }) => {
          const secret = credentialsSecret ?? exporterName(name);
          return {
            name: exporterName(name),
            image: 'mysqldExporter',
            // slave_status needs a privilege that MariaDB names differently from MySQL, and no panel reads it.
            args: [
              `--mysqld.address=${address}`,
              '--mysqld.username=$(MYSQLD_EXPORTER_USER)',
              '--no-collect.slave_status',
            ],
            env: [
              { name: 'MYSQLD_EXPORTER_USER', secret, key: 'username' },
              { name: 'MYSQLD_EXPORTER_PASSWORD', secret, key: 'password' },
            ],
            port: 9104,
            probePath: '/',
            user: 65534,
            resources: exporterResources,
            connects: [parseAddress(address)],
            ...(adminSecret ? { account: { secret, username: exporterUser, server: address, adminSecret } } : {}),
          };
        }),
        scrape: {
          discovery: {
            kind: 'static',
            endpoints: servers.map(({ name }) => ({
              address: { host: exporterName(name), port: 9104 },
              instance: name,
            })),
          },
        },
        health: max(select(metrics.up), 'instance'),
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

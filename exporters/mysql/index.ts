import { parseAddress } from '../../model/address.ts';
import type { Config } from '../../model/config.ts';
import { max, rate, ruleWindow, select, sum } from '../../model/promql.ts';
import type { Exporter, Target } from '../../model/target.ts';
import { exporterResources } from '../exporter-resources.ts';
import { alerts } from './alerts.ts';
import { connections, indicators } from './indicators.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';

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
    alerts: alerts(config, health),
    resources: [
      {
        resource: 'mysql-connections',
        place: { stage: 'database', depth: 6 },
        facet: 'utilization',
        of: 'instance',
        pressure: `${connections} / 0.85`,
      },
      {
        resource: 'mysql-row-locks',
        place: { stage: 'database', depth: 9 },
        facet: 'saturation',
        of: 'instance',
        // By Little's law as many connections wait, on average, as seconds are waited in a second.
        pressure: `${sum(rate(metrics.rowLockTime, {}, window), 'instance')} / 1000`,
      },
      {
        resource: 'mysql-buffer-pool',
        place: { stage: 'database', depth: 9 },
        facet: 'saturation',
        of: 'instance',
        // Two in a hundred pages from disk; of few pages the share says nothing.
        pressure: `${fromDisk} / (${pages} > 1000) / 0.02 or 0 * ${pages}`,
      },
    ],
    indicators,
    panels,
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

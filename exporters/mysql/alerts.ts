import { type Alert, systemDown } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { increase, rate, ratio, ruleWindow, select } from '../../model/promql.ts';
import { connections, ofConnections } from './indicators.ts';
import { metrics } from './metrics.ts';

/** What of MySQL stops a load test, or spoils its results. */
export function alerts(config: Config, health: string): Alert[] {
  const window = ruleWindow(config);
  const waited = rate(metrics.rowLockTime, {}, window);
  return [
    systemDown('Mysql', health),
    {
      alert: 'MysqlConnectionsHigh',
      expr: `${connections} > 0.85`,
      for: '1m',
      severity: 'warning',
      summary: 'MySQL {{ $labels.instance }} is running out of connections',
      description: `{{ $value | humanizePercentage }} of max_connections is open. ${ofConnections}`,
    },
    {
      alert: 'MysqlConnectionsRefused',
      expr: `${increase(metrics.connectionErrors, { error: '=max_connections' }, window)} > 0`,
      for: '0s',
      severity: 'critical',
      summary: 'MySQL {{ $labels.instance }} refuses connections',
      description:
        'About {{ $value | printf "%.0f" }} attempts have just failed with "Too many connections". Each is an error in a service, and comes from a setting, not from the load: make the pools smaller, or raise max_connections.',
    },
    {
      alert: 'MysqlSlowQueries',
      expr: `${rate(metrics.slowQueries, {}, window)} > 0.1`,
      for: '1m',
      severity: 'warning',
      summary: 'MySQL {{ $labels.instance }} has slow statements',
      description:
        '{{ $value | printf "%.2f" }} statements per second take longer than long_query_time, which is 10 s unless somebody set it. Check whether rows read by scans went up as well: then a statement lacks an index.',
    },
    {
      alert: 'MysqlRowLockContention',
      // By Little's law as many connections wait, on average, as seconds are waited in a second.
      expr: `${waited} / 1000 > 1`,
      for: '1m',
      severity: 'warning',
      summary: 'Connections to MySQL {{ $labels.instance }} wait for each other’s row locks',
      description:
        '{{ $value | printf "%.1f" }} connections on average wait for a row lock. Requests for the same row take turns, and more load only makes the queue longer: look for a counter, a stock or a coupon that all of them change.',
    },
    {
      alert: 'MysqlRowLockWaitsLong',
      // A few waits can be long without adding up to much, such as those that end in a timeout.
      expr: `${ratio(waited, rate(metrics.rowLockWaits, {}, window))} / 1000 > 1`,
      for: '1m',
      severity: 'warning',
      summary: 'Waits for row locks on MySQL {{ $labels.instance }} are long',
      description:
        'A wait for a row lock takes {{ $value | humanizeDuration }} on average. Some transaction stays open while it does something else: look for a call of another service, or a lot of work, between its first change and its commit.',
    },
    {
      alert: 'MysqlDeadlocks',
      expr: `${rate(metrics.deadlocks, {}, window)} > 0.1`,
      for: '1m',
      severity: 'warning',
      summary: 'Transactions on MySQL {{ $labels.instance }} run into deadlocks',
      description:
        '{{ $value | printf "%.2f" }} transactions per second are rolled back; each is a failed request unless the code repeats it. Look for two places that lock the same rows in a different order.',
    },
    {
      alert: 'MysqlBufferPoolMisses',
      // Of few pages the share says nothing.
      expr: `${rate(metrics.pageReads, {}, window)} / (${rate(metrics.pageRequests, {}, window)} > 1000) > 0.02`,
      for: '2m',
      severity: 'warning',
      summary: 'MySQL {{ $labels.instance }} reads from disk',
      description:
        '{{ $value | humanizePercentage }} of the pages that statements read were not in the buffer pool, so the disk decides the latency. This is normal in the first minutes after a start. Later it means that the data does not fit: look for a scan of a large table, then at innodb_buffer_pool_size.',
    },
    {
      alert: 'MysqlRestarted',
      expr: `resets(${select(metrics.uptime)}[10m]) > 0`,
      for: '0s',
      severity: 'warning',
      summary: 'MySQL {{ $labels.instance }} has restarted',
      description:
        'It restarted within the last ten minutes. Open transactions and connections were lost, and the buffer pool is cold: leave these minutes out of the results, and find out why its container ended.',
    },
    {
      alert: 'MysqlReplicationBroken',
      expr: [metrics.slaveIo, metrics.slaveSql, metrics.replicaIo, metrics.replicaSql]
        .map((running) => `${select(running)} == 0`)
        .join(' or '),
      for: '1m',
      severity: 'critical',
      summary: 'MySQL {{ $labels.instance }} does not replicate from {{ $labels.master_host }}',
      description:
        'The thread that fetches changes or the one that applies them has stopped, so reads from this replica get older all the time. SHOW REPLICA STATUS says which one, and why.',
    },
    {
      alert: 'MysqlReplicationLag',
      expr: `(${select(metrics.behindMaster)} or ${select(metrics.behindSource)}) > 30`,
      for: '1m',
      severity: 'warning',
      summary: 'MySQL {{ $labels.instance }} lags behind {{ $labels.master_host }}',
      description:
        'Reads from this replica are {{ $value | humanizeDuration }} old. The source takes more writes than the replica can apply: look for one large transaction, then at the number of threads that apply changes.',
    },
  ];
}

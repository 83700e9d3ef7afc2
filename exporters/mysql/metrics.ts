import { counter, gauge, sparse } from '../../model/metric.ts';

const labels = ['job', 'instance'] as const;
/** Of a connection of a replica to its source. */
const replication = [...labels, 'master_host', 'master_uuid', 'channel_name', 'connection_name'] as const;

export const metrics = {
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
  // Not of what a server has to offer but of its make: MariaDB and Percona Server count these, MySQL does not.
  deadlocks: sparse(
    counter('mysql_global_status_innodb_deadlocks', labels, 'Transactions that were rolled back to end a deadlock.'),
  ),
  uptime: counter('mysql_global_status_uptime', labels, 'Seconds since the server started.'),
  // Only a replica has these, under the names of the columns of its own version: MySQL speaks of sources from 8.4 on.
  slaveIo: sparse(gauge('mysql_slave_status_slave_io_running', replication, 'Whether changes of the source arrive.')),
  replicaIo: sparse(gauge('mysql_slave_status_replica_io_running', replication, 'The same, from MySQL 8.4 on.')),
  slaveSql: sparse(gauge('mysql_slave_status_slave_sql_running', replication, 'Whether what arrived is applied.')),
  replicaSql: sparse(gauge('mysql_slave_status_replica_sql_running', replication, 'The same, from MySQL 8.4 on.')),
  behindMaster: sparse(
    gauge('mysql_slave_status_seconds_behind_master', replication, 'Age of the change that is applied just now.'),
  ),
  behindSource: sparse(gauge('mysql_slave_status_seconds_behind_source', replication, 'The same, from MySQL 8.4 on.')),
};

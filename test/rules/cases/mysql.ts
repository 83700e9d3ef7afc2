import type { AlertCase, RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

const of = (name: string, instance: string) => `${name}{job="mysql",instance="${instance}"}`;
/** A sample every 20 s, of which the rate is the bound to the last bit. */
const toTheBit = (one: AlertCase): AlertCase => ({ ...one, interval: '20s' });

/** Servers, by their `instance`. */
const a = { instance: 'a' };
const b = { instance: 'b' };

const up = (instance: string, job = 'mysql') => `mysql_up{job="${job}",instance="${instance}"}`;
const down = casesOf('MysqlDown', 'critical');
const isDown = [
  down(
    'fires after a minute without an answer, and only of that server',
    { [up('a')]: '1x15 0x4', [up('b')]: '1x20' },
    a,
  ),
  down('does not fire before that', { [up('a')]: '1x16 0x3' }),
  down('ends when it is back', { [up('a')]: '0x19 1' }),
  down('ends when it is monitored no more', { [up('a')]: '0x18 stale' }),
  down('believes the exporter that gets an answer', { [up('a')]: '0x20', [up('a', 'other')]: '1x20' }),
];

const status = (name: string) => (instance: string) => of(`mysql_global_status_${name}`, instance);

const connected = (instance: string, job = 'mysql') =>
  `mysql_global_status_threads_connected{job="${job}",instance="${instance}"}`;
const most = (instance: string, job = 'mysql') =>
  `mysql_global_variables_max_connections{job="${job}",instance="${instance}"}`;
const connections = casesOf('MysqlConnectionsHigh', 'warning');
const isFull = [
  connections('fires just above 85 %', { [connected('a')]: '172x20', [most('a')]: '200x20' }, a),
  connections('does not fire just below', { [connected('a')]: '168x20', [most('a')]: '200x20' }),
  connections('does not fire at exactly 85 %', { [connected('a')]: '170x20', [most('a')]: '200x20' }),
  connections('fires after a minute', { [connected('a')]: '0x15 199x4', [most('a')]: '200x20' }, a),
  connections('does not fire before that', { [connected('a')]: '0x16 199x3', [most('a')]: '200x20' }),
  connections('does not fire of an idle server', { [connected('a')]: '0x20', [most('a')]: '200x20' }),
  connections('does not fire where the maximum is not known', { [connected('a')]: '7x20', [most('a')]: '0x20' }),
  connections('takes any maximum above 0', { [connected('a')]: '0.05x20', [most('a')]: '0.05x20' }, a),
  connections('ends after a restart', { [connected('a')]: '199x18 3x1', [most('a')]: '200x20' }),
  connections('ends when it is monitored no more', {
    [connected('a')]: '199x18 stale',
    [most('a')]: '200x18 stale',
  }),
  connections(
    'does not mix two servers',
    { [connected('a')]: '50x20', [most('a')]: '200x20', [connected('b')]: '45x20', [most('b')]: '50x20' },
    b,
  ),
  connections('does not add up two exporters of one server', {
    [connected('a')]: '168x20',
    [most('a')]: '200x20',
    [connected('a', 'other')]: '168x20',
    [most('a', 'other')]: '200x20',
  }),
  connections(
    'believes the exporter that sees more',
    {
      [connected('a')]: '10x20',
      [most('a')]: '200x20',
      [connected('a', 'other')]: '199x20',
      [most('a', 'other')]: '200x20',
    },
    a,
  ),
];

const errors = (instance: string, error: string) =>
  `mysql_global_status_connection_errors_total{job="mysql",instance="${instance}",error="${error}"}`;
const refused = casesOf('MysqlConnectionsRefused', 'critical');
const isRefusing = [
  refused(
    'fires at once, and only of the server that refuses',
    { [errors('a', 'max_connections')]: '5x18 6x1', [errors('b', 'max_connections')]: '5x20' },
    a,
  ),
  refused('fires for ever so little', { [errors('a', 'max_connections')]: '0+0.01x20' }, a),
  refused('does not fire where all get in', { [errors('a', 'max_connections')]: '5x20' }),
  refused('does not fire for what was refused for another reason', {
    [errors('a', 'max_connections')]: '0x20',
    [errors('a', 'peer_address')]: '0+9x20',
  }),
  refused('ends a minute after the last', { [errors('a', 'max_connections')]: '5x15 6x4' }),
  refused('does not fire when a restart sets the counter back', { [errors('a', 'max_connections')]: '90x17 0x2' }),
  refused('ends when it is monitored no more', { [errors('a', 'max_connections')]: '0+9x15 stale' }),
];

/** A counter whose alert fires when it grows faster than by 1.5 in 15 s, and goes on for a minute. */
const tenthOfASecond = (alert: string, counter: (instance: string) => string): RuleCase[] => {
  const one = casesOf(alert, 'warning');
  return [
    one('fires just above one in ten seconds', { [counter('a')]: '0+1.56x20', [counter('b')]: '0+1.2x20' }, a),
    one('does not fire just below', { [counter('a')]: '0+1.44x20' }),
    toTheBit(one('does not fire at exactly that', { [counter('a')]: '0+2x15' })),
    one('fires after a minute', { [counter('a')]: '9x15 300+300x4' }, a),
    one('does not fire before that', { [counter('a')]: '9x16 300+300x3' }),
    one('does not fire while there is none', { [counter('a')]: '9x20' }),
    one('does not fire for a moment that is over', { [counter('a')]: '9x10 300x9' }),
    one('does not fire when a restart sets the counter back', { [counter('a')]: '900x10 0x9' }),
    one('ends when it is monitored no more', { [counter('a')]: '0+9x15 stale' }),
  ];
};

const lockTime = status('innodb_row_lock_time');
const contention = casesOf('MysqlRowLockContention', 'warning');
const isContended = [
  contention(
    'fires just above one connection that waits',
    { [lockTime('a')]: '0+15600x20', [lockTime('b')]: '0+3x20' },
    a,
  ),
  contention('does not fire just below', { [lockTime('a')]: '0+14400x20' }),
  toTheBit(contention('does not fire at exactly one', { [lockTime('a')]: '0+20000x15' })),
  contention('fires after a minute', { [lockTime('a')]: '9x15 90000+90000x4' }, a),
  contention('does not fire before that', { [lockTime('a')]: '9x16 90000+90000x3' }),
  contention('does not fire where nobody waits', { [lockTime('a')]: '9x20' }),
  contention('does not fire when a restart sets the counter back', { [lockTime('a')]: '9000000x10 0x9' }),
  contention('ends when it is monitored no more', { [lockTime('a')]: '0+90000x15 stale' }),
];

const lockWaits = status('innodb_row_lock_waits');
const long = casesOf('MysqlRowLockWaitsLong', 'warning');
const isWaitingLong = [
  long(
    'fires just above a second',
    {
      [lockTime('a')]: '0+20800x20',
      [lockWaits('a')]: '0+20x20',
      [lockTime('b')]: '0+20x20',
      [lockWaits('b')]: '0+20x20',
    },
    a,
  ),
  long('does not fire just below', { [lockTime('a')]: '0+19200x20', [lockWaits('a')]: '0+20x20' }),
  long('does not fire at exactly a second', { [lockTime('a')]: '0+20000x20', [lockWaits('a')]: '0+20x20' }),
  long('fires for one that ended by its timeout', { [lockTime('a')]: '0+50000x20', [lockWaits('a')]: '0+1x20' }, a),
  long('fires after a minute', { [lockTime('a')]: '9x15 90000+90000x4', [lockWaits('a')]: '0+1x20' }, a),
  long('does not fire before that', { [lockTime('a')]: '9x16 90000+90000x3', [lockWaits('a')]: '0+1x20' }),
  long('does not fire where nobody waits', { [lockTime('a')]: '9x20', [lockWaits('a')]: '9x20' }),
  long('does not divide by no wait', { [lockTime('a')]: '0+90000x20', [lockWaits('a')]: '9x20' }),
  long('counts from 0 after a restart', {
    [lockTime('a')]: '900000+90000x10 0+15x9',
    [lockWaits('a')]: '900+3x10 0+3x9',
  }),
  long('ends when it is monitored no more', { [lockTime('a')]: '0+90000x15 stale', [lockWaits('a')]: '0+1x15 stale' }),
];

const pages = status('innodb_buffer_pool_read_requests');
const fromDisk = status('innodb_buffer_pool_reads');
const misses = casesOf('MysqlBufferPoolMisses', 'warning');
const isReadingDisk = [
  misses(
    'fires just above two in a hundred',
    { [fromDisk('a')]: '0+624x20', [pages('a')]: '0+30000x20', [fromDisk('b')]: '0+9x20', [pages('b')]: '0+30000x20' },
    a,
  ),
  misses('does not fire just below', { [fromDisk('a')]: '0+576x20', [pages('a')]: '0+30000x20' }),
  misses('does not fire at exactly two', { [fromDisk('a')]: '0+600x20', [pages('a')]: '0+30000x20' }),
  misses(
    'fires of just over a thousand pages per second',
    { [fromDisk('a')]: '0+900x20', [pages('a')]: '0+15600x20' },
    a,
  ),
  misses('does not fire of just under', { [fromDisk('a')]: '0+900x20', [pages('a')]: '0+14400x20' }),
  toTheBit(misses('does not fire of exactly a thousand', { [fromDisk('a')]: '0+900x15', [pages('a')]: '0+20000x15' })),
  misses('fires after two minutes', { [fromDisk('a')]: '0x11 9000+9000x8', [pages('a')]: '0+30000x20' }, a),
  misses('does not fire before that', { [fromDisk('a')]: '0x12 9000+9000x7', [pages('a')]: '0+30000x20' }),
  misses('does not fire where nothing is read', { [fromDisk('a')]: '9x20', [pages('a')]: '9x20' }),
  misses('does not fire when a restart sets the counters back', {
    [fromDisk('a')]: '90000x10 0+9x9',
    [pages('a')]: '0+30000x10 0+30000x9',
  }),
  misses('ends when it is monitored no more', { [fromDisk('a')]: '0+9000x15 stale', [pages('a')]: '0+30000x15 stale' }),
];

const uptime = status('uptime');
const restarted = casesOf('MysqlRestarted', 'warning');
const isRestarted = [
  restarted('fires at once, and only of that server', { [uptime('a')]: '900+15x19 5', [uptime('b')]: '900+15x20' }, a),
  restarted('does not fire of one that is new', { [uptime('a')]: '_x10 5+15x9' }),
  { ...restarted('stays for ten minutes', { [uptime('a')]: '900+15x22 5+15x36' }, a), at: '15m' },
  { ...restarted('ends after that', { [uptime('a')]: '900+15x19 5+15x39' }), at: '15m' },
  { ...restarted('ends when it is monitored no more', { [uptime('a')]: '900+15x10 5+15x8 stale' }), at: '15m' },
];

const replica = (name: string, instance = 'a', source = 's') =>
  `mysql_slave_status_${name}{job="mysql",instance="${instance}",master_host="${source}"}`;
const ofSource = { instance: 'a', master_host: 's' };
const threads = ['slave_io_running', 'slave_sql_running', 'replica_io_running', 'replica_sql_running'];
const broken = casesOf('MysqlReplicationBroken', 'critical');
const isBroken = [
  ...threads.map((stopped) =>
    broken(
      `fires a minute after ${stopped} went to 0, and only of that connection`,
      {
        ...Object.fromEntries(threads.map((name) => [replica(name), name === stopped ? '1x15 0x4' : '1x20'])),
        [replica(stopped, 'a', 'other')]: '1x20',
        [replica(stopped, 'b')]: '1x20',
      },
      ofSource,
    ),
  ),
  broken(
    'fires once where nothing runs',
    { [replica('slave_io_running')]: '0x20', [replica('slave_sql_running')]: '0x20' },
    ofSource,
  ),
  broken('does not fire before a minute', { [replica('slave_io_running')]: '1x16 0x3' }),
  broken('does not fire while both run', {
    [replica('slave_io_running')]: '1x20',
    [replica('slave_sql_running')]: '1x20',
  }),
  broken('ends when it is a replica no more', { [replica('slave_io_running')]: '0x18 stale' }),
];

const lag = casesOf('MysqlReplicationLag', 'warning');
const isBehind = [
  ...['seconds_behind_master', 'seconds_behind_source'].map((name) =>
    lag(`fires by ${name}`, { [replica(name)]: '31x20', [replica(name, 'b')]: '3x20' }, ofSource),
  ),
  lag('does not fire just below half a minute', { [replica('seconds_behind_master')]: '29x20' }),
  lag('does not fire at exactly that', { [replica('seconds_behind_master')]: '30x20' }),
  lag('fires after a minute', { [replica('seconds_behind_source')]: '0x15 99x4' }, ofSource),
  lag('does not fire before that', { [replica('seconds_behind_source')]: '0x16 99x3' }),
  lag('does not fire of one that keeps up', { [replica('seconds_behind_source')]: '0x20' }),
  lag('ends when replication stops, which is another alert', { [replica('seconds_behind_master')]: '99x18 stale' }),
];

export const mysql: readonly RuleCase[] = [
  ...isDown,
  ...isFull,
  ...isRefusing,
  ...tenthOfASecond('MysqlSlowQueries', status('slow_queries')),
  ...isContended,
  ...isWaitingLong,
  ...tenthOfASecond('MysqlDeadlocks', status('innodb_deadlocks')),
  ...isReadingDisk,
  ...isRestarted,
  ...isBroken,
  ...isBehind,
];

import type { AlertCase, RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

const of =
  (name: string) =>
  (instance: string, job = 'redis') =>
    `${name}{job="${job}",instance="${instance}"}`;
/** Servers, by their `instance`. */
const a = { instance: 'a' };
const b = { instance: 'b' };
/** A sample every 20 s, of which the rate is the bound to the last bit. */
const toTheBit = (one: AlertCase): AlertCase => ({ ...one, interval: '20s' });

const up = of('redis_up');
const down = casesOf('RedisDown', 'critical');
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

const used = of('redis_memory_used_bytes');
const most = of('redis_memory_max_bytes');
const memory = casesOf('RedisMemoryHigh', 'warning');
const isFull = [
  memory('fires just above nine tenths', { [used('a')]: '936x20', [most('a')]: '1000x20' }, a),
  memory('does not fire just below', { [used('a')]: '864x20', [most('a')]: '1000x20' }),
  memory('does not fire at exactly that', { [used('a')]: '900x20', [most('a')]: '1000x20' }),
  memory('fires after a minute', { [used('a')]: '9x15 999x4', [most('a')]: '1000x20' }, a),
  memory('does not fire before that', { [used('a')]: '9x16 999x3', [most('a')]: '1000x20' }),
  memory('does not fire of an empty server', { [used('a')]: '0x20', [most('a')]: '1000x20' }),
  memory('does not fire where there is no bound', { [used('a')]: '999x20', [most('a')]: '0x20' }),
  memory('takes any bound above 0', { [used('a')]: '0.05x20', [most('a')]: '0.05x20' }, a),
  memory('ends after a restart', { [used('a')]: '999x18 9x1', [most('a')]: '1000x20' }),
  memory('ends when it is monitored no more', { [used('a')]: '999x18 stale', [most('a')]: '1000x18 stale' }),
  memory(
    'does not mix two servers',
    { [used('a')]: '500x20', [most('a')]: '1000x20', [used('b')]: '95x20', [most('b')]: '100x20' },
    b,
  ),
  memory('does not add up two exporters of one server', {
    [used('a')]: '600x20',
    [most('a')]: '1000x20',
    [used('a', 'other')]: '600x20',
    [most('a', 'other')]: '1000x20',
  }),
  memory(
    'believes the exporter that sees more',
    { [used('a')]: '9x20', [most('a')]: '1000x20', [used('a', 'other')]: '999x20', [most('a', 'other')]: '1000x20' },
    a,
  ),
];

const evicted = of('redis_evicted_keys_total');
const processed = of('redis_commands_processed_total');
const evicting = casesOf('RedisEvicting', 'warning');
const isEvicting = [
  evicting(
    'fires just above one in a hundred commands',
    { [evicted('a')]: '0+31.2x20', [processed('a')]: '0+3000x20' },
    a,
  ),
  evicting('does not fire just below', { [evicted('a')]: '0+28.8x20', [processed('a')]: '0+3000x20' }),
  evicting('does not fire at exactly that', { [evicted('a')]: '0+30x20', [processed('a')]: '0+3000x20' }),
  evicting('fires of few commands as well', { [evicted('a')]: '0+1x20', [processed('a')]: '0+1x20' }, a),
  evicting('fires after a minute', { [evicted('a')]: '9x15 900+900x4', [processed('a')]: '0+3000x20' }, a),
  evicting('does not fire before that', { [evicted('a')]: '9x16 900+900x3', [processed('a')]: '0+3000x20' }),
  evicting('does not fire where all keys stay', { [evicted('a')]: '9x20', [processed('a')]: '0+3000x20' }),
  evicting('does not fire where nothing is asked', { [evicted('a')]: '9x20', [processed('a')]: '9x20' }),
  evicting('does not divide by no command', { [evicted('a')]: '0+9x20', [processed('a')]: '9x20' }),
  evicting('does not fire when a restart sets the counters back', {
    [evicted('a')]: '9000x10 0+3x9',
    [processed('a')]: '0+3000x10 0+3000x9',
  }),
  evicting('ends when it is monitored no more', {
    [evicted('a')]: '0+900x15 stale',
    [processed('a')]: '0+3000x15 stale',
  }),
  evicting(
    'does not mix two servers',
    {
      [evicted('a')]: '0+9x20',
      [processed('a')]: '0+3000x20',
      [evicted('b')]: '0+9x20',
      [processed('b')]: '0+300x20',
    },
    b,
  ),
  evicting(
    'adds up all that a server is said to evict',
    {
      [evicted('a')]: '0+20x20',
      [processed('a')]: '0+3000x20',
      [evicted('a', 'other')]: '0+20x20',
    },
    a,
  ),
  evicting('adds up all that it is said to be asked', {
    [evicted('a')]: '0+40x20',
    [processed('a')]: '0+3000x20',
    [processed('a', 'other')]: '0+3000x20',
  }),
];

const rejected = of('redis_rejected_connections_total');
const refused = casesOf('RedisConnectionsRefused', 'critical');
const isRefusing = [
  refused(
    'fires at once, and only of the server that refuses',
    { [rejected('a')]: '5x18 6x1', [rejected('b')]: '5x20' },
    a,
  ),
  refused('fires for ever so little', { [rejected('a')]: '0+0.01x20' }, a),
  refused('does not fire where all get in', { [rejected('a')]: '5x20' }),
  refused('ends a minute after the last', { [rejected('a')]: '5x15 6x4' }),
  refused('does not fire when a restart sets the counter back', { [rejected('a')]: '90x17 0x2' }),
  refused('ends when it is monitored no more', { [rejected('a')]: '0+9x15 stale' }),
];

const waiting = of('redis_blocked_clients');
const clients = of('redis_connected_clients');
const blocked = casesOf('RedisClientsBlocked', 'warning');
/** Two hundred commands per second. */
const busy = '0+3000x20';
const isBlocked = [
  blocked(
    'fires just above half of the connections',
    {
      [waiting('a')]: '104x20',
      [clients('a')]: '200x20',
      [processed('a')]: busy,
      [waiting('b')]: '9x20',
      [clients('b')]: '200x20',
      [processed('b')]: busy,
    },
    a,
  ),
  blocked('does not fire just below', { [waiting('a')]: '96x20', [clients('a')]: '200x20', [processed('a')]: busy }),
  blocked('does not fire at exactly half', {
    [waiting('a')]: '100x20',
    [clients('a')]: '200x20',
    [processed('a')]: busy,
  }),
  blocked(
    'fires of just over a hundred commands per second',
    { [waiting('a')]: '9x20', [clients('a')]: '9x20', [processed('a')]: '0+1560x20' },
    a,
  ),
  blocked('does not fire of just under', {
    [waiting('a')]: '9x20',
    [clients('a')]: '9x20',
    [processed('a')]: '0+1440x20',
  }),
  toTheBit(
    blocked('does not fire of exactly a hundred', {
      [waiting('a')]: '9x15',
      [clients('a')]: '9x15',
      [processed('a')]: '0+2000x15',
    }),
  ),
  blocked('does not fire of workers that wait for work', {
    [waiting('a')]: '9x20',
    [clients('a')]: '9x20',
    [processed('a')]: '9x20',
  }),
  blocked('fires after a minute', { [waiting('a')]: '0x15 9x4', [clients('a')]: '9x20', [processed('a')]: busy }, a),
  blocked('does not fire before that', { [waiting('a')]: '0x16 9x3', [clients('a')]: '9x20', [processed('a')]: busy }),
  blocked('does not divide by no connection', {
    [waiting('a')]: '9x20',
    [clients('a')]: '0x20',
    [processed('a')]: busy,
  }),
  blocked(
    'takes any number of connections above 0',
    { [waiting('a')]: '0.05x20', [clients('a')]: '0.05x20', [processed('a')]: busy },
    a,
  ),
  blocked('ends after a restart', {
    [waiting('a')]: '9x18 0x1',
    [clients('a')]: '9x20',
    [processed('a')]: '0+3000x18 0+9x1',
  }),
  blocked('ends when it is monitored no more', {
    [waiting('a')]: '9x18 stale',
    [clients('a')]: '9x18 stale',
    [processed('a')]: '0+3000x18 stale',
  }),
];

const hits = of('redis_keyspace_hits_total');
const missed = of('redis_keyspace_misses_total');
const ratio = casesOf('RedisHitRatioLow', 'warning');
const isMissing = [
  ratio(
    'fires just below four in five',
    { [hits('a')]: '0+768x20', [missed('a')]: '0+232x20', [hits('b')]: '0+999x20', [missed('b')]: '0+1x20' },
    a,
  ),
  ratio('does not fire just above', { [hits('a')]: '0+832x20', [missed('a')]: '0+168x20' }),
  ratio('does not fire at exactly that', { [hits('a')]: '0+800x20', [missed('a')]: '0+200x20' }),
  ratio('fires where nothing is found', { [hits('a')]: '0x20', [missed('a')]: '0+999x20' }, a),
  ratio('fires of just over ten reads per second', { [hits('a')]: '0+78x20', [missed('a')]: '0+78x20' }, a),
  ratio('does not fire of just under', { [hits('a')]: '0+72x20', [missed('a')]: '0+72x20' }),
  toTheBit(ratio('does not fire of exactly ten', { [hits('a')]: '0+100x15', [missed('a')]: '0+100x15' })),
  ratio('fires after two minutes', { [hits('a')]: '0+300x12 3600x7', [missed('a')]: '0x11 300+300x8' }, a),
  ratio('does not fire before that', { [hits('a')]: '0+300x20', [missed('a')]: '0x13 900+900x6' }),
  ratio('does not fire where nothing is read', { [hits('a')]: '9x20', [missed('a')]: '9x20' }),
  ratio('does not fire when a restart sets the counters back', {
    [hits('a')]: '0+900x10 0+900x9',
    [missed('a')]: '90000x10 0+9x9',
  }),
  ratio('ends when it is monitored no more', { [hits('a')]: '0+9x15 stale', [missed('a')]: '0+900x15 stale' }),
];

const link = (instance: string, master: string) =>
  `redis_master_link_up{job="redis",instance="${instance}",master_host="${master}",master_port="6379"}`;
const replication = casesOf('RedisReplicationDown', 'critical');
const isCutOff = [
  replication(
    'fires after a minute without its master, and only of that replica',
    { [link('a', 'm')]: '1x15 0x4', [link('b', 'm')]: '1x20' },
    { instance: 'a', master_host: 'm' },
  ),
  replication('does not fire before that', { [link('a', 'm')]: '1x16 0x3' }),
  replication('ends when it is back', { [link('a', 'm')]: '0x19 1' }),
  replication('ends when the replica follows another master', {
    [link('a', 'm')]: '0x18 stale',
    [link('a', 'n')]: '_x18 1x1',
  }),
  replication('does not fire of a master', { [up('a')]: '1x20' }),
];

export const redis: readonly RuleCase[] = [
  ...isDown,
  ...isFull,
  ...isEvicting,
  ...isRefusing,
  ...isBlocked,
  ...isMissing,
  ...isCutOff,
];

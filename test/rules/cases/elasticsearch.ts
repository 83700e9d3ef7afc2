import type { RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

/** A metric of a node of a cluster, with some of the labels that it arrives with. */
const of =
  (name: string, labels = '') =>
  (instance: string, node = 'n1') =>
    `elasticsearch_${name}{job="elasticsearch",instance="${instance}",cluster="c",name="${node}"${labels}}`;
const a = { instance: 'a' };

const up = (instance: string) => `elasticsearch_cluster_health_up{job="elasticsearch",instance="${instance}"}`;
const down = casesOf('ElasticsearchDown', 'critical');
const isDown = [
  down(
    'fires after a minute without an answer, and only of that cluster',
    { [up('a')]: '1x15 0x4', [up('b')]: '1x20' },
    a,
  ),
  down('does not fire before that', { [up('a')]: '1x16 0x3' }),
  down('ends when it is back', { [up('a')]: '0x19 1' }),
  down('ends when it is monitored no more', { [up('a')]: '0x18 stale' }),
];

const color = (instance: string, name: string) =>
  `elasticsearch_cluster_health_status{job="elasticsearch",instance="${instance}",cluster="c",color="${name}"}`;
const red = casesOf('ElasticsearchRed', 'critical');
const isRed = [
  red(
    'fires after a minute, and only of that cluster',
    { [color('a', 'red')]: '0x15 1x4', [color('b', 'red')]: '0x20' },
    { ...a, cluster: 'c' },
  ),
  red('does not fire before that', { [color('a', 'red')]: '0x16 1x3' }),
  red('does not fire of yellow', { [color('a', 'yellow')]: '1x20', [color('a', 'red')]: '0x20' }),
  red('ends when its shards are back', { [color('a', 'red')]: '1x18 0x1' }),
  red('ends when nothing is known of it', { [color('a', 'red')]: '1x18 stale' }),
];

const rejected = (pool: string) => of('thread_pool_rejected_count', `,type="${pool}"`);
const rejecting = casesOf('ElasticsearchRejecting', 'warning');
const isRejecting = [
  rejecting(
    'fires after a minute of few, of the kind that is refused',
    { [rejected('search')('a')]: '4x14 5+1x5', [rejected('write')('a')]: '2x20', [rejected('search')('b')]: '9x20' },
    { ...a, type: 'search' },
  ),
  rejecting(
    'adds up the nodes of a cluster',
    { [rejected('write')('a')]: '0+1x20', [rejected('write')('a', 'n2')]: '0+1x20' },
    { ...a, type: 'write' },
  ),
  rejecting('does not fire before that', { [rejected('write')('a')]: '4x17 5+1x2' }),
  rejecting('does not fire of other pools', { [rejected('get')('a')]: '0+9x20' }),
  rejecting('does not fire where all get in', { [rejected('write')('a')]: '9x20' }),
  rejecting('does not fire when a restart sets the counter back', { [rejected('write')('a')]: '90x10 0x9' }),
  rejecting('ends when it is monitored no more', { [rejected('write')('a')]: '0+9x15 stale' }),
];

const used = of('jvm_memory_used_bytes', ',area="heap"');
const most = of('jvm_memory_max_bytes', ',area="heap"');
const heap = casesOf('ElasticsearchHeapHigh', 'warning');
const isFull = [
  heap(
    'fires just above 85 %',
    { [used('a')]: '860x20', [most('a')]: '1000x20', [used('b')]: '9x20', [most('b')]: '1000x20' },
    a,
  ),
  heap('does not fire at exactly that', { [used('a')]: '850x20', [most('a')]: '1000x20' }),
  heap('fires after three minutes', { [used('a')]: '9x7 900x12', [most('a')]: '1000x20' }, a),
  heap('does not fire before that', { [used('a')]: '9x8 900x11', [most('a')]: '1000x20' }),
  heap('does not fire of garbage that is collected', { [used('a')]: '900x12 9 900x6', [most('a')]: '1000x20' }),
  heap(
    'is of the worst of its nodes',
    { [used('a')]: '9x20', [most('a')]: '1000x20', [used('a', 'n2')]: '900x20', [most('a', 'n2')]: '1000x20' },
    a,
  ),
  heap('is not of other memory', {
    [of('jvm_memory_used_bytes', ',area="non-heap"')('a')]: '900x20',
    [of('jvm_memory_max_bytes', ',area="non-heap"')('a')]: '1000x20',
  }),
  heap('ends when nothing is known of it', { [used('a')]: '900x18 stale', [most('a')]: '1000x18 stale' }),
];

const size = of('filesystem_data_size_bytes', ',mount="m",path="p"');
const available = of('filesystem_data_available_bytes', ',mount="m",path="p"');
const disk = casesOf('ElasticsearchDiskFull', 'warning');
const flood = casesOf('ElasticsearchDiskFull', 'critical');
const onlyOf = <T extends object>(severity: string, cases: readonly T[]) =>
  cases.map((one) => ({ ...one, only: { severity } }));
const isFilled = [
  ...onlyOf('warning', [
    disk(
      'fires just above 85 %',
      { [available('a')]: '149x20', [size('a')]: '1000x20', [available('b')]: '900x20', [size('b')]: '1000x20' },
      a,
    ),
    disk('does not fire just below', { [available('a')]: '151x20', [size('a')]: '1000x20' }),
    disk('fires after a minute', { [available('a')]: '900x15 100x4', [size('a')]: '1000x20' }, a),
    disk('does not fire before that', { [available('a')]: '900x16 100x3', [size('a')]: '1000x20' }),
    disk(
      'is of the fullest of its nodes',
      {
        [available('a')]: '900x20',
        [size('a')]: '1000x20',
        [available('a', 'n2')]: '100x20',
        [size('a', 'n2')]: '1000x20',
      },
      a,
    ),
    disk('does not divide by no disk', { [available('a')]: '0x20', [size('a')]: '0x20' }),
    disk('ends when nothing is known of it', { [available('a')]: '9x18 stale', [size('a')]: '1000x18 stale' }),
  ]),
  ...onlyOf('critical', [
    flood(
      'fires at once above 95 %, where nothing can be written',
      { [available('a')]: '900x18 49', [size('a')]: '1000x20' },
      a,
    ),
    flood('does not fire just below', { [available('a')]: '51x20', [size('a')]: '1000x20' }),
    flood('ends when there is room again', { [available('a')]: '9x18 900', [size('a')]: '1000x20' }),
  ]),
];

const storage = 'trace-storage';
const index = (name: string, instance = storage) =>
  `elasticsearch_indices_store_size_bytes_total{job="elasticsearch",instance="${instance}",cluster="c",index="${name}"}`;
const day = (date: string) => index(`zipkin-span-2025-01-${date}`);
/** Of a disk of 1000, 850 are for spans, of which there are seven days to keep. */
const small = casesOf('TraceStorageTooSmall', 'warning');
const isSmall = [
  small(
    'fires where the largest day does not fit seven times',
    { [size(storage)]: '1000x30', [available(storage)]: '777x30', [day('01')]: '100x30', [day('02')]: '123x30' },
    { instance: storage },
  ),
  small('does not fire where it just does', {
    [size(storage)]: '1000x30',
    [available(storage)]: '779x30',
    [day('01')]: '100x30',
    [day('02')]: '121x30',
  }),
  small('takes today for what it has so far', {
    [size(storage)]: '1000x30',
    [available(storage)]: '990x30',
    [day('01')]: '10x30',
  }),
  small(
    'counts what others have on the disk as theirs',
    { [size(storage)]: '1000x30', [available(storage)]: '500x30', [day('01')]: '60x30' },
    { instance: storage },
  ),
  small('counts what else Zipkin has as room, and not as a day', {
    [size(storage)]: '1000x30',
    [available(storage)]: '300x30',
    [day('01')]: '100x30',
    [index('zipkin-autocomplete-2025-01-01')]: '600x30',
  }),
  small(
    'fires where there is no room at all',
    { [size(storage)]: '1000x30', [available(storage)]: '9x30', [day('01')]: '1x30' },
    { instance: storage },
  ),
  small('does not fire for a moment', {
    [size(storage)]: '1000x30',
    [available(storage)]: '900x8 9x30',
    [day('01')]: '9x30',
  }),
  small('adds up the disks of a cluster', {
    [size(storage)]: '1000x30',
    [available(storage)]: '9x30',
    [size(storage, 'n2')]: '1000x30',
    [available(storage, 'n2')]: '990x30',
    [day('01')]: '90x30',
  }),
  small('does not fire of a system under test', {
    [size('a')]: '1000x30',
    [available('a')]: '9x30',
    [index('zipkin-span-2025-01-01', 'a')]: '900x30',
  }),
  small('does not fire before the first span', { [size(storage)]: '1000x30', [available(storage)]: '9x30' }),
].map((one) => ({ ...one, at: '7m' }));

export const elasticsearch: readonly RuleCase[] = [
  ...isDown,
  ...isRed,
  ...isRejecting,
  ...isFull,
  ...isFilled,
  ...isSmall,
];

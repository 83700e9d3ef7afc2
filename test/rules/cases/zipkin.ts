import type { AlertCase, RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

const of = (name: string, labels: string) => `${name}{job="zipkin",instance="zipkin",${labels}}`;
const byTransport = (name: string) => (transport: string) => of(name, `transport="${transport}"`);
const spans = byTransport('zipkin_collector_spans_dropped_total');
const messages = byTransport('zipkin_collector_messages_dropped_total');

/** Both counters stand until something goes wrong. */
const ofCounter = (alert: string, counter: typeof spans, unlike: typeof spans): readonly AlertCase[] =>
  [
    {
      when: 'fires after a minute of few, of the transport they came by',
      series: { [counter('http')]: '4x15 5+1x4', [counter('grpc')]: '2x20' },
      fires: [{ job: 'zipkin', instance: 'zipkin', transport: 'http', severity: 'warning' }],
    },
    { when: 'does not fire before that', series: { [counter('http')]: '4x16 5+1x3' }, fires: [] },
    { when: 'does not fire when none is sent', series: { [counter('http')]: '40x20' }, fires: [] },
    { when: 'does not fire for a moment that is over', series: { [counter('http')]: '0x10 300x9' }, fires: [] },
    {
      when: 'does not fire when a restart sets the counter back',
      series: { [counter('http')]: '90x10 0x9' },
      fires: [],
    },
    { when: 'ends when it is monitored no more', series: { [counter('http')]: '0+9x15 stale' }, fires: [] },
    { when: 'is not of the other counter', series: { [unlike('http')]: '0+9x20' }, fires: [] },
  ].map((one) => ({ alert, ...one }));

const storage = (part: 'sum' | 'count', method = 'index-span', http_status = '200', instance = 'zipkin') =>
  `elasticsearch_total_duration_seconds_${part}{job="zipkin",instance="${instance}",service="none",method="${method}",http_status="${http_status}"}`;
const slow: readonly AlertCase[] = [
  {
    when: 'fires just above two seconds, over all that Elasticsearch answered',
    series: {
      [storage('sum')]: '0+21x20',
      [storage('count')]: '0+10x20',
      [storage('sum', 'index-span', '429')]: '0+20x20',
      [storage('count', 'index-span', '429')]: '0+10x20',
      // Searches are many and quick.
      [storage('sum', 'search')]: '0+1x20',
      [storage('count', 'search')]: '0+1000x20',
    },
    fires: [{ instance: 'zipkin', severity: 'warning' }],
  },
  {
    when: 'does not fire just below, nor for a slow search',
    series: {
      [storage('sum')]: '0+20x20',
      [storage('count')]: '0+11x20',
      [storage('sum', 'index-span', '429')]: '0+19x20',
      [storage('count', 'index-span', '429')]: '0+9x20',
      [storage('sum', 'search')]: '0+500x20',
      [storage('count', 'search')]: '0+1x20',
    },
    fires: [],
  },
  {
    when: 'does not fire at exactly two seconds',
    series: { [storage('sum')]: '0+40x20', [storage('count')]: '0+20x20' },
    fires: [],
  },
  {
    when: 'fires with little to store',
    series: { [storage('sum')]: '0+3x20', [storage('count')]: '0+1x20' },
    fires: [{ instance: 'zipkin' }],
  },
  {
    when: 'fires after a minute',
    series: { [storage('sum')]: '0x15 90+90x4', [storage('count')]: '0+9x20' },
    fires: [{ instance: 'zipkin' }],
  },
  {
    when: 'does not fire before that',
    series: { [storage('sum')]: '0x16 90+90x3', [storage('count')]: '0+9x20' },
    fires: [],
  },
  {
    when: 'does not fire with nothing to store',
    series: { [storage('sum')]: '33x20', [storage('count')]: '5x20' },
    fires: [],
  },
  {
    when: 'does not divide by no answer',
    series: { [storage('sum')]: '0+3x20', [storage('count')]: '5x20' },
    fires: [],
  },
  {
    when: 'counts from 0 after a restart',
    series: { [storage('sum')]: '900+30x10 0+1x9', [storage('count')]: '90+10x10 0+10x9' },
    fires: [],
  },
  {
    when: 'does not mix two of them',
    series: {
      [storage('sum')]: '0+30x20',
      [storage('count')]: '0+10x20',
      [storage('sum', 'index-span', '200', 'other')]: '0+1x20',
      [storage('count', 'index-span', '200', 'other')]: '0+20x20',
    },
    fires: [{ instance: 'zipkin' }],
  },
  {
    when: 'ends when it is monitored no more',
    series: { [storage('sum')]: '0+30x15 stale', [storage('count')]: '0+10x15 stale' },
    fires: [],
  },
].map((one) => ({ alert: 'ZipkinStorageSlow', ...one }));

const queue = (instance: string) => `zipkin_storage_throttle_queue_size{job="zipkin",instance="${instance}"}`;
const throttled = casesOf('ZipkinStorageThrottled', 'warning');
const isThrottled = [
  throttled(
    'fires just above half of what fits, and only of that one',
    { [queue('a')]: '51x20', [queue('b')]: '9x20' },
    { instance: 'a' },
  ),
  throttled('does not fire at exactly that', { [queue('a')]: '50x20' }),
  throttled('fires after a minute', { [queue('a')]: '0x15 999x4' }, { instance: 'a' }),
  throttled('does not fire before that', { [queue('a')]: '0x16 999x3' }),
  throttled('does not fire of a queue that gets empty in between', { [queue('a')]: '999x16 0 999x2' }),
  throttled('ends when it is monitored no more', { [queue('a')]: '999x18 stale' }),
];

export const zipkin: readonly RuleCase[] = [
  ...ofCounter('ZipkinStorageErrors', spans, messages),
  ...ofCounter('ZipkinMessagesDropped', messages, spans),
  ...slow,
  ...isThrottled,
];

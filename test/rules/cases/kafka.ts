import type { AlertCase, Labels, RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

type Series = AlertCase['series'];

const labels = (instance: string, job: string) => `job="${job}",instance="${instance}"`;
/** What a partition of a topic holds, and what a group has read of it; `more` is a second exporter of the cluster. */
const written = (topic: string, partition = 0, instance = 'a', job = 'kafka') =>
  `kafka_topic_partition_current_offset{${labels(instance, job)},topic="${topic}",partition="${partition}"}`;
const read = (consumergroup: string, topic: string, partition = 0, instance = 'a', job = 'kafka') =>
  `kafka_consumergroup_current_offset{${labels(instance, job)},consumergroup="${consumergroup}",topic="${topic}",partition="${partition}"}`;
const group = (consumergroup: string, topic: string, instance = 'a') => ({ instance, consumergroup, topic });

const recorded: readonly RuleCase[] = [
  {
    record: 'consumergroup_topic:kafka_lag:sum',
    when: 'adds up partitions by the exporter that knows most, and tells groups, topics and clusters',
    series: {
      [written('t')]: '100x20',
      [written('t', 0, 'a', 'more')]: '90x20',
      [read('g', 't')]: '60x20',
      [read('g', 't', 0, 'a', 'more')]: '70x20',
      [written('t', 1)]: '50x20',
      [read('g', 't', 1)]: '45x20',
      [read('h', 't')]: '0x20',
      [written('u')]: '8x20',
      [read('g', 'u')]: '8x20',
      [written('t', 0, 'b')]: '3x20',
      [read('g', 't', 0, 'b')]: '1x20',
    },
    gives: [
      { labels: group('g', 't'), value: 35 },
      { labels: group('h', 't'), value: 100 },
      { labels: group('g', 'u'), value: 0 },
      { labels: group('g', 't', 'b'), value: 2 },
    ],
  },
  {
    record: 'consumergroup_topic:kafka_lag:sum',
    when: 'leaves out what was never read, and takes what was read between two questions for no lag',
    series: {
      [written('t')]: '100x20',
      [read('g', 't')]: '-1x20',
      [written('t', 1)]: '10x20',
      [read('g', 't', 1)]: '7x20',
      [written('t', 2)]: '50x20',
      [read('g', 't', 2)]: '55x20',
      [written('u')]: '9x20',
      [read('g', 'u')]: '-1x20',
    },
    gives: [{ labels: group('g', 't'), value: 3 }],
  },
  {
    record: 'consumergroup_topic:kafka_lag:sum',
    when: 'ends with the group, and with the topic',
    series: {
      [written('t')]: '9x20',
      [read('g', 't')]: '5x18 stale',
      [written('u')]: '9x18 stale',
      [read('h', 'u')]: '5x20',
    },
    gives: [],
  },
  {
    record: 'consumergroup_topic:kafka_consumed:deriv',
    when: 'adds up partitions by the exporter that knows most, and tells groups, topics and clusters',
    series: {
      [read('g', 't')]: '0+30x20',
      [read('g', 't', 0, 'a', 'more')]: '0+15x20',
      [read('g', 't', 1)]: '0+60x20',
      [read('g', 't', 2)]: '70x20',
      [read('h', 't')]: '0+15x20',
      [read('g', 'u')]: '70x20',
      [read('g', 't', 0, 'b')]: '0+45x20',
    },
    gives: [
      { labels: group('g', 't'), value: 6 },
      { labels: group('h', 't'), value: 1 },
      { labels: group('g', 'u'), value: 0 },
      { labels: group('g', 't', 'b'), value: 3 },
    ],
  },
  {
    record: 'consumergroup_topic:kafka_consumed:deriv',
    when: 'counts from the first commit on, and a topic that was made anew for nothing',
    series: {
      [read('g', 't')]: '-1x18 900x1',
      [read('g', 't', 1)]: '900x18 0+15x1',
      [read('h', 't')]: '0x18 30x1',
    },
    gives: [
      { labels: group('g', 't'), value: 0 },
      // From the sample of 0 on: 30 in the midst of the window.
      { labels: group('h', 't'), value: 0.8 },
    ],
  },
  {
    record: 'topic:kafka_produced:deriv',
    when: 'adds up partitions by the exporter that knows most, and tells topics and clusters',
    series: {
      [written('t')]: '0+30x20',
      [written('t', 0, 'a', 'more')]: '0+15x20',
      [written('t', 1)]: '0+60x20',
      [written('t', 2)]: '70x20',
      [written('t', 3)]: '900-15x20',
      [written('u')]: '70x20',
      [written('t', 0, 'b')]: '0+45x20',
    },
    gives: [
      { labels: { instance: 'a', topic: 't' }, value: 6 },
      { labels: { instance: 'a', topic: 'u' }, value: 0 },
      { labels: { instance: 'b', topic: 't' }, value: 3 },
    ],
  },
];

const up = (instance: string, job = 'kafka') => `up{${labels(instance, job)}}`;
const down = casesOf('KafkaDown', 'critical');
const isDown = [
  down(
    'fires a minute after offsets are no longer to be had, and only of that cluster',
    { [up('a')]: '1x20', [written('t')]: '5x15 stale', [up('b')]: '1x20', [written('t', 0, 'b')]: '5x20' },
    { instance: 'a' },
  ),
  down(
    'fires where the scrape fails as well',
    { [up('a')]: '1x15 0x4', [written('t')]: '5x15 stale' },
    { instance: 'a' },
  ),
  down('does not fire before a minute', { [up('a')]: '1x16 0x3', [written('t')]: '5x16 stale' }),
  down('does not fire for a topic that nobody writes to', { [up('a')]: '1x20', [written('t')]: '0x20' }),
  down('does not fire for one partition of which nothing is known', {
    [up('a')]: '1x20',
    [written('t')]: '-1x20',
    [written('t', 1)]: '5x20',
  }),
  down('is of no other system', { [up('a', 'zipkin')]: '0x20' }),
  down('ends when it is back', { [up('a')]: '0x19 1', [written('t')]: '_x19 5x1' }),
  down('ends when it is monitored no more', { [up('a')]: '0x18 stale' }),
];

/** A group that has yet to read so much, at a pace per 15 s. */
const behind = (lag: number, pace = 300): Series => ({
  [written('t')]: `${lag}+${pace}x20`,
  [read('g', 't')]: `0+${pace}x20`,
});
const warned = { ...group('g', 't'), severity: 'warning', budget: 'lag' };
const critical = { ...warned, severity: 'critical' };
const high = (when: string, series: Series, ...fires: Labels[]): RuleCase => ({
  alert: 'KafkaLagHigh',
  when,
  series,
  fires,
});
const lags: readonly RuleCase[] = [
  high('warns just above a hundred messages', behind(104), warned),
  high('does not warn just below', behind(96)),
  high('does not warn at exactly a hundred', behind(100)),
  high('is critical as well just above a thousand', behind(1040), warned, critical),
  high('only warns just below', behind(960), warned),
  high('only warns at exactly a thousand', behind(1000), warned),
  high('fires after a minute', { [written('t')]: '9x15 9999x4', [read('g', 't')]: '9x20' }, warned, critical),
  high('does not fire before that', { [written('t')]: '9x16 9999x3', [read('g', 't')]: '9x20' }),
  high('does not fire for an idle topic', { [written('t')]: '9x20', [read('g', 't')]: '9x20' }),
  high('does not fire for what a group has never read', { [written('t')]: '9999x20', [read('g', 't')]: '-1x20' }),
  high('ends when the topic is made anew', { [written('t')]: '9999x18 0x1', [read('g', 't')]: '9x20' }),
  high('ends when the group is deleted', { [written('t')]: '9999x20', [read('g', 't')]: '9x18 stale' }),
  high('does not mix two groups', {
    ...behind(60),
    [read('h', 't')]: '60+300x20',
    [written('u')]: '60x20',
    [read('g', 'u')]: '0x20',
  }),
];

const slow = casesOf('KafkaLagSecondsHigh', 'warning');
const ofSlow = { ...group('g', 't'), budget: 'lag_seconds' };
const seconds = [
  slow('fires just above half a minute', behind(624), ofSlow),
  slow('does not fire just below', behind(576)),
  slow('does not fire at exactly that', behind(600)),
  slow('takes a group that has stopped for a slow one', behind(3.12, 0), ofSlow),
  slow('does not fire for three messages of one', behind(2.88, 0)),
  slow('fires after a minute', { [written('t')]: '9x15 9999x4', [read('g', 't')]: '9x20' }, ofSlow),
  slow('does not fire before that', { [written('t')]: '9x16 9999x3', [read('g', 't')]: '9x20' }),
  slow('does not fire for an idle topic', behind(0, 0)),
  slow('ends when the topic is made anew', { [written('t')]: '9999x18 0x1', [read('g', 't')]: '9x20' }),
  slow('ends when the group is deleted', { [written('t')]: '9999x20', [read('g', 't')]: '9x18 stale' }),
  slow('does not mix two groups', { ...behind(624), [read('h', 't')]: '600+300x20' }, ofSlow),
];

/** A topic that gets so much in 15 s, and a group that reads so much of it. */
const traffic = (produced: number, consumed: number): Series => ({
  [written('t')]: `0+${produced}x20`,
  [read('g', 't')]: `0+${consumed}x20`,
});
const growing = casesOf('KafkaLagGrowing', 'warning');
const grows = [
  growing(
    'fires just above a tenth of what comes in',
    { ...traffic(300, 268.8), [read('h', 't')]: '0+300x20' },
    group('g', 't'),
  ),
  growing('does not fire just below', traffic(300, 271.2)),
  growing('does not fire at exactly a tenth', traffic(320, 288)),
  growing('fires of just over a message per second', traffic(15.6, 0), group('g', 't')),
  growing('does not fire of just under', traffic(14.4, 0)),
  growing('does not fire of exactly one', traffic(15, 0)),
  growing('fires after two minutes', { ...traffic(300, 0), [read('g', 't')]: '0+300x11 3300x8' }, group('g', 't')),
  growing('does not fire before that', { ...traffic(300, 0), [read('g', 't')]: '0+300x12 3600x7' }),
  growing('does not fire for commits in batches', {
    ...traffic(300, 0),
    [read('g', 't')]: '0x3 1200x3 2400x3 3600x3 4800x3',
  }),
  growing('does not fire for a backlog that stays', behind(9999)),
  growing('does not fire for an idle topic', { [written('t')]: '99x20', [read('g', 't')]: '9x20' }),
  growing('ends when the topic is made anew', { [written('t')]: '9000+300x18 0x1', [read('g', 't')]: '9x20' }),
  growing('ends when the group is deleted', { [written('t')]: '0+300x20', [read('g', 't')]: '9x15 stale' }),
  growing('does not mix two clusters', {
    ...traffic(300, 300),
    [written('t', 0, 'b')]: '0+3x20',
    [read('g', 't', 0, 'b')]: '0x20',
  }),
];

const stopped = casesOf('KafkaConsumerStopped', 'critical');
const stops = [
  stopped(
    'fires a minute after the last commit has left the window',
    { ...traffic(15, 0), [read('g', 't')]: '0+15x13 195x6', [read('h', 't')]: '0+15x20' },
    group('g', 't'),
  ),
  stopped('does not fire before that', { ...traffic(15, 0), [read('g', 't')]: '0+15x14 210x5' }),
  stopped('does not fire for one that reads slowly', traffic(300, 0.75)),
  stopped('does not fire for what lies in a topic that nobody writes to', {
    [written('t')]: '99x20',
    [read('g', 't')]: '98x20',
  }),
  stopped('fires for ever so little traffic', traffic(0.75, 0), group('g', 't')),
  stopped('does not fire for a partition of which it has never read', {
    [written('t')]: '9x20',
    [read('g', 't')]: '9x20',
    [written('t', 1)]: '0+15x20',
    [read('g', 't', 1)]: '-1x20',
  }),
  stopped(
    'fires for ever so little lag',
    {
      [written('t')]: '9x20',
      [read('g', 't')]: '8.95x20',
      [written('t', 1)]: '0+15x20',
      [read('g', 't', 1)]: '-1x20',
    },
    group('g', 't'),
  ),
  stopped('ends when the topic is made anew', { [written('t')]: '9000+15x18 0x1', [read('g', 't')]: '9x20' }),
  stopped('ends when the group is deleted', { [written('t')]: '0+15x20', [read('g', 't')]: '9x18 stale' }),
  stopped('does not mix two clusters', {
    [written('t')]: '99x20',
    [read('g', 't')]: '9x20',
    [written('t', 0, 'b')]: '0+15x20',
    [read('g', 't', 0, 'b')]: '0+15x20',
  }),
];

export const kafka: readonly RuleCase[] = [...recorded, ...isDown, ...lags, ...seconds, ...grows, ...stops];

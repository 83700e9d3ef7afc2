import type { RuleCase } from '../case.ts';
import { casesOf } from '../short.ts';

const a = { instance: 'a' };
const members = (consumergroup: string, instance = 'a') =>
  `kafka_consumergroup_members{job="kafka",instance="${instance}",consumergroup="${consumergroup}"}`;
/** A topic of which a group has read all but so much. */
const waiting = (lag: number, instance = 'a') => ({
  [`kafka_topic_partition_current_offset{job="kafka",instance="${instance}",topic="t",partition="0"}`]: `${lag}x80`,
  [`kafka_consumergroup_current_offset{job="kafka",instance="${instance}",consumergroup="g",topic="t",partition="0"}`]:
    '0x80',
});
const ofGroup = { ...a, consumergroup: 'g', topic: 't' };
const gone = casesOf('KafkaConsumersGone', 'warning');
const areGone = [
  gone(
    'fires a minute after the last has left',
    { ...waiting(9), [members('g')]: '2x15 0x4', [members('h')]: '1x20' },
    ofGroup,
  ),
  gone('does not fire before that', { ...waiting(9), [members('g')]: '2x16 0x3' }),
  gone('does not fire while one is there', { ...waiting(9), [members('g')]: '2x15 1x4' }),
  gone('does not fire where nothing waits', { ...waiting(0), [members('g')]: '2x10 0x9' }),
  gone('fires for ever so little', { ...waiting(0.05), [members('g')]: '2x10 0x9' }, ofGroup),
  gone('does not fire of a group that nobody uses', { ...waiting(9), [members('g')]: '0x20' }),
  gone('does not fire of a group that tells no members', waiting(9)),
  gone('ends when one is back', { ...waiting(9), [members('g')]: '2x10 0x8 1' }),
  gone('ends when the group is deleted', { ...waiting(9), [members('g')]: '2x10 0x7 stale' }),
  gone('does not mix two groups, nor two clusters', {
    ...waiting(9),
    [members('g')]: '2x20',
    [members('h')]: '2x10 0x9',
    [members('g', 'b')]: '2x10 0x9',
  }),
  { ...gone('stays for an hour', { ...waiting(9), [members('g')]: '2x12 0x57' }, ofGroup), at: '70m', interval: '1m' },
  { ...gone('ends after that', { ...waiting(9), [members('g')]: '2x8 0x61' }), at: '70m', interval: '1m' },
];

const ofPartition =
  (name: string) =>
  (topic: string, partition: number, instance = 'a', job = 'kafka') =>
    `${name}{job="${job}",instance="${instance}",topic="${topic}",partition="${partition}"}`;
const behind = ofPartition('kafka_topic_partition_under_replicated_partition');
const leader = ofPartition('kafka_topic_partition_leader');
const ofTopic = { ...a, topic: 't' };

const replicas = casesOf('KafkaUnderReplicated', 'critical');
const lackReplicas = [
  replicas(
    'fires after a minute for one of two partitions, and only of that topic',
    { [behind('t', 0)]: '0x20', [behind('t', 1)]: '0x15 1x4', [behind('u', 0)]: '0x20', [behind('t', 0, 'b')]: '0x20' },
    ofTopic,
  ),
  replicas('does not fire before that', { [behind('t', 0)]: '0x16 1x3' }),
  replicas('takes anything above 0 for yes', { [behind('t', 0)]: '0.05x20' }, ofTopic),
  replicas('does not fire while all have caught up', { [behind('t', 0)]: '0x20' }),
  replicas('ends when they have', { [behind('t', 0)]: '1x18 0x1' }),
  replicas('ends when the topic is deleted', { [behind('t', 0)]: '1x18 stale' }),
];

const offline = casesOf('KafkaPartitionsOffline', 'critical');
const lackLeaders = [
  offline(
    'fires after a minute for one of two partitions, and only of that topic',
    {
      [behind('t', 0)]: '0x20',
      [leader('t', 0)]: '1x20',
      [behind('t', 1)]: '0x20',
      [leader('t', 1)]: '1x15 stale',
      [behind('u', 1)]: '0x20',
      [leader('u', 1)]: '1x20',
      [behind('t', 1, 'b')]: '0x20',
      [leader('t', 1, 'b')]: '1x20',
    },
    ofTopic,
  ),
  offline('fires where there is none for any', { [behind('t', 0)]: '1x20', [behind('t', 1)]: '0x20' }, ofTopic),
  offline('does not fire before a minute', { [behind('t', 0)]: '0x20', [leader('t', 0)]: '1x16 stale' }),
  offline('does not fire for another leader, broker 0 among them', {
    [behind('t', 0)]: '0x20',
    [leader('t', 0)]: '2x10 0x9',
  }),
  offline('believes the exporter that knows of one', {
    [behind('t', 0)]: '0x20',
    [leader('t', 0, 'a', 'more')]: '1x20',
  }),
  offline('ends when there is one', { [behind('t', 0)]: '0x20', [leader('t', 0)]: '_x19 1' }),
  offline('ends when the topic is deleted', { [behind('t', 0)]: '0x18 stale' }),
];

const brokers = (instance: string, job = 'kafka') => `kafka_brokers{job="${job}",instance="${instance}"}`;
const lost = casesOf('KafkaBrokerLost', 'critical');
const hasLost = [
  lost('fires after a minute, and only of that cluster', { [brokers('a')]: '3x15 2x4', [brokers('b')]: '2x20' }, a),
  lost('does not fire before that', { [brokers('a')]: '3x16 2x3' }),
  lost('does not fire while all are there', { [brokers('a')]: '3x20' }),
  lost('does not fire for one more', { [brokers('a')]: '3x10 4x9' }),
  lost('ends when it is back', { [brokers('a')]: '3x10 2x8 3' }),
  lost('ends when the cluster is monitored no more', { [brokers('a')]: '3x10 2x7 stale' }),
  lost('does not add up two exporters, and believes the one that sees more', {
    [brokers('a')]: '3x20',
    [brokers('a', 'more')]: '3x10 2x9',
  }),
  lost('fires where both see fewer', { [brokers('a')]: '3x10 2x9', [brokers('a', 'more')]: '3x10 2x9' }, a),
  lost(
    'fires where the one that saw them all is asked beside a new one',
    { [brokers('a')]: '3x10 2x9', [brokers('a', 'more')]: '_x10 2x9' },
    a,
  ),
  { ...lost('stays for an hour', { [brokers('a')]: '3x12 2x57' }, a), at: '70m', interval: '1m' },
  { ...lost('takes fewer for all there are after that', { [brokers('a')]: '3x8 2x61' }), at: '70m', interval: '1m' },
];

export const kafkaCluster: readonly RuleCase[] = [...areGone, ...lackReplicas, ...lackLeaders, ...hasLost];

import { gauge } from '../../model/metric.ts';
import { type Matchers, max, select, sum } from '../../model/promql.ts';

export const labels = ['job', 'instance'] as const;

export const metrics = {
  currentOffset: gauge(
    'kafka_topic_partition_current_offset',
    [...labels, 'topic', 'partition'],
    'Offset of the next message.',
  ),
  committedOffset: gauge(
    'kafka_consumergroup_current_offset',
    [...labels, 'consumergroup', 'topic', 'partition'],
    'Offset a group has committed; -1 where it has committed none.',
  ),
  members: gauge('kafka_consumergroup_members', [...labels, 'consumergroup'], 'Consumers of a group.'),
  partitions: gauge('kafka_topic_partitions', [...labels, 'topic'], 'Partitions of a topic.'),
  // There is no series where a partition has no leader.
  leader: gauge('kafka_topic_partition_leader', [...labels, 'topic', 'partition'], 'Broker that leads a partition.'),
  underReplicated: gauge(
    'kafka_topic_partition_under_replicated_partition',
    [...labels, 'topic', 'partition'],
    'Whether a replica of a partition is behind or gone.',
  ),
  brokers: gauge('kafka_brokers', labels, 'Brokers that the exporter has seen.'),
};

/** The largest of each offset, since two exporters of one cluster report everything twice. */
export const written = max(select(metrics.currentOffset), 'instance', 'topic', 'partition');
export type OfGroup = Matchers<'instance' | 'consumergroup' | 'topic'>;
export const readOf = (matchers: OfGroup = {}) =>
  max(select(metrics.committedOffset, matchers), 'instance', 'consumergroup', 'topic', 'partition');

/**
 * Messages a group has yet to read. From the two offsets, because the lag that exporters report goes by
 * different names and counts a partition without a commit as -1. Never below 0, since the two are not read at the
 * same instant.
 */
export const ofGroup = ['instance', 'consumergroup', 'topic'] as const;
export const lagOf = (matchers: OfGroup = {}) =>
  sum(
    `clamp_min(${written} - on (instance, topic, partition) group_right () (${readOf(matchers)} >= 0), 0)`,
    ...ofGroup,
  );
export const lag = lagOf();

/** Offsets are gauges, and fall when a topic is made anew: what they grew by, and never less than nothing. */
export const perSecond = (offset: string, window: string) => `clamp_min(deriv((${offset})[${window}:]), 0)`;

export const produced = (window = '$__rate_interval') => sum(perSecond(written, window), 'instance', 'topic');
export const consumed = (window = '$__rate_interval', matchers: OfGroup = {}) =>
  sum(perSecond(`${readOf(matchers)} >= 0`, window), ...ofGroup);

/**
 * How long a group needs for what it has yet to read, at the pace at which it reads. One that has stopped is taken to
 * read a message in ten seconds, so that its backlog is a long time and not an infinite one.
 */
export const secondsFor = (behind: string, pace: string) => `${behind} / clamp_min(${pace}, 0.1)`;
export const lagSeconds = (window?: string, matchers: OfGroup = {}) =>
  secondsFor(lagOf(matchers), consumed(window, matchers));

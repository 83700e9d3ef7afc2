import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import { budgets, none } from '../model/budgets.ts';
import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { max, ruleWindow, select, sum } from '../model/promql.ts';
import type { Exporter, Target } from '../model/target.ts';
import { exporterResources } from './exporter-resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
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
  underReplicated: gauge(
    'kafka_topic_partition_under_replicated_partition',
    [...labels, 'topic', 'partition'],
    'Whether a replica of a partition is behind or gone.',
  ),
  brokers: gauge('kafka_brokers', labels, 'Brokers that the exporter has seen.'),
};

/** The largest of each offset, since two exporters of one cluster report everything twice. */
const written = max(select(metrics.currentOffset), 'instance', 'topic', 'partition');
const read = max(select(metrics.committedOffset), 'instance', 'consumergroup', 'topic', 'partition');

/**
 * Messages a group has yet to read. From the two offsets, because the lag that exporters report goes by
 * different names and counts a partition without a commit as -1. Never below 0, since the two are not read at the
 * same instant.
 */
const lag = sum(
  `clamp_min(${written} - on (instance, topic, partition) group_right () (${read} >= 0), 0)`,
  'instance',
  'consumergroup',
  'topic',
);

/** Offsets are gauges, and fall when a topic is made anew: what they grew by, and never less than nothing. */
const perSecond = (offset: string, window: string) => `clamp_min(deriv((${offset})[${window}:]), 0)`;

const produced = (window = '$__rate_interval') => sum(perSecond(written, window), 'instance', 'topic');
const consumed = (window = '$__rate_interval') =>
  sum(perSecond(`${read} >= 0`, window), 'instance', 'consumergroup', 'topic');

/**
 * How long a group needs for what it has yet to read, at the pace at which it reads. One that has stopped is taken to
 * read a message in ten seconds, so that its backlog is a long time and not an infinite one.
 */
const lagSeconds = (window?: string) => `${lag} / clamp_min(${consumed(window)}, 0.1)`;

/**
 * Offsets have to be asked of the brokers, while the number of brokers is reported from memory. While none
 * answers, the exporter is busy trying for longer than a scrape may take, so the scrape fails as well. A
 * cluster without a topic reads as down.
 */
const health = `${max(`(${select(metrics.currentOffset)} >= bool 0)`, 'instance')} or ${max('up{job="kafka"} * 0', 'instance')}`;

/** Kafka clusters, one kafka_exporter each. */
export function kafka(config: Config): Target | undefined {
  const { kafka: clusters } = config;
  if (clusters.length === 0) return undefined;
  return {
    name: 'kafka',
    title: 'Kafka',
    metrics,
    exporters: clusters.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: [systemDown('Kafka', health)],
    resources: [
      {
        resource: 'kafka-consumer',
        facet: 'saturation',
        of: 'instance',
        pressure: `${max(lagSeconds(ruleWindow(config)), 'instance')} / ${budgets.consumerLagSeconds.critical}`,
      },
      {
        resource: 'kafka-broker',
        facet: 'errors',
        of: 'instance',
        // One is one too many: a broker is behind or gone.
        pressure: max(select(metrics.underReplicated), 'instance'),
      },
    ],
    panels,
  };
}

const panels: readonly Panel[] = [
  {
    title: 'Kafka: consumer lag',
    description:
      'Messages a consumer group has yet to read, by topic. A level is a delay; a slope means the group cannot keep up with the load, however low the line still is.',
    type: 'timeseries',
    unit: 'short',
    thresholds: budgets.consumerLag,
    boards: ['overview', 'bottleneck'],
    queries: [{ expr: lag, legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Lag in seconds',
    description:
      'How long a group needs for its backlog at the pace at which it reads now. This is what a user waits for: a long line with a fast consumer is less than a short one with a slow.',
    type: 'timeseries',
    unit: 's',
    thresholds: budgets.consumerLagSeconds,
    boards: ['bottleneck'],
    queries: [{ expr: lagSeconds(), legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Growth of the lag',
    description:
      'Messages per second that come in and are not read. Above 0 for longer than a burst, the group is too slow: add consumers up to the number of partitions, or make them faster.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: `deriv((${lag})[$__rate_interval:])`, legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Messages produced',
    description:
      'Messages per second that were appended to each topic. Compare with the requests that should cause them.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: produced(), legend: '{{topic}}' }],
  },
  {
    title: 'Messages consumed',
    description:
      'Messages per second that each group has committed. Commits come in batches, so a short window zigzags; what counts is whether it keeps level with what is produced.',
    type: 'timeseries',
    unit: 'mps',
    boards: ['bottleneck'],
    queries: [{ expr: consumed(), legend: '{{consumergroup}} / {{topic}}' }],
  },
  {
    title: 'Consumers and partitions',
    description:
      'Members of a group beyond the partitions of its topic sit idle; a group that loses members is rebalancing, and reads nothing meanwhile. Groups of the newest protocol show none.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    queries: [
      { expr: max(select(metrics.members), 'instance', 'consumergroup'), legend: '{{consumergroup}} members' },
      { expr: max(select(metrics.partitions), 'instance', 'topic'), legend: '{{topic}} partitions', dashed: true },
    ],
  },
  {
    title: 'Under-replicated partitions',
    description:
      'Partitions of which a replica is behind or gone. Above 0, producers that wait for all replicas slow down, and the next broker that fails may lose messages.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [
      {
        expr: sum(max(select(metrics.underReplicated), 'instance', 'topic', 'partition'), 'instance'),
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Brokers',
    description:
      'Brokers that the exporter has seen. Fewer than there should be: look at their pods before anything else.',
    type: 'stat',
    unit: 'short',
    queries: [{ expr: max(select(metrics.brokers), 'instance'), legend: '{{instance}}' }],
  },
];

const exporter = ({ name: instance, brokers, version, tls, sasl }: Config['kafka'][number]): Exporter => ({
  name: `kafka-exporter-${instance}`,
  instance,
  image: 'kafkaExporter',
  args: [
    ...brokers.map((broker) => `--kafka.server=${broker}`),
    `--kafka.version=${version}`,
    // Nobody lags behind in Kafka's own topics, and their 50 partitions take most of a scrape.
    '--topic.exclude=^__.*',
    ...(tls ? ['--tls.enabled'] : []),
    ...(sasl
      ? [
          '--sasl.enabled',
          `--sasl.mechanism=${sasl.mechanism}`,
          '--sasl.username=$(SASL_USERNAME)',
          '--sasl.password=$(SASL_PASSWORD)',
        ]
      : []),
  ],
  env: sasl
    ? [
        { name: 'SASL_USERNAME', secret: sasl.credentialsSecret, key: 'username' },
        { name: 'SASL_PASSWORD', secret: sasl.credentialsSecret, key: 'password' },
      ]
    : [],
  port: 9308,
  probePath: '/healthz',
  user: 65534,
  resources: exporterResources,
  connects: brokers.map(parseAddress),
});

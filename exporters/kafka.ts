import { parseAddress } from '../model/address.ts';
import { systemDown } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import { max, select, sum } from '../model/promql.ts';
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
};

const written = max(select(metrics.currentOffset), 'instance', 'topic', 'partition');
const read = max(select(metrics.committedOffset), 'instance', 'consumergroup', 'topic', 'partition');

/**
 * Messages a group has yet to read. From the two offsets, because the lag that exporters report goes by
 * different names and counts a partition without a commit as -1. The largest of each, since two exporters of
 * one cluster report everything twice; never below 0, since the two are not read at the same instant.
 */
const lag = sum(
  `clamp_min(${written} - on (instance, topic, partition) group_right () (${read} >= 0), 0)`,
  'instance',
  'consumergroup',
  'topic',
);

/**
 * Offsets have to be asked of the brokers, while the number of brokers is reported from memory. While none
 * answers, the exporter is busy trying for longer than a scrape may take, so the scrape fails as well. A
 * cluster without a topic reads as down.
 */
const health = `${max(`(${select(metrics.currentOffset)} >= bool 0)`, 'instance')} or ${max('up{job="kafka"} * 0', 'instance')}`;

/** Kafka clusters, one kafka_exporter each. */
export function kafka({ kafka: clusters }: Config): Target | undefined {
  if (clusters.length === 0) return undefined;
  return {
    name: 'kafka',
    metrics,
    exporters: clusters.map(exporter),
    scrape: { discovery: { kind: 'exporters' } },
    health,
    alerts: [systemDown('Kafka', health)],
    overview: [
      {
        title: 'Kafka: consumer lag',
        description:
          'Messages a consumer group has yet to read, by topic. A level is a delay; a slope means the group cannot keep up with the load, however low the line still is.',
        type: 'timeseries',
        unit: 'short',
        thresholds: { warning: 100, critical: 1000 },
        queries: [{ expr: lag, legend: '{{consumergroup}} / {{topic}}' }],
      },
    ],
  };
}

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

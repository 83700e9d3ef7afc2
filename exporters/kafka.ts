import { parseAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import { worseAbove } from '../model/panel.ts';
import { max, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { exporterResources } from './resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  brokers: gauge('kafka_brokers', labels, 'Brokers of the cluster.'),
  written: gauge(
    'kafka_topic_partition_current_offset',
    [...labels, 'topic', 'partition'],
    'Offset of the next message.',
  ),
  read: gauge(
    'kafka_consumergroup_current_offset',
    [...labels, 'consumergroup', 'topic', 'partition'],
    'Offset a group has committed; -1 where it has committed none.',
  ),
};

const exporterName = (instance: string) => `kafka-exporter-${instance}`;

/**
 * Messages a group has yet to read. From the two offsets, because the lag that exporters report goes by
 * different names and counts a partition without a commit as -1. The largest of each, since two exporters of
 * one cluster report everything twice; never below 0, since the two are not read at the same instant.
 */
const lag = sum(
  `clamp_min(${max(select(metrics.written), 'instance', 'topic', 'partition')} - on (instance, topic, partition) group_right () (${max(select(metrics.read), 'instance', 'consumergroup', 'topic', 'partition')} >= 0), 0)`,
  'instance',
  'consumergroup',
  'topic',
);

/** Kafka clusters, one kafka_exporter each. */
export const kafka = ({ kafka: clusters }: Config): Target | undefined =>
  clusters.length === 0
    ? undefined
    : {
        name: 'kafka',
        metrics,
        exporters: clusters.map(({ name, brokers, version, tls, sasl }) => ({
          name: exporterName(name),
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
        })),
        scrape: {
          discovery: {
            kind: 'static',
            endpoints: clusters.map(({ name }) => ({
              address: { host: exporterName(name), port: 9308 },
              instance: name,
            })),
          },
        },
        // The exporter reports the brokers it once knew, whether or not they answer; offsets it has to ask for.
        health: `${max(`(${select(metrics.written)} >= bool 0)`, 'instance')} or ${max(`up{job="kafka"} * 0`, 'instance')}`,
        overview: [
          {
            title: 'Kafka: consumer lag',
            description:
              'Messages a consumer group has yet to read, by topic. A level is a delay; a slope means the group cannot keep up with the load, however low the line still is.',
            type: 'timeseries',
            unit: 'short',
            thresholds: worseAbove(100, 1000),
            queries: [
              {
                expr: lag,
                legend: '{{consumergroup}} / {{topic}}',
              },
            ],
          },
        ],
      };

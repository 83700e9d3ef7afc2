import { parseAddress } from '../model/address.ts';
import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import { max, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { worseAbove } from '../model/panel.ts';
import { exporterResources } from './resources.ts';

const labels = ['job', 'instance'] as const;

const metrics = {
  brokers: gauge('kafka_brokers', labels, 'Brokers of the cluster.'),
  lag: gauge(
    'kafka_consumergroup_lag',
    [...labels, 'consumergroup', 'topic', 'partition'],
    'Messages a group has yet to read; -1 in a partition without a committed offset.',
  ),
};

const exporterName = (instance: string) => `kafka-exporter-${instance}`;

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
            endpoints: clusters.map(({ name }) => ({ address: { host: exporterName(name), port: 9308 }, instance: name })),
          },
        },
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
                // The largest per partition, since two exporters of one cluster would report it twice; -1 is "none", not less.
                expr: sum(
                  `clamp_min(${max(select(metrics.lag, { topic: '!~__.*' }), 'instance', 'consumergroup', 'topic', 'partition')}, 0)`,
                  'instance',
                  'consumergroup',
                  'topic',
                ),
                legend: '{{consumergroup}} / {{topic}}',
              },
            ],
          },
        ],
      };

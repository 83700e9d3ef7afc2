import { parseAddress } from '../../model/address.ts';
import type { Config } from '../../model/config.ts';
import { max, ruleWindow, select } from '../../model/promql.ts';
import type { Exporter, Target } from '../../model/target.ts';
import { exporterResources } from '../exporter-resources.ts';
import { alerts } from './alerts.ts';
import { indicators } from './indicators.ts';
import { lagSeconds, metrics } from './lag.ts';
import { panels } from './panels.ts';
import { recorded, recordings } from './recordings.ts';

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
    recordings: recordings(config),
    alerts: alerts(config, health),
    resources: [
      {
        resource: 'kafka-consumer',
        facet: 'saturation',
        of: 'instance',
        pressure: `${max(lagSeconds(ruleWindow(config)), 'instance')} / 30`,
      },
      {
        resource: 'kafka-broker',
        facet: 'errors',
        of: 'instance',
        // One is one too many: a broker is behind or gone.
        pressure: max(select(metrics.underReplicated), 'instance'),
      },
    ],
    indicators: indicators(config),
    figures: [{ name: 'lag', expr: recorded.lag() }],
    panels: panels(config),
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

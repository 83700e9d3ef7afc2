import { k8s } from 'cdk8s-plus-27';
import type { Config } from '../model/config.ts';
import type { Images } from '../model/images.ts';
import type { EnvVar } from '../model/target.ts';
import { bot as botName, metricsPort } from '../runs/names.ts';
import type { PodTemplate } from '../runs/plan.ts';
import { podTemplate } from './lib/pod.ts';
import type { Program } from './lib/program.ts';
import { resourcesFor } from './lib/resources.ts';
import { placement } from './runner.ts';

type KafkaBot = Config['kafkaBots'][number];

/** The pod of a Kafka bot, but for what a launch says: which run, how much, which part of it. */
export function botTemplate(bot: KafkaBot, config: Config, images: Images, program: Program | undefined): PodTemplate {
  const cluster = config.kafka.find(({ name }) => name === bot.cluster);
  const template = podTemplate({
    name: botName,
    image: images.node,
    command: program?.command,
    // The loader is an expression for Node: what follows the dashes is for the program.
    args: ['--', ...flagsOf(bot, cluster)],
    env: [
      ...credentials(cluster),
      ...(bot.json ? [{ name: 'TEMPLATE_JSON', value: bot.json }] : []),
      // Until the last values are scraped.
      { name: 'LINGER', value: String(2 * Number.parseInt(config.scrapeInterval, 10)) },
      // Kubernetes shows it in the status of the pod, where the coordinator finds it.
      { name: 'RESULT_FILE', value: '/dev/termination-log' },
    ],
    ports: { metrics: metricsPort },
    user: 65534,
    resources: resourcesFor(config.profile, 'kafkaBot'),
    restartPolicy: 'Never',
    // To wait for the acknowledgment of what is under way.
    terminationGracePeriodSeconds: 60,
    volumes: program?.volumes,
  });
  const placed = { ...template, spec: template.spec && { ...template.spec, ...placement(config, botName) } };
  return k8s.toJson_PodTemplateSpec(placed) as PodTemplate;
}

const acks = { all: 'all', leader: '1', none: '0' } as const;

/** Each as `--flag=value`, since a value may begin with a dash. */
function flagsOf(bot: KafkaBot, cluster: Config['kafka'][number] | undefined): string[] {
  const { topics, template, json, messageSize, keys, compression, client, consumerGroups, drain } = bot;
  const of = (flag: string, value: string | number | undefined) => (value === undefined ? [] : [`--${flag}=${value}`]);
  return [
    ...of('bootstrap-servers', cluster?.brokers.join(',')),
    ...topics.flatMap(({ name, weight }) => of('topic', `${name}=${weight}`)),
    ...(bot.allowWrites ? ['--allow-writes'] : []),
    ...of('service', bot.service),
    ...(json ? [] : of('template', template)),
    ...of('message-size', messageSize),
    ...of('keys', keys),
    ...of('acks', acks[bot.acks]),
    ...((bot.idempotence ?? bot.acks === 'all') ? [] : ['--no-idempotence']),
    ...of('compression', compression),
    ...of('client', client),
    ...consumerGroups.flatMap((group) => of('consumer-group', group)),
    ...of('drain', drain),
    ...of('metrics-port', metricsPort),
    ...(cluster?.tls ? ['--tls'] : []),
    ...of('sasl-mechanism', cluster?.sasl?.mechanism.replace('sha', 'sha-')),
  ];
}

const credentials = (cluster: Config['kafka'][number] | undefined): EnvVar[] =>
  cluster?.sasl
    ? [
        { name: 'SASL_USERNAME', secret: cluster.sasl.credentialsSecret, key: 'username' },
        { name: 'SASL_PASSWORD', secret: cluster.sasl.credentialsSecret, key: 'password' },
      ]
    : [];

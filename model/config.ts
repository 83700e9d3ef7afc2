import * as z from 'zod';
import { Alerting } from './alerting.ts';
import { BudgetEntry, contradictions, withDefaults } from './budget.ts';
import { ConsistencyEntry } from './consistency.ts';
import { CostRates } from './cost.ts';
import { crossChecks } from './cross-checks.ts';
import { withDemo } from './demo.ts';
import { Elasticsearch } from './elasticsearch.ts';
import { defaultImages, type ImageName } from './images.ts';
import { KafkaBot } from './kafka-bot.ts';
import { AllowedTargets, LoadGenerators, LoadTest, Schedule, Suite } from './load-test.ts';
import { namedList } from './named-list.ts';
import { Output } from './output.ts';
import {
  dnsLabel,
  dnsSubdomain,
  duration,
  hostPort,
  image,
  labelMap,
  port,
  prometheusSize,
  secretRef,
  storageQuantity,
  webUrl,
} from './patterns.ts';
import { StoredMetrics } from './stored-metrics.ts';
import { Tracing } from './tracing.ts';

/** Leaves room in 63 characters for what is put around it: "mysql-user-" and a hash, at the longest. */
const instanceName = dnsLabel(40);

/** Kubernetes cuts the pod names of longer ones, and their service could not be told from the name any more. */
const workloadName = dnsLabel(46);

const Retention = z.strictObject({
  time: duration.default('15d').meta({ description: 'How long samples are kept.' }),
  size: prometheusSize
    .default('8GB')
    .meta({ description: 'How much disk blocks may take before the oldest go; less than storage.prometheus.' }),
});

const Storage = z.strictObject({
  className: dnsSubdomain.optional().meta({
    description: "StorageClass of every volume. Left out: the cluster's default class.",
  }),
  prometheus: storageQuantity.default('10Gi').meta({ description: 'Volume of Prometheus.' }),
  alertmanager: storageQuantity
    .default('1Gi')
    .meta({ description: 'Volume of Alertmanager: silences, notifications.' }),
  grafana: storageQuantity.default('1Gi').meta({ description: 'Volume of Grafana: users, preferences.' }),
  elasticsearch: storageQuantity.default('10Gi').meta({ description: "Volume of Zipkin's own Elasticsearch." }),
});

const Images = z.strictObject({
  registry: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$/, 'must be a registry, for example registry.example.com/mirror')
    .optional()
    .meta({ description: 'Takes the place of the registry host of every image that has no override.' }),
  overrides: z
    .strictObject(
      Object.fromEntries(
        Object.entries(defaultImages).map(([name, reference]) => [
          name,
          image.optional().meta({ description: `In place of \`${reference}\`.` }),
        ]),
      ) as Record<ImageName, z.ZodOptional<typeof image>>,
    )
    .prefault({})
    .meta({ description: 'Whole references that take the place of single images.' }),
});

const Service = z.strictObject({
  name: workloadName.meta({
    description: 'The value of the `service` label on application, container and load metrics.',
  }),
  namespace: dnsLabel().meta({ description: 'Where its pods run.' }),
  selector: labelMap
    .optional()
    .meta({ description: 'Labels of its pods. Left out: app.kubernetes.io/name with the name of the service.' }),
  workload: workloadName.optional().meta({
    description:
      'Name of its Deployment, StatefulSet or DaemonSet, from which its pods are named. Left out: the name of the service.',
  }),
  port: port.meta({ description: 'Container port that serves the metrics.' }),
  metricsPath: z
    .string()
    .regex(/^\/[^\s;]*$/, 'must be a path that starts with "/"')
    .default('/actuator/prometheus')
    .meta({ description: 'Path that serves the metrics.' }),
  framework: z
    .enum(['micrometer'])
    .default('micrometer')
    .meta({ description: 'Whose metric names the service exposes.' }),
  runtime: z.enum(['jvm', 'node']).default('jvm').meta({
    description: 'What the service runs on: `node` adds the lag of the event loop, under the names of prom-client.',
  }),
});

const Mysql = z
  .strictObject({
    name: instanceName.meta({ description: 'The value of the `instance` label.' }),
    address: hostPort.meta({ description: 'host:port of the server.' }),
    credentialsSecret: secretRef.optional().meta({
      description: 'Secret with `username` and `password` of a user that exists on the server.',
    }),
    adminSecret: secretRef.optional().meta({
      description:
        'Secret with `username` and `password` of a user that may create users. A Job then makes the least-privilege user of the exporter, with a generated password.',
    }),
  })
  .refine((mysql) => Boolean(mysql.credentialsSecret) !== Boolean(mysql.adminSecret), {
    message:
      'needs either credentialsSecret (a user that exists) or adminSecret (the user is made for you), and not both',
  });

const Redis = z.strictObject({
  name: instanceName.meta({ description: 'The value of the `instance` label.' }),
  address: hostPort.meta({ description: 'host:port of the server.' }),
  tls: z.boolean().default(false).meta({ description: 'Whether the server speaks TLS.' }),
  credentialsSecret: secretRef.optional().meta({
    description: 'Secret with `password`, and `username` where the server has ACL users.',
  }),
});

const Kafka = z.strictObject({
  name: instanceName.meta({ description: 'The value of the `instance` label.' }),
  brokers: z.array(hostPort).min(1).meta({ description: 'host:port of one or more brokers.' }),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 3.9.0')
    .default('2.1.0')
    .meta({
      description:
        'Protocol version that the exporter speaks: at most that of the brokers. The default is the oldest that Kafka 4 still takes.',
    }),
  tls: z.boolean().default(false).meta({ description: 'Whether the brokers speak TLS.' }),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha256', 'scram-sha512']).meta({ description: 'How the exporter logs in.' }),
      credentialsSecret: secretRef.meta({ description: 'Secret with `username` and `password`.' }),
    })
    .optional()
    .meta({ description: 'Left out: the brokers ask for no login.' }),
});

const count = (preset: number, max: number) => z.int().min(1).max(max).default(preset);

const Demo = z.strictObject(
  {
    autoscaling: z
      .strictObject({
        maxReplicas: z.int().min(2).max(5).meta({
          description: 'How many pods of a service there are at most; each has ten connections to MySQL.',
        }),
      })
      .optional()
      .meta({
        description:
          'Services get more pods when their CPU is busy, which takes a metrics-server in the cluster. Left out: one pod of each.',
      }),
    seed: z
      .strictObject({
        users: count(1000, 100_000).meta({ description: 'Users that can log in.' }),
        products: count(1000, 100_000).meta({ description: 'Products.' }),
        stock: count(1000, 1_000_000).meta({ description: 'How many of a product there are.' }),
        points: count(1_000_000_000, 1_000_000_000_000).meta({ description: 'Points a user can pay with.' }),
        coupons: count(1000, 10_000).meta({ description: 'How many of a coupon there are.' }),
        posts: count(500, 100_000).meta({ description: 'Posts of the blog.' }),
        reviews: count(100_000, 1_000_000).meta({ description: 'Reviews that can be searched.' }),
      })
      .prefault({})
      .meta({ description: 'What there is in the shop before the first load test.' }),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be true, false or a map of fields' : undefined) },
);

/** `true` is the demo with every default, and `false` is none. */
const demo = z.preprocess((value) => (value === true ? {} : value === false ? undefined : value), Demo.optional());

/** What a config may say. */
const Fields = z.strictObject({
  namespace: dnsLabel(40).default('loadscope').meta({ description: 'Namespace that the stack is made in.' }),
  profile: z.enum(['default', 'scale']).default('default').meta({
    description: 'How much CPU and memory the stack itself gets: `scale` is for over 50 services or long soaks.',
  }),
  scrapeInterval: z
    .string()
    // A series is stale after five minutes; two scrapes have to fit, and one may fail.
    .regex(/^([1-9]|[1-9]\d|1[01]\d|120)s$/, 'must be from 1s to 120s, in whole seconds')
    .default('15s')
    .meta({ description: 'How often Prometheus scrapes, from 1s to 120s.' }),
  retention: Retention.prefault({}).meta({ description: 'What Prometheus keeps.' }),
  storage: Storage.prefault({}).meta({ description: 'Persistent volumes.' }),
  images: Images.prefault({}).meta({ description: 'Where images come from: mirrors and air-gapped clusters.' }),
  containerMetrics: z
    .strictObject({
      source: z.enum(['kubelet', 'cadvisor']).default('kubelet').meta({
        description:
          "`kubelet`: /metrics/cadvisor of every node's kubelet. `cadvisor`: a DaemonSet, for clusters whose kubelets cannot be reached; it needs root on the nodes and so a namespace of its own.",
      }),
    })
    .prefault({})
    .meta({ description: 'Where CPU, memory and network of containers come from.' }),
  metrics: StoredMetrics.prefault({}).meta({ description: 'Which of the metrics that are scraped are stored.' }),
  services: namedList(Service).meta({ description: 'Services under test.' }),
  mysql: namedList(Mysql).meta({ description: 'MySQL and MariaDB servers.' }),
  redis: namedList(Redis).meta({ description: 'Redis and Valkey servers.' }),
  kafka: namedList(Kafka).meta({ description: 'Kafka clusters.' }),
  elasticsearch: namedList(Elasticsearch).meta({ description: 'Elasticsearch and OpenSearch servers under test.' }),
  tracing: Tracing.prefault({}).meta({
    description: 'Traces: how many, where, and for how long ([tracing.md](tracing.md)).',
  }),
  nativeHistograms: z.boolean().default(true).meta({
    description:
      'Whether load generators push response times as native histograms. `false` is for a remote end that has none: percentiles of each runner then, which nothing can put together afterwards.',
  }),
  zipkinUrl: webUrl.default('http://localhost:9411/zipkin').meta({
    description: "Where a browser finds Zipkin's UI, for links from panels. The default is a `kubectl port-forward`.",
  }),
  grafanaUrl: webUrl.default('http://localhost:3000').meta({
    description: 'Where a browser finds Grafana, for links from alerts. The default is a `kubectl port-forward`.',
  }),
  budgets: z.array(BudgetEntry).default([]).superRefine(contradictions).meta({
    description:
      'What is good enough. Each takes the place of the default with the same indicator, subject and severity; a narrower one takes the place of a wider ([budgets.md](budgets.md)).',
  }),
  alerting: Alerting.prefault({}).meta({ description: 'Who is told of alerts, and where it says what to do.' }),
  loadTests: namedList(LoadTest).meta({
    description: 'Load tests that can be launched. Applying the stack starts none.',
  }),
  kafkaBots: namedList(KafkaBot).meta({
    description: 'Load tests of Kafka, which send messages and prove that they arrive ([kafka-bot.md](kafka-bot.md)).',
  }),
  suites: namedList(Suite).meta({ description: 'Load tests that are launched one after the other.' }),
  schedules: namedList(Schedule).meta({ description: 'Load tests and suites that are launched by the clock.' }),
  allowedTargets: AllowedTargets.prefault({}).meta({
    description: 'Where load may go beside the namespaces of `services`: load tests of other addresses are refused.',
  }),
  loadGenerators: LoadGenerators.prefault({}).meta({ description: 'Where load is made, and who else is told of it.' }),
  consistency: namedList(ConsistencyEntry).meta({
    description: 'What has to be true of the data after a run, or it fails ([consistency.md](consistency.md)).',
  }),
  cost: CostRates.prefault({}).meta({
    description: 'What CPU and memory cost, for the price of a run in its report ([cost.md](cost.md)).',
  }),
  output: Output.prefault({ mode: 'plain' }).meta({ description: 'What the manifests are made for.' }),
  demo: demo.prefault(false).meta({
    // What the preprocessing takes, which no schema tells.
    type: ['boolean', 'object'],
    description:
      'A shop to load-test where there is none: six services over MySQL, Redis, Kafka and Elasticsearch in a namespace of its own, monitored like any other. `true` is the same as `{}`.',
  }),
});

/** What differs between clusters, and what is monitored and load-tested: the demo too, where it is on. */
export const Config = Fields.superRefine(crossChecks, {
  when: ({ value }) => typeof value === 'object' && value !== null,
}).transform((config) => withDemo({ ...config, budgets: withDefaults(config.budgets) }));

export type Config = z.infer<typeof Fields>;
export type ServiceConfig = z.infer<typeof Service>;

/** Whether there is anything to launch. */
export const hasRuns = ({ loadTests, kafkaBots }: Pick<Config, 'loadTests' | 'kafkaBots'>): boolean =>
  loadTests.length > 0 || kafkaBots.length > 0;

/** Where a cAdvisor of the stack's own runs: what it needs of the nodes, the stack's namespace forbids. */
export const cadvisorNamespace = ({ namespace }: Config): string => `${namespace}-cadvisor`;

/** The JSON Schema of the file, for editors: what may be written, with the defaults. */
export const configJsonSchema = () => ({
  title: 'Loadscope config',
  ...z.toJSONSchema(Config, { io: 'input', target: 'draft-7' }),
});

import { ApiObject } from 'cdk8s';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../model/config-file.ts';
import { planName } from '../runs/names.ts';
import type { Plan } from '../runs/plan.ts';
import { stack } from '../synth/app.ts';

/** A config with one of everything. */
export const fullConfig = {
  services: [
    { name: 'shop', namespace: 'shop', selector: { app: 'shop' }, port: 8080 },
    { name: 'auth', namespace: 'identity', workload: 'auth-server', port: 9090, metricsPath: '/metrics' },
  ],
  mysql: [
    { name: 'made', address: 'mysql.data.svc.cluster.local:3306', adminSecret: 'mysql-admin' },
    { name: 'given', address: 'db.example.com:3307', credentialsSecret: 'mysql-reader' },
  ],
  redis: [{ name: 'cache', address: 'redis.data:6379', tls: true, credentialsSecret: 'redis-reader' }],
  kafka: [
    {
      name: 'events',
      brokers: ['kafka-0.kafka.data.svc:9092', 'kafka-1.kafka.data.svc:9092'],
      tls: true,
      sasl: { mechanism: 'scram-sha512', credentialsSecret: 'kafka-reader' },
    },
  ],
  loadTests: [{ name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop.svc.cluster.local' }],
};

/** The same, with a shop to load-test. */
export const demoConfig = { ...fullConfig, demo: true };

/** The same as the first, for a cluster that has a Prometheus Operator and a Grafana. */
export const operatorConfig = {
  ...fullConfig,
  output: {
    mode: 'operator',
    prometheus: {
      namespace: 'monitoring',
      labels: { release: 'kps', 'a.b/c': 'd' },
      remoteWriteUrl: 'http://prometheus-operated.monitoring.svc:9090/api/v1/write',
    },
    grafana: { namespace: 'grafana' },
  },
};

export const configOf = (config: unknown) => parseConfig('test', stringify(config));

// biome-ignore lint/suspicious/noExplicitAny: manifests of every kind, read by tests that know which they ask for
export type Manifest = any;

/** Every object of a config's stack, as it is written and in the order of the files. */
export const manifestsOf = (config: unknown): Manifest[] =>
  stack(configOf(config)).charts.flatMap((chart) =>
    chart.node
      .findAll()
      .filter(ApiObject.isApiObject)
      .map((object) => object.toJson()),
  );

/** @param namespace needed where the stack and the demo have objects of that name */
export const find = (manifests: readonly Manifest[], kind: string, name: string, namespace?: string): Manifest => {
  const found = manifests.filter(
    (manifest) =>
      manifest.kind === kind &&
      manifest.metadata.name === name &&
      (namespace === undefined || manifest.metadata.namespace === namespace),
  );
  if (found.length !== 1) throw new Error(`${found.length} objects are ${kind} ${name}`);
  return found[0];
};

/** What coordinators know of the stack; of a stack without load tests, none. */
export const planOf = (manifests: readonly Manifest[]): Pick<Plan, 'loadTests'> => {
  const { data } = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === planName) ?? {};
  return data ? JSON.parse(data['plan.json']) : { loadTests: {} };
};

/** The container of a load test's runners. */
export const runnerOf = (manifests: readonly Manifest[], loadTest: string): Manifest =>
  planOf(manifests).loadTests[loadTest]?.template.spec.containers[0];

/** Pod templates of all workloads, with the kind and name of what makes them; those that coordinators make, too. */
export const podsOf = (manifests: readonly Manifest[]) => [
  ...manifests.flatMap(({ kind, metadata, spec }) => {
    const template = kind === 'CronJob' ? spec.jobTemplate.spec.template : spec?.template;
    return template ? [{ workload: `${kind} ${metadata.name}`, namespace: metadata.namespace, template }] : [];
  }),
  ...Object.entries(planOf(manifests).loadTests).map(([name, { template }]) => ({
    workload: `runners of ${name}`,
    namespace: find(manifests, 'ConfigMap', planName).metadata.namespace,
    template: template as Manifest,
  })),
];

export const prometheusYaml = (manifests: readonly Manifest[]): Manifest =>
  parse(find(manifests, 'ConfigMap', 'prometheus-config').data['prometheus.yml']);

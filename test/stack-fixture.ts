import { ApiObject } from 'cdk8s';
import { parse } from 'yaml';
import { planName } from '../runs/names.ts';
import type { Plan } from '../runs/plan.ts';
import { stack } from '../synth/app.ts';
import { configOf } from './config-fixture.ts';

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

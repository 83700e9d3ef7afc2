import { demoConfig, fullConfig } from './config-fixture.ts';
import { type Manifest, manifestsOf } from './stack-fixture.ts';

/** What an account may do, and where: every rule that a binding gives it. */
function rights(manifests: Manifest[], account: string): string[] {
  return manifests
    .filter(
      ({ kind, subjects = [] }) => /Binding$/.test(kind) && subjects.some(({ name }: Manifest) => name === account),
    )
    .flatMap(({ metadata, roleRef }) => {
      const role = manifests.find(
        ({ kind, metadata: own }) =>
          kind === roleRef.kind && own.name === roleRef.name && own.namespace === metadata.namespace,
      );
      return role.rules.map(
        ({ resources, verbs, resourceNames = [] }: Record<string, string[]>) =>
          `${metadata.namespace ?? 'cluster'}: ${[verbs, resources, ...resourceNames].join(' ')}`,
      );
    })
    .sort();
}

test('Prometheus discovers pods where services are, and reads kubelets', () => {
  expect(rights(manifestsOf(fullConfig), 'prometheus')).toEqual([
    'cluster: get nodes/metrics',
    'cluster: list,watch nodes',
    'identity: list,watch pods',
    'shop: list,watch pods',
  ]);
});

test('with a cAdvisor of its own it has no right in the cluster as a whole', () => {
  expect(rights(manifestsOf({ ...fullConfig, containerMetrics: { source: 'cadvisor' } }), 'prometheus')).toEqual([
    'identity: list,watch pods',
    'loadscope-cadvisor: list,watch pods',
    'shop: list,watch pods',
  ]);
});

test('kube-state-metrics sees pods where services are', () => {
  expect(rights(manifestsOf(fullConfig), 'kube-state-metrics')).toEqual([
    'identity: list,watch pods',
    'loadscope: list,watch pods',
    'shop: list,watch pods',
  ]);
});

test('the maker of Secrets reads none', () => {
  expect(rights(manifestsOf(fullConfig), 'make-secrets')).toEqual(['loadscope: create secrets']);
});

test('with the demo it makes Secrets there too, and reads and writes those that are copied', () => {
  expect(rights(manifestsOf(demoConfig), 'make-secrets')).toEqual([
    'loadscope-demo: create secrets',
    'loadscope-demo: get secrets demo-user',
    'loadscope-demo: get secrets mysql-root',
    'loadscope: create secrets',
    'loadscope: update secrets demo-mysql-root',
    'loadscope: update secrets demo-user',
  ]);
});

test('a coordinator does what a run takes, in its own namespace, and reads no Secret', () => {
  expect(rights(manifestsOf(demoConfig), 'coordinator')).toEqual([
    'loadscope: create secrets',
    'loadscope: create,get,delete testruns',
    'loadscope: create,get,list,delete jobs',
    'loadscope: create,get,list,patch,delete configmaps',
    'loadscope: list,delete pods',
  ]);
});

test('nobody else has any', () => {
  const accounts = manifestsOf(demoConfig).filter(({ kind }) => kind === 'ServiceAccount');
  expect(accounts.map(({ metadata }) => metadata.name).sort()).toEqual([
    'coordinator',
    'kube-state-metrics',
    'make-secrets',
    'prometheus',
  ]);
});

test('two stacks in a cluster share no object', () => {
  const keys = (namespace: string) =>
    manifestsOf({ ...demoConfig, namespace }).map(
      ({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`,
    );
  const second = new Set(keys('two'));
  expect(keys('one').filter((key) => second.has(key))).toEqual([]);
});

test('every namespace that the stack makes is made before what is in it', () => {
  const made = new Set<string>();
  const manifests = manifestsOf({ ...demoConfig, containerMetrics: { source: 'cadvisor' } });
  const own = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  expect(own).toEqual(['loadscope', 'loadscope-cadvisor', 'loadscope-demo']);
  for (const { kind, metadata } of manifests) {
    if (kind === 'Namespace') made.add(metadata.name);
    else if (own.includes(metadata.namespace)) expect(made).toContain(metadata.namespace);
  }
});

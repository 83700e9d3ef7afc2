import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoServices } from '../model/demo.ts';
import { manifestErrors } from '../synth/check.ts';
import { demoConfig, fullConfig } from './config-fixture.ts';
import { relabel } from './relabel.ts';
import { find, type Manifest, manifestsOf, planOf, podsOf, prometheusYaml } from './stack-fixture.ts';

const manifests = manifestsOf(demoConfig);
const namespace = 'loadscope-demo';
const inDemo = manifests.filter(({ metadata }) => metadata.namespace === namespace);
const keys = (objects: Manifest[]) =>
  objects.map(({ kind, metadata }) => `${metadata.namespace} ${kind} ${metadata.name}`);
const services = [...demoServices];

test('a stack without it is the stack that there was', () => {
  const without = manifestsOf(fullConfig);
  expect(manifestsOf({ ...fullConfig, demo: false })).toEqual(without);
  expect(JSON.stringify(without)).not.toContain(namespace);
});

describe('is monitored like any other shop', () => {
  const { scrape_configs: jobs } = prometheusYaml(manifests);
  const job = (name: string) => jobs.find(({ job_name }: Manifest) => job_name === name);

  test.each(services)('%s is scraped on its management port', (name) => {
    const [{ namespaces }] = job('service').kubernetes_sd_configs;
    expect(namespaces.names).toContain(namespace);
    const { template } = podsOf(inDemo).find(({ workload }) => workload === `Deployment ${name}`) ?? {};
    const found = relabel(
      {
        __meta_kubernetes_namespace: namespace,
        __meta_kubernetes_pod_name: `${name}-7d9f8c6b5-x2k4z`,
        __meta_kubernetes_pod_phase: 'Running',
        __meta_kubernetes_pod_ip: '10.0.0.7',
        __meta_kubernetes_pod_label_app_kubernetes_io_name: template.metadata.labels['app.kubernetes.io/name'],
      },
      job('service').relabel_configs,
    );
    expect(found).toMatchObject({
      service: name,
      __address__: '10.0.0.7:8081',
      __metrics_path__: '/actuator/prometheus',
    });
    expect(template.spec.containers[0].ports).toContainEqual({ name: 'management', containerPort: 8081 });
  });

  test.each([
    ['mysql', 'mysqld-exporter-demo-mysql:9104', 'demo-mysql'],
    ['redis', 'redis-exporter-demo-redis:9121', 'demo-redis'],
    ['kafka', 'kafka-exporter-demo-kafka:9308', 'demo-kafka'],
  ])('its %s has an exporter', (name, address, instance) => {
    expect(job(name).static_configs).toContainEqual({ targets: [address], labels: { instance } });
  });

  test('it has a load test that knows where it is', () => {
    find(manifests, 'CronJob', 'k6-demo-browse');
    expect(planOf(manifests).loadTests['demo-browse']?.url).toBe(`http://api-gateway.${namespace}.svc:8080`);
    expect(find(manifests, 'Service', 'api-gateway', namespace).spec.ports).toContainEqual(
      expect.objectContaining({ port: 8080 }),
    );
  });
});

describe('its program', () => {
  const parts = inDemo.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('demo-program-'),
  );

  test('is divided into objects that kubectl takes', () => {
    expect(parts.length).toBeGreaterThan(1);
    expect(manifestErrors(manifests)).toEqual([]);
  });

  test('starts from the parts in a folder as a pod has it', () => {
    const [container] = find(inDemo, 'Deployment', 'blog-service').spec.template.spec.containers;
    const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
    try {
      // The kubelet keeps what the files link to beside them.
      mkdirSync(join(folder, '..data'));
      for (const { binaryData } of parts.toReversed())
        for (const [part, bytes] of Object.entries<string>(binaryData))
          writeFileSync(join(folder, part), Buffer.from(bytes, 'base64'));
      const [, ...args] = container.command.map((argument: string) =>
        argument.replaceAll('/program', folder).replaceAll('/tmp/main.mjs', `${folder}/main.mjs`),
      );
      const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {} });
      expect(stderr).toContain('the environment variable ROLE is not set');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('restarts the services when it changes', () => {
    for (const name of services)
      expect(find(inDemo, 'Deployment', name).spec.template.metadata.annotations['loadscope/config-hash']).toBeTruthy();
  });
});

describe('a service', () => {
  const scaled = manifestsOf({ ...demoConfig, demo: { autoscaling: { maxReplicas: 5 } } });
  const autoscalers = (objects: Manifest[]) => objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');

  test('is one pod unless it may scale', () => {
    expect(autoscalers(manifests)).toEqual([]);
    for (const name of services) expect(find(inDemo, 'Deployment', name).spec.replicas).toBe(1);
  });

  test('is as many as its CPU asks for when it may, and not more than there are partitions to read', () => {
    expect(autoscalers(scaled).map(({ spec }) => [spec.scaleTargetRef.name, spec.maxReplicas])).toEqual(
      services.map((name) => [name, name === 'notification-service' ? 3 : 5]),
    );
    for (const name of services) expect(find(scaled, 'Deployment', name).spec).not.toHaveProperty('replicas');
  });

  test('that may be many does not lose all of them to one node that is emptied', () => {
    for (const name of services)
      expect(find(scaled, 'PodDisruptionBudget', name).spec).toEqual({
        maxUnavailable: 1,
        selector: find(scaled, 'Deployment', name).spec.selector,
      });
  });

  test.each(services)('%s is replaced without a gap, and its pods can be called one by one', (name) => {
    const { strategy } = find(inDemo, 'Deployment', name).spec;
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
    expect(find(inDemo, 'Service', `${name}-pods`).spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: find(inDemo, 'Service', name).spec.selector,
    });
  });

  test('may wait for the systems without being restarted', () => {
    const [{ startupProbe, readinessProbe }] = find(inDemo, 'Deployment', 'blog-service').spec.template.spec.containers;
    expect(startupProbe.httpGet.path).toBe('/actuator/health/liveness');
    expect(readinessProbe.httpGet.path).toBe('/actuator/health/readiness');
  });
});

test('every address that a pod is given is that of a Service of the demo, or Zipkin', () => {
  const values = podsOf(inDemo).flatMap(({ template }) =>
    template.spec.containers.flatMap(({ env = [] }: Manifest) => env.flatMap(({ value }: Manifest) => value ?? [])),
  );
  const addresses = values.flatMap((value: string) => {
    const [, host, port] = /^(?:\w+:\/\/)?([a-z][a-z.-]*):(\d+)$/.exec(value) ?? [];
    return host ? [[host, Number(port)] as const] : [];
  });
  expect(addresses.length).toBeGreaterThan(5);
  for (const [host, port] of addresses) {
    const [name = '', where = namespace] = host.split('.');
    expect(find(manifests, 'Service', name, where).spec.ports).toContainEqual(expect.objectContaining({ port }));
  }
});

test('every Secret that a pod of the demo reads is one that is made there', () => {
  const { template } = podsOf(manifests).find(({ workload }) => workload.startsWith('Job make-secrets')) ?? {};
  const { value } = template.spec.containers[0].env.find(({ name }: Manifest) => name === 'WANTED');
  const made = JSON.parse(value).filter((wanted: Manifest) => wanted.namespace === namespace);
  const read = podsOf(inDemo).flatMap(({ template: { spec } }) =>
    spec.containers.flatMap(({ env = [] }: Manifest) =>
      env.flatMap(({ valueFrom }: Manifest) => valueFrom?.secretKeyRef?.name ?? []),
    ),
  );
  expect([...new Set(read)].sort()).toEqual(made.map(({ secret }: Manifest) => secret).sort());
});

test('data outlives the pod in a folder that is empty at first, where the server wants that', () => {
  for (const [name, path] of [
    ['mysql', '/var/lib/mysql'],
    ['kafka', '/var/lib/kafka/data'],
  ] as const) {
    const { template, volumeClaimTemplates } = find(inDemo, 'StatefulSet', name).spec;
    const mount = template.spec.containers[0].volumeMounts.find(({ mountPath }: Manifest) => mountPath === path);
    expect(mount).toEqual({ name: volumeClaimTemplates[0].metadata.name, mountPath: path, subPath: name });
  }
});

test('the cache has no volume', () => {
  expect(keys(inDemo).filter((key) => key.endsWith(' redis'))).toEqual([
    `${namespace} Service redis`,
    `${namespace} Deployment redis`,
    `${namespace} NetworkPolicy redis`,
  ]);
});

test('all of it asks for less than two cores, and takes 6 GiB at most', () => {
  const sum = (read: (resources: Manifest) => string) =>
    podsOf(inDemo)
      .map(({ template }) => quantity(read(template.spec.containers[0].resources)))
      .reduce((a, b) => a + b);
  const quantity = (text: string) => {
    const [, number, unit = ''] = /^(\d+)(m|Mi|Gi)?$/.exec(text) ?? [];
    return Number(number) * ({ m: 0.001, Mi: 1024 ** 2, Gi: 1024 ** 3 }[unit] ?? 1);
  };
  expect(sum(({ requests }) => requests.cpu)).toBeLessThan(2);
  expect(sum(({ limits }) => limits.memory)).toBeLessThan(6 * 1024 ** 3);
});

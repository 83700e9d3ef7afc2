import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../model/config.ts';
import { configOf, demoConfig, fullConfig } from './config-fixture.ts';
import { find, type Manifest, manifestsOf, podsOf, runnerOf } from './stack-fixture.ts';

const manifests = manifestsOf(demoConfig);

describe.each(podsOf(manifests))('$workload in $namespace', ({ template }) => {
  const { spec } = template;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];

  test('meets the restricted Pod Security standard', () => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
    expect(spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC).toBeUndefined();
    for (const { securityContext, ports = [] } of containers) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      for (const { hostPort } of ports) expect(hostPort).toBeUndefined();
    }
    for (const volume of spec.volumes ?? [])
      expect(['configMap', 'secret', 'emptyDir', 'projected']).toContain(
        Object.keys(volume).find((key) => key !== 'name'),
      );
  });

  test('runs pinned images within bounds', () => {
    for (const { image, resources } of containers) {
      expect(image).toMatch(/^[^/]+\.[^/]+\/.+:v?\d+\.\d+/);
      for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
        expect(resources.requests[resource]).toBeTruthy();
        expect(resources.limits[resource]).toBeTruthy();
      }
    }
  });

  test('reads passwords only from Secrets', () => {
    for (const { name, value } of containers.flatMap(({ env = [] }) => env))
      if (/PASSWORD$|TOKEN$|KEY$|SECRET/.test(name)) expect({ name, value }).toEqual({ name, value: undefined });
    expect(JSON.stringify(containers.map(({ args }) => args))).not.toMatch(/password=(?!\$\()/i);
  });

  test('has a token of the API only with an account of its own', () => {
    expect(spec.automountServiceAccountToken).toBe(Boolean(spec.serviceAccountName));
    if (spec.serviceAccountName) find(manifests, 'ServiceAccount', spec.serviceAccountName);
  });

  test('is not handed the addresses of Services as variables', () => {
    expect(spec.enableServiceLinks).toBe(false);
  });
});

describe('what runs all the time', () => {
  const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');

  test.each(workloads.map((workload) => [workload.metadata.name, workload]))(
    '%s is probed on ports it opens, differently for ready and alive',
    (_, { spec }) => {
      for (const { ports, readinessProbe, livenessProbe, startupProbe } of spec.template.spec.containers) {
        expect(readinessProbe).not.toEqual(livenessProbe);
        for (const probe of [readinessProbe, livenessProbe, startupProbe])
          expect(ports.map(({ containerPort }: { containerPort: number }) => containerPort)).toContain(
            (probe.httpGet ?? probe.tcpSocket).port,
          );
      }
    },
  );

  test.each(workloads.map((workload) => [workload.metadata.name, workload]))(
    '%s is one copy, behind a Service that finds it',
    (name, { metadata, spec }) => {
      expect(spec.replicas).toBe(1);
      const service = find(manifests, 'Service', name, metadata.namespace);
      expect(spec.template.metadata.labels).toMatchObject(service.spec.selector);
      expect(spec.selector.matchLabels).toEqual(service.spec.selector);
      const open = spec.template.spec.containers[0].ports.map((port: { name: string }) => port.name);
      for (const { targetPort } of service.spec.ports) expect(open).toContain(targetPort);
    },
  );

  test('asks for less than the two cores of a small cluster', () => {
    const millicores = (cpu: string) => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
    const asked = workloads.flatMap(({ spec }) =>
      spec.template.spec.containers.map(({ resources }: { resources: { requests: { cpu: string } } }) =>
        millicores(resources.requests.cpu),
      ),
    );
    expect(asked.reduce((a: number, b: number) => a + b)).toBeLessThan(1000);
  });
});

describe('scenarios', () => {
  test('are the files of their folder that k6 can run', () => {
    const runnable = readdirSync(join(import.meta.dirname, '../k6-jobs/scenarios')).filter((file) =>
      file.endsWith('.ts'),
    );
    const { properties } = configJsonSchema() as Manifest;
    expect([...properties.loadTests.items.properties.scenario.enum].sort()).toEqual(
      runnable.map((file) => file.replace('.ts', '')).sort(),
    );
  });
});

describe('a load test', () => {
  const { spec } = find(manifests, 'CronJob', 'k6-browse');

  test('never starts by itself', () => {
    expect(spec.suspend).toBe(true);
    const makers = podsOf(manifests).filter(({ template }) =>
      ['coordinator', 'k6', 'kafka-bot'].includes(template.metadata.labels['app.kubernetes.io/name']),
    );
    // Runners are in no object of their own: a coordinator makes them.
    expect(makers.filter(({ workload }) => !/^(CronJob (k6|bot)-|runners of )/.test(workload))).toEqual([]);
    for (const { kind, metadata, spec: of } of manifests)
      if (kind === 'CronJob' && metadata.labels['app.kubernetes.io/name'] === 'coordinator')
        expect(of.suspend).toBe(true);
  });

  test('has a verdict that is final, and a coordinator that is replaced where it is lost', () => {
    expect(spec.jobTemplate.spec.podFailurePolicy.rules).toMatchObject([
      { action: 'FailJob', onExitCodes: { operator: 'In', values: [1, 2] } },
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
    ]);
    expect(spec.jobTemplate.spec.backoffLimit).toBe(1);
    expect(spec.jobTemplate.spec.template.spec.restartPolicy).toBe('Never');
  });

  test('sets what k6 reads from its process as such, and tags every series with run and service', () => {
    const { env, args } = runnerOf(manifests, 'browse');
    expect(env).toContainEqual({ name: 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM', value: 'true' });
    expect(args).toEqual(
      expect.arrayContaining([
        '--tag=testid=$(TESTID)',
        '--tag=service=shop',
        '--tag=job=k6',
        '--tag=instance_id=$(JOB_COMPLETION_INDEX)',
      ]),
    );
    expect(args.join(' ')).not.toContain('--env');
  });

  test('brings its whole program in one file', () => {
    const program: string = find(manifests, 'ConfigMap', 'k6-scenario-browse').data['main.js'];
    expect(
      [...program.matchAll(/from "([^"]+)"/g)].map(([, from]) => from).every((from) => /^k6(\/|$)/.test(from ?? '')),
    ).toBe(true);
    expect(program).toContain('export {');
  });
});

describe('Secrets', () => {
  test('are in no manifest', () => {
    expect(manifests.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  test('that nobody gave are made: Grafana, accounts that a Job makes, spans and the demo, not the one that exists', () => {
    const { template } = podsOf(manifests).find(({ workload }) => workload.startsWith('Job make-secrets')) ?? {};
    const { value } = template.spec.containers[0].env.find(({ name }: { name: string }) => name === 'WANTED');
    const ofStack = { namespace: 'loadscope' };
    const ofDemo = { namespace: 'loadscope-demo' };
    expect(JSON.parse(value)).toEqual([
      { ...ofStack, secret: 'grafana-admin', username: 'admin' },
      { ...ofStack, secret: 'mysqld-exporter-made', username: 'loadscope_exporter' },
      { ...ofStack, secret: 'mysqld-exporter-demo-mysql', username: 'loadscope_exporter' },
      { ...ofStack, secret: 'mysql-checks-demo-mysql', username: 'loadscope_checks' },
      { ...ofStack, secret: 'zipkin-storage', username: 'zipkin', elasticsearchUser: true },
      { ...ofStack, secret: 'elasticsearch-tls', certificate: { hosts: expect.arrayContaining(['elasticsearch']) } },
      { ...ofDemo, secret: 'mysql-root', username: 'root', copy: { ...ofStack, secret: 'demo-mysql-root' } },
      { ...ofDemo, secret: 'mysql-shop', username: 'shop' },
      { ...ofDemo, secret: 'token-key', username: 'token' },
      { ...ofDemo, secret: 'demo-user', username: 'loadtest@test.com', copy: { ...ofStack, secret: 'demo-user' } },
    ]);
  });

  test('that the config names are the ones that an exporter reads', () => {
    const secrets = (name: string) => {
      const [{ env }] = find(manifests, 'Deployment', name).spec.template.spec.containers;
      return env.flatMap(({ valueFrom }: Manifest) => valueFrom?.secretKeyRef.name ?? []);
    };
    expect(secrets('mysqld-exporter-given')).toEqual(['mysql-reader', 'mysql-reader']);
    expect(secrets('mysqld-exporter-made')).toEqual(['mysqld-exporter-made', 'mysqld-exporter-made']);
    expect(secrets('redis-exporter-cache')).toEqual(['redis-reader', 'redis-reader']);
    expect(secrets('kafka-exporter-events')).toEqual(['kafka-reader', 'kafka-reader']);
  });

  test('a Job that does something else has another name, and the same Job the same', () => {
    const jobs = (config: unknown) =>
      manifestsOf(config)
        .filter(({ kind }) => kind === 'Job')
        .map(({ metadata }) => metadata.name);
    expect(jobs(fullConfig)).toEqual(jobs(fullConfig));
    const [secrets, user] = jobs(fullConfig);
    const [otherSecrets, otherUser] = jobs({
      ...fullConfig,
      mysql: [{ ...fullConfig.mysql[0], address: 'other:3306' }],
    });
    expect(otherUser).not.toBe(user);
    expect(otherSecrets).toBe(secrets);
  });
});

describe('images', () => {
  const images = (config: object) =>
    podsOf(manifestsOf({ ...fullConfig, ...config })).flatMap(({ template: { spec } }) =>
      [...(spec.initContainers ?? []), ...spec.containers].map(({ image }: { image: string }) => image),
    );

  test('come from a mirror under their own paths, but for those that are overridden', () => {
    const found = images({ images: { registry: 'mirror.internal/hub', overrides: { k6: 'other.internal/k6:1.8.1' } } });
    expect(found).toContain('mirror.internal/hub/prometheus/prometheus:v3.14.0');
    expect(found).toContain('other.internal/k6:1.8.1');
    expect(found.filter((image) => !/^(mirror|other)\.internal\//.test(image))).toEqual([]);
  });
});

test('the config of the tests has one of everything that a config can have', () => {
  const config = configOf(fullConfig);
  for (const list of [config.services, config.mysql, config.redis, config.kafka, config.loadTests])
    expect(list).not.toEqual([]);
});

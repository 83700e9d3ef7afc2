import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { connects, pod } from './policies.ts';
import { find, type Manifest, manifestsOf } from './stack-fixture.ts';
import {
  elasticsearch,
  env,
  external,
  own,
  plain,
  policies,
  scale,
  secretFiles,
  wanted,
  zipkin,
} from './tracing-fixture.ts';

/** Zipkin's own Elasticsearch: who may do what with the spans, of one node and of three. */

describe("Zipkin's own Elasticsearch", () => {
  test('asks for a password, and knows one user', () => {
    expect(env(elasticsearch(own))).toMatchObject({
      'xpack.security.enabled': 'true',
      'xpack.security.authc.reserved_realm.enabled': 'false',
    });
    expect(env(elasticsearch(own), 'initContainers').USERS).toEqual({ name: 'zipkin-storage', key: 'users' });
    expect(wanted(own)).toEqual(['grafana-admin', 'zipkin-storage', 'elasticsearch-tls']);
  });

  test('lets the user do everything with indices of spans and nothing with others, and kubelets ask how it is', () => {
    const manifests = manifestsOf({ tracing: { index: 'spans' } });
    const { ROLES, USERS_ROLES } = env(elasticsearch(manifests), 'initContainers');
    expect(parse(ROLES)).toEqual({
      zipkin: {
        cluster: ['monitor', 'manage_index_templates', 'manage_ilm'],
        indices: [{ names: ['spans*'], privileges: ['all'] }],
      },
      probe: { cluster: ['cluster:monitor/health'] },
    });
    expect(USERS_ROLES).toBe('zipkin:zipkin');
    expect(env(elasticsearch(manifests))).toMatchObject({
      'xpack.security.authc.anonymous.username': 'probe',
      'xpack.security.authc.anonymous.roles': 'probe',
      'xpack.security.authc.anonymous.authz_exception': 'false',
    });
  });

  describe('the folder of its configuration', () => {
    let folder: string;
    const fileOf = (name: string) => readFileSync(join(folder, 'copy', name), 'utf8');
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
      for (const name of ['image', 'copy', 'certificate']) mkdirSync(join(folder, name));
      for (const name of ['users', 'elasticsearch.yml']) writeFileSync(join(folder, 'image', name), 'of the image');
      for (const name of ['ca.crt', 'tls.crt', 'tls.key']) writeFileSync(join(folder, 'certificate', name), name);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test('has the files of the image, users, roles and the certificate, however often it is filled', () => {
      const [{ command }] = elasticsearch(own).template.spec.initContainers;
      const script = command[2]
        .replaceAll('/usr/share/elasticsearch/config', join(folder, 'image'))
        .replaceAll(/ \/(copy|certificate)\b/g, ` ${folder}/$1`);
      const given = { USERS: 'zipkin:{PBKDF2}1$a$b=', USERS_ROLES: 'zipkin:zipkin', ROLES: 'zipkin:\n  cluster: []\n' };
      for (let run = 0; run < 2; run++)
        expect(spawnSync('sh', ['-c', script], { env: { PATH: process.env.PATH, ...given } }).status).toBe(0);
      expect(fileOf('users').trim()).toBe(given.USERS);
      expect(fileOf('users_roles').trim()).toBe(given.USERS_ROLES);
      expect(parse(fileOf('roles.yml'))).toEqual(parse(given.ROLES));
      expect(fileOf('elasticsearch.yml')).toBe('of the image');
      expect(readdirSync(join(folder, 'copy/certificate')).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
    });
  });

  test('shows the certificate that was made to its clients, and is probed by TLS', () => {
    expect(env(elasticsearch(own))).toMatchObject({
      'xpack.security.http.ssl.enabled': 'true',
      'xpack.security.http.ssl.key': 'certificate/tls.key',
      'xpack.security.http.ssl.certificate': 'certificate/tls.crt',
    });
    expect(secretFiles(elasticsearch(own), 'initContainers')).toEqual(
      ['ca.crt', 'tls.crt', 'tls.key'].map((key) => [`/certificate/${key}`, 'elasticsearch-tls', key]),
    );
    const { readinessProbe, startupProbe } = elasticsearch(own).template.spec.containers[0];
    for (const { httpGet } of [readinessProbe, startupProbe])
      expect(httpGet).toMatchObject({ scheme: 'HTTPS', path: expect.stringMatching(/^\/_cluster\/health/) });
  });

  test('speaks plain HTTP where it should, and asks for the password all the same', () => {
    const variables = env(elasticsearch(plain));
    expect(variables['xpack.security.enabled']).toBe('true');
    expect(Object.keys(variables).filter((name) => name.includes('ssl'))).toEqual([]);
    expect(elasticsearch(plain).template.spec.containers[0].readinessProbe.httpGet.scheme).toBeUndefined();
    expect(wanted(plain)).not.toContain('elasticsearch-tls');
    expect(env(zipkin(plain))).toMatchObject({ ES_HOSTS: 'http://elasticsearch:9200' });
    expect(env(zipkin(plain)).JAVA_OPTS).not.toContain('trustStore');
  });

  test('of the demo is as it was: it is what is measured', () => {
    const { spec } = find(manifestsOf({ demo: true }), 'StatefulSet', 'elasticsearch', 'loadscope-demo');
    expect(env(spec)).toMatchObject({ 'xpack.security.enabled': 'false', 'discovery.type': 'single-node' });
  });
});

describe('the cluster of three', () => {
  test('finds each other before any is ready, and elects among those that there are', () => {
    const { replicas, serviceName, podManagementPolicy } = elasticsearch(scale);
    expect({ replicas, podManagementPolicy }).toEqual({ replicas: 3, podManagementPolicy: 'Parallel' });
    const { spec } = find(scale, 'Service', serviceName);
    expect(spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(spec.ports).toContainEqual(expect.objectContaining({ port: 9300 }));
    const variables = env(elasticsearch(scale));
    expect(variables).toMatchObject({
      'discovery.seed_hosts': serviceName,
      'cluster.initial_master_nodes': 'elasticsearch-0,elasticsearch-1,elasticsearch-2',
      'node.name': { fieldPath: 'metadata.name' },
    });
    expect(variables).not.toHaveProperty('discovery.type');
    expect(env(elasticsearch(own))['discovery.type']).toBe('single-node');
  });

  test.each([
    ['with', true],
    ['without', false],
  ])('has nodes that know each other by certificates, %s TLS for clients', (_, tls) => {
    const manifests = manifestsOf({ profile: 'scale', tracing: { tls } });
    const variables = env(elasticsearch(manifests));
    expect(variables).toMatchObject({
      'xpack.security.transport.ssl.enabled': 'true',
      'xpack.security.transport.ssl.verification_mode': 'certificate',
      'xpack.security.transport.ssl.certificate_authorities': 'certificate/ca.crt',
    });
    expect(variables['xpack.security.http.ssl.enabled']).toBe(tls ? 'true' : undefined);
    expect(wanted(manifests)).toContain('elasticsearch-tls');
  });

  test('takes no client to a node without a master', () => {
    const { readinessProbe } = elasticsearch(scale).template.spec.containers[0];
    const [, wait] = /[?&]master_timeout=(\d+)s/.exec(readinessProbe.httpGet.path) ?? [];
    expect(Number(wait)).toBeLessThan(readinessProbe.timeoutSeconds);
    expect(readinessProbe.httpGet.path).not.toContain('local');
  });

  test('and two of Zipkin stay up while a node is emptied, each on a node of its own if there is one', () => {
    for (const [name, spec] of [
      ['elasticsearch', elasticsearch(scale)],
      ['zipkin', zipkin(scale)],
    ]) {
      const { spec: budget } = find(scale, 'PodDisruptionBudget', name);
      expect(budget).toEqual({ maxUnavailable: 1, selector: spec.selector });
      const { podAntiAffinity } = spec.template.spec.affinity;
      const [{ podAffinityTerm }] = podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
      expect(podAffinityTerm).toEqual({ topologyKey: 'kubernetes.io/hostname', labelSelector: spec.selector });
    }
    expect(zipkin(scale).replicas).toBe(2);
    expect(own.filter(({ kind }) => kind === 'PodDisruptionBudget')).toEqual([]);
  });

  test('keeps a copy of each shard, and a single node none', () => {
    const replicas = (manifests: Manifest[]) => env(zipkin(manifests)).ES_INDEX_REPLICAS;
    expect([replicas(scale), replicas(own), replicas(external)]).toEqual(['1', '0', '1']);
    expect(replicas(manifestsOf({ tracing: { replicas: 2 } }))).toBe('2');
  });
});

describe('spans are read and written by', () => {
  const ports = [9200, 9300];
  const others = ['grafana', 'prometheus', 'k6', 'coordinator', 'make-secrets', 'stranger', 'elasticsearch'];
  const clients = ['zipkin', 'trace-retention', 'trace-links', 'elasticsearch-exporter-trace-storage'];
  const into = (manifests: Manifest[]) => {
    const ways = policies(manifests).filter(({ metadata }) => metadata.name === 'elasticsearch');
    return [...clients, ...others].flatMap((from) =>
      ports.filter((port) => connects(ways, pod(from), pod('elasticsearch'), port)).map((port) => `${from}:${port}`),
    );
  };

  test('Zipkin and what looks after its storage', () => {
    expect(into(own)).toEqual(clients.map((name) => `${name}:9200`));
  });

  test('nodes of a cluster among themselves, too', () => {
    expect(into(scale)).toEqual([...clients.map((name) => `${name}:9200`), 'elasticsearch:9300']);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './lib/eventually.ts';
import { kubectl, kubectlJson, kubectlStdin, portForward } from './lib/kubectl.ts';
import { privilegedPod, reaches } from './lib/probe.ts';
import { spanStorage } from './lib/span-storage.ts';
import { Stack, testWith } from './lib/stack.ts';

/** The stack as objects of a cluster: what applying it does, who may do what, and what deleting it leaves. */

const stack = new Stack();
const test = testWith(stack);

beforeAll(() => stack.up());
afterAll(() => stack.delete());

const manifests = () =>
  readdirSync(stack.dist)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(stack.dist, file), 'utf8'))
    .join('\n---\n');

describe('applied', () => {
  test('starts no load', async () => {
    const makers = ['-l', 'app.kubernetes.io/name in (coordinator,k6)', '-o', 'name'];
    expect(await kubectl('-n', stack.namespace, 'get', 'cronjobs', ...makers)).not.toBe('');
    expect(await kubectl('-n', stack.namespace, 'get', 'jobs,pods', ...makers)).toBe('');
  });

  test('a second time changes nothing', async () => {
    const lines = (await kubectl('apply', '-f', stack.dist)).trim().split('\n');
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
  });

  test('every object passes the server without a warning, into a namespace of the restricted standard', async () => {
    const answer = await kubectlStdin(manifests(), 'apply', '--dry-run=server');
    expect(answer.match(/\(server dry run\)/g)?.length).toBeGreaterThan(40);
    expect(answer).not.toMatch(/warning/i);
    await expect(kubectlStdin(privilegedPod(stack.namespace), 'apply', '--dry-run=server')).rejects.toThrow(
      /violates PodSecurity "restricted/,
    );
  });

  test('holds no password, and makes the one of Grafana once', async () => {
    const secret = () =>
      kubectlJson<{ data: Record<string, string> }>('-n', stack.namespace, 'get', 'secret', 'grafana-admin');
    const { data } = await secret();
    const password = Buffer.from(data.password ?? '', 'base64').toString();
    expect(password).toMatch(/^[\w-]{32}-Aa1$/);
    expect(manifests()).not.toContain(password);
    expect(manifests()).not.toMatch(/^kind: Secret$/m);

    // The Job of the next version of the stack finds the Secret and leaves it.
    const { items } = await kubectlJson<{ items: { metadata: { name: string }; spec: Record<string, unknown> }[] }>(
      '-n',
      stack.namespace,
      'get',
      'jobs',
      '-l',
      'app.kubernetes.io/name=make-secrets',
    );
    const template = (items[0]?.spec.template ?? {}) as { metadata: { labels: Record<string, string> }; spec: unknown };
    await kubectlStdin(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'make-secrets-again', namespace: stack.namespace },
        spec: { template: { metadata: { labels: { 'app.kubernetes.io/name': 'make-secrets' } }, spec: template.spec } },
      },
      'apply',
    );
    expect(await stack.jobEnded('make-secrets-again', 120)).toBe('Complete');
    expect(await secret()).toMatchObject({ data });
  });
});

describe('access', () => {
  /** kubectl answers no with an exit code of its own. */
  const can = (account: string, ...what: string[]) =>
    kubectl('auth', 'can-i', ...what, `--as=system:serviceaccount:${stack.namespace}:${account}`).then(
      (answer) => answer.trim() === 'yes',
      ({ message }: Error) => {
        if (!/: (no|Warning: resource '\w+' is not namespace scoped)$/.test(message)) throw new Error(message);
        return false;
      },
    );

  test('Prometheus sees the pods under test and the nodes, and nothing else', async () => {
    expect(await can('prometheus', 'list', 'pods', '-n', stack.shop)).toBe(true);
    expect(await can('prometheus', 'get', 'nodes', '--subresource=metrics')).toBe(true);
    expect(await can('prometheus', 'list', 'pods', '-n', 'kube-system')).toBe(false);
    expect(await can('prometheus', 'list', 'secrets', '-n', stack.shop)).toBe(false);
    expect(await can('prometheus', 'get', 'secrets', '-n', stack.namespace)).toBe(false);
    expect(await can('prometheus', 'get', 'nodes', '--subresource=proxy')).toBe(false);
  });

  test('the maker of Secrets reads none', async () => {
    expect(await can('make-secrets', 'create', 'secrets', '-n', stack.namespace)).toBe(true);
    expect(await can('make-secrets', 'get', 'secrets', '-n', stack.namespace)).toBe(false);
    expect(await can('make-secrets', 'create', 'secrets', '-n', stack.shop)).toBe(false);
  });

  test('the receiver is reached by a load test, not by a stranger in the same namespace or another', async () => {
    const outcomes = await Promise.all([
      reaches(stack.namespace, 'k6', `http://prometheus.${stack.namespace}:9090/-/ready`),
      reaches(stack.namespace, 'stranger', `http://prometheus.${stack.namespace}:9090/-/ready`),
      reaches(stack.shop, 'stranger', `http://prometheus.${stack.namespace}:9090/-/ready`),
    ]);
    expect(outcomes).toEqual([true, false, false]);
  });

  test('the MySQL exporter may only read what it reports', async () => {
    const grants = await kubectl(
      '-n',
      stack.shop,
      'exec',
      'deploy/mysql',
      '--',
      'sh',
      '-c',
      `MYSQL_PWD="$MYSQL_ROOT_PASSWORD" mysql --protocol=tcp --host=mysql --user=root --batch --skip-column-names --execute="SHOW GRANTS FOR 'loadscope_exporter'@'%'"`,
    );
    // MariaDB calls REPLICATION CLIENT by its newer name, and has a right of its own for the state of replication.
    expect(grants).toMatch(
      /GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON \*\.\* TO .*MAX_USER_CONNECTIONS 3|GRANT PROCESS, REPLICATION CLIENT ON \*\.\*/,
    );
    expect(grants).toMatch(/GRANT SELECT ON `performance_schema`\.\* TO/);
    expect(grants.match(/GRANT/g)).toHaveLength(2);
  });
});

describe('Zipkin', () => {
  test('stores a trace in an index of one shard and no replica, and finds it by its id', async () => {
    const traceId = '463ac35c9f6413ad48485a3953bb6124';
    const zipkin = await portForward(stack.namespace, 'deployment/zipkin', 9411);
    const storage = await spanStorage(stack.namespace);
    try {
      const sent = await fetch(`${zipkin.url}/api/v2/spans`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([
          {
            traceId,
            id: 'a2fb4a1d1a96d312',
            name: 'get',
            timestamp: Date.now() * 1000,
            duration: 1000,
            localEndpoint: { serviceName: 'shop' },
          },
        ]),
      });
      expect(sent.status).toBe(202);
      await eventually(60, async () => {
        const found = await fetch(`${zipkin.url}/api/v2/trace/${traceId}`);
        expect(found.status).toBe(200);
        expect(await found.json()).toMatchObject([{ traceId }]);
      });
      const settings = await storage.elasticsearch.send<object>('GET', 'zipkin-span-*/_settings');
      expect(Object.values(settings)).toMatchObject([
        { settings: { index: { number_of_shards: '1', number_of_replicas: '0' } } },
      ]);
    } finally {
      zipkin.close();
      await storage.close();
    }
  });
});

describe('deleted', () => {
  const ours = async () => {
    const kinds = (await kubectl('api-resources', '--verbs=list', '-o', 'name')).trim().split('\n');
    const labelled = await kubectl(
      'get',
      kinds.join(','),
      '--all-namespaces',
      '-l',
      'app.kubernetes.io/part-of=loadscope',
      '-o',
      'name',
      '--ignore-not-found',
    );
    const namespaces = await kubectl('get', 'namespaces', '-o', 'name');
    // Another stack of the cluster is none of this one's business.
    return [...labelled.split('\n'), ...namespaces.split('\n')].filter((name) => name.includes(stack.namespace)).sort();
  };

  test('by its namespace, it leaves only rights of accounts that are gone; by its manifests, nothing', async () => {
    const { namespace } = stack;
    await kubectl('delete', 'namespace', namespace, '--timeout=240s');
    expect(await ours()).toEqual(
      [
        `clusterrole.rbac.authorization.k8s.io/${namespace}-prometheus`,
        `clusterrolebinding.rbac.authorization.k8s.io/${namespace}-prometheus`,
        `role.rbac.authorization.k8s.io/${namespace}-kube-state-metrics`,
        `role.rbac.authorization.k8s.io/${namespace}-prometheus`,
        `rolebinding.rbac.authorization.k8s.io/${namespace}-kube-state-metrics`,
        `rolebinding.rbac.authorization.k8s.io/${namespace}-prometheus`,
      ].sort(),
    );
    await kubectl('delete', '-f', stack.dist, '--ignore-not-found', '--timeout=240s');
    expect(await ours()).toEqual([]);
  });
});

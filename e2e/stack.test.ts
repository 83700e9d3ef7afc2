import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { targets } from '../exporters/index.ts';
import { parseConfig } from '../model/config-file.ts';
import { eventually } from './lib/eventually.ts';
import { type DashboardJson, openedQueries } from './lib/grafana.ts';
import { kubectl, kubectlJson, kubectlStdin, portForward } from './lib/kubectl.ts';
import { privilegedPod, reaches } from './lib/probe.ts';
import type { Series } from './lib/prometheus.ts';
import { Stack, scrapeInterval, testWith } from './lib/stack.ts';

const stack = new Stack();
const test = testWith(stack);
const { prometheus } = stack;

beforeAll(async () => {
  try {
    await stack.applyShop();
    await stack.apply(stack.config());
    await stack.copyAdminSecret();
    await Promise.all([stack.ready(stack.shop, 240), stack.ready(stack.namespace, 300)]);
  } catch (error) {
    console.error(await stack.diagnosis());
    throw error;
  }
});

afterAll(() => stack.delete());

interface ActiveTargets {
  readonly activeTargets: readonly {
    readonly labels: Record<string, string>;
    readonly health: string;
    readonly lastError: string;
    readonly lastScrape: string;
  }[];
}

const manifests = () =>
  readdirSync(stack.dist)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(stack.dist, file), 'utf8'))
    .join('\n---\n');

/** A job that starts like a load test does, without waiting for its end. */
const launch = (run: string) => kubectl('-n', stack.namespace, 'create', 'job', run, '--from=cronjob/k6-browse');

describe('applied', () => {
  test('starts no load', async () => {
    const { items } = await kubectlJson<{ items: { metadata: { name: string } }[] }>(
      '-n',
      stack.namespace,
      'get',
      'jobs',
    );
    expect(items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('k6'))).toEqual([]);
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
      reaches(stack.namespace, 'k6-browse', `http://prometheus.${stack.namespace}:9090/-/ready`),
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
    // MariaDB calls REPLICATION CLIENT by its newer name.
    expect(grants).toMatch(
      /GRANT PROCESS, (REPLICATION CLIENT|BINLOG MONITOR) ON \*\.\* TO .*MAX_USER_CONNECTIONS 3|GRANT PROCESS, REPLICATION CLIENT ON \*\.\*/,
    );
    expect(grants).toMatch(/GRANT SELECT ON `performance_schema`\.\* TO/);
    expect(grants.match(/GRANT/g)).toHaveLength(2);
  });
});

describe('scraped', () => {
  test('every target is up, and there is one for each target of the config', async () => {
    const wanted = targets(parseConfig('e2e', stringify(stack.config())))
      .filter(({ scrape }) => scrape)
      .map(({ name }) => name);
    await eventually(90, async () => {
      const { activeTargets } = await prometheus.get<ActiveTargets>('targets', { state: 'active' });
      expect(
        activeTargets.filter(({ health }) => health !== 'up').map(({ labels, lastError }) => ({ labels, lastError })),
      ).toEqual([]);
      expect([...new Set(activeTargets.map(({ labels }) => labels.job))].sort()).toEqual([...wanted].sort());
    });
  });

  test('an exporter names the database as the instance, and its system answers', async () => {
    for (const [job, instance] of [
      ['mysql', 'shop-db'],
      ['redis', 'shop-cache'],
      ['kafka', 'shop-events'],
    ] as const) {
      const health =
        targets(parseConfig('e2e', stringify(stack.config()))).find(({ name }) => name === job)?.health ?? '';
      await eventually(120, async () => {
        expect(await prometheus.value(`up{job="${job}",instance="${instance}"}`)).toBe(1);
        expect(await prometheus.query(health)).toMatchObject([
          { metric: { instance }, value: [expect.any(Number), '1'] },
        ]);
      });
    }
    expect(await prometheus.value('kafka_brokers')).toBeGreaterThanOrEqual(1);
  });

  test('native histograms are stored as such, and retention is what the config says', async () => {
    // Prometheus exposes this one in both forms; the scrape takes the native one.
    await eventually(60, async () => {
      expect(
        await prometheus.value('histogram_count(sum(prometheus_http_request_duration_seconds{job="prometheus"}))'),
      ).toBeGreaterThan(0);
    });
    const { storageRetention } = await prometheus.get<{ storageRetention: string }>('status/runtimeinfo');
    expect(storageRetention).toBe('15d or 8GiB');
  });

  test('Alertmanager is connected', async () => {
    const { activeAlertmanagers } = await prometheus.get<{ activeAlertmanagers: { url: string }[] }>('alertmanagers');
    expect(activeAlertmanagers).toEqual([{ url: 'http://alertmanager:9093/api/v2/alerts' }]);
  });
});

describe('a load test of 30 s', () => {
  const run = `browse-${Date.now()}`;
  let summary = '';

  beforeAll(async () => {
    await launch(run);
    const ended = await stack.jobEnded(run, 180);
    summary = await kubectl('-n', stack.namespace, 'logs', `job/${run}`, '--tail=-1');
    if (ended !== 'Complete') throw new Error(`the run failed:\n${summary}`);
  });

  test('answers a p95 by endpoint from its native histogram, under the id of the run', async () => {
    const answer = await prometheus.query(
      `histogram_quantile(0.95, sum by (name) (last_over_time(k6_http_req_duration_seconds{testid="${run}"}[10m])))`,
    );
    expect(answer.map(({ metric }) => metric.name).sort()).toEqual(['product_detail', 'product_list']);
    for (const { value } of answer) {
      expect(Number(value?.[1])).toBeGreaterThan(0);
      expect(Number(value?.[1])).toBeLessThan(5);
    }
    expect(await prometheus.query(`{__name__=~"k6_http_req_duration_seconds_(bucket|sum|count)"}`)).toEqual([]);
  });

  test('is counted to the request, without a series for each product', async () => {
    const [, requests] = /http_reqs\.*: (\d+)/.exec(summary) ?? [];
    expect(Number(requests)).toBeGreaterThan(100);
    expect(await prometheus.value(`sum(last_over_time(k6_http_reqs_total{testid="${run}"}[10m]))`)).toBe(
      Number(requests),
    );
    expect(await prometheus.value(`count(last_over_time(k6_http_reqs_total{testid="${run}"}[10m]))`)).toBe(2);
  });

  test('is of the same service as the metrics of the application, of its containers and of their limits', async () => {
    for (const selector of [
      `last_over_time(k6_http_reqs_total{testid="${run}"}[10m])`,
      'http_server_requests_seconds_count',
      'container_memory_working_set_bytes{service!=""}',
      'kube_pod_container_resource_limits{service!=""}',
    ]) {
      const services = (await prometheus.query(`count by (service) (${selector})`)).map(({ metric }) => metric.service);
      expect({ selector, services }).toEqual({ selector, services: ['shop'] });
    }
    const pods = (query: string) =>
      prometheus.query(query).then((found) => found.map(({ metric }) => metric.pod).sort());
    expect(await pods('group by (pod) (container_memory_working_set_bytes{service="shop"})')).toEqual(
      await pods('group by (pod) (up{job="service",service="shop"})'),
    );
  });

  test('fills every query of every panel of the overview', async () => {
    const { data } = await kubectlJson<{ data: Record<string, string> }>(
      '-n',
      stack.namespace,
      'get',
      'configmap',
      'dashboard-load-test-overview',
    );
    const dashboard = JSON.parse(data['load-test-overview.json'] ?? '') as DashboardJson;
    expect(dashboard.panels).toHaveLength(12);
    const queries = openedQueries(dashboard, scrapeInterval);
    const empty: string[] = [];
    for (const { panel, refId, expr, step } of queries) {
      const answer = await prometheus.range(expr, 5, step);
      if (!answer.some(hasSample))
        empty.push(`${panel} ${refId}: ${expr}\nanswered ${JSON.stringify(answer).slice(0, 300)}`);
    }
    console.log(`${dashboard.panels.length} panels, ${queries.length} queries, ${empty.length} empty`);
    expect(empty).toEqual([]);
  });

  const hasSample = ({ values, histograms }: Series) =>
    Boolean(histograms?.length) || Boolean(values?.some(([, value]) => Number.isFinite(Number(value))));
});

describe('changed', () => {
  test('a new scrape interval is taken up without a restart', async () => {
    const before = await stack.pod('prometheus-0');
    await stack.apply(stack.config({ scrapeInterval: '7s' }));
    await eventually(240, async () => {
      const { yaml } = await prometheus.get<{ yaml: string }>('status/config');
      expect(yaml).toContain('scrape_interval: 7s');
      expect(await prometheus.value('prometheus_config_last_reload_successful')).toBe(1);
    });
    // Series of before the change last for five minutes unless the new scrapes have taken them over.
    const changed = Date.now();
    await eventually(60, async () => {
      const { activeTargets } = await prometheus.get<ActiveTargets>('targets', { state: 'active' });
      for (const { labels, health, lastScrape } of activeTargets)
        expect({ labels, health, fresh: Date.parse(lastScrape) > changed }).toEqual({
          labels,
          health: 'up',
          fresh: true,
        });
    });
    const after = await stack.pod('prometheus-0');
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status.containerStatuses?.[0]?.restartCount).toBe(before.status.containerStatuses?.[0]?.restartCount);
  });
});

describe('a data system stops', () => {
  const systems = [
    { job: 'mysql', deployment: 'mysql', exporter: 'mysqld-exporter-shop-db' },
    { job: 'redis', deployment: 'redis', exporter: 'redis-exporter-shop-cache' },
    { job: 'kafka', deployment: 'kafka', exporter: 'kafka-exporter-shop-events' },
  ];

  test('and is seen as down while its exporter stays up, and as up when it is back', async () => {
    const health = (job: string) =>
      prometheus.value(
        targets(parseConfig('e2e', stringify(stack.config()))).find(({ name }) => name === job)?.health ?? '',
      );
    const restarts = async (exporter: string) =>
      (await stack.podsOf(exporter)).map(({ status }) =>
        status.containerStatuses?.map(({ ready, restartCount }) => ({ ready, restartCount })),
      );

    const before = await Promise.all(systems.map(({ exporter }) => restarts(exporter)));
    for (const { deployment } of systems)
      await kubectl('-n', stack.shop, 'scale', `deployment/${deployment}`, '--replicas=0');
    for (const { job } of systems)
      await eventually(120, async () => expect({ job, health: await health(job) }).toEqual({ job, health: 0 }));
    expect(await prometheus.value('mysql_up')).toBe(0);
    expect(await prometheus.value('redis_up')).toBe(0);
    expect(await prometheus.query('kafka_brokers > 0')).toEqual([]);
    expect(await prometheus.value('up{job="mysql"}')).toBe(1);
    expect(await prometheus.value('up{job="redis"}')).toBe(1);
    expect(await Promise.all(systems.map(({ exporter }) => restarts(exporter)))).toEqual(before);

    for (const { deployment } of systems)
      await kubectl('-n', stack.shop, 'scale', `deployment/${deployment}`, '--replicas=1');
    // The user of the exporter went with MySQL's data; Redis and Kafka answer whoever asks.
    for (const job of ['redis', 'kafka'])
      await eventually(240, async () => expect({ job, health: await health(job) }).toEqual({ job, health: 1 }));
  });
});

describe('Zipkin', () => {
  test('stores a trace in an index of one shard and no replica, and finds it by its id', async () => {
    const traceId = '463ac35c9f6413ad48485a3953bb6124';
    const zipkin = await portForward(stack.namespace, 'deployment/zipkin', 9411);
    const elasticsearch = await portForward(stack.namespace, 'pod/elasticsearch-0', 9200);
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
      const settings = (await (await fetch(`${elasticsearch.url}/zipkin-span-*/_settings`)).json()) as Record<
        string,
        unknown
      >;
      expect(Object.values(settings)).toMatchObject([
        { settings: { index: { number_of_shards: '1', number_of_replicas: '0' } } },
      ]);
    } finally {
      zipkin.close();
      elasticsearch.close();
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

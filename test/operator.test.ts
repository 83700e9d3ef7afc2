import { targets } from '../exporters/index.ts';
import { configOf, fullConfig, operatorConfig } from './config-fixture.ts';
import { operatorScrapes } from './operator-scrape.ts';
import { relabel } from './relabel.ts';
import { find, type Manifest, manifestsOf, podsOf, prometheusYaml, runnerOf } from './stack-fixture.ts';

/** The objects for a Prometheus Operator mean what the stack's own Prometheus is told. */

type Labels = Record<string, string>;

/** A target as discovery finds it, and a series of it as it is exposed. */
interface Found {
  readonly meta: Labels;
  readonly exposed: Labels;
}

const cadvisor = { containerMetrics: { source: 'cadvisor' } };

const pod = (namespace: string, name: string, labels: Labels, container = 'app', port = '8080'): Labels => ({
  __address__: `10.0.0.7:${port}`,
  __metrics_path__: '/metrics',
  __meta_kubernetes_namespace: namespace,
  __meta_kubernetes_pod_name: name,
  __meta_kubernetes_pod_ip: '10.0.0.7',
  __meta_kubernetes_pod_phase: 'Running',
  __meta_kubernetes_pod_node_name: 'node-1',
  __meta_kubernetes_pod_container_name: container,
  __meta_kubernetes_pod_container_port_number: port,
  __meta_kubernetes_pod_label_team: 'red',
  ...Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [
      `__meta_kubernetes_pod_label_${label.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
      value,
    ]),
  ),
});

/** Every pod behind a Service of the stack, as discovery by Services finds it. */
const behindServices = (manifests: Manifest[]): Labels[] =>
  manifests
    .filter(({ kind, metadata }) => kind === 'Service' && metadata.namespace === 'loadscope')
    .flatMap(({ metadata, spec }) => {
      const label = spec.selector['app.kubernetes.io/name'];
      const { template } = podsOf(manifests).find(
        ({ namespace, template: { metadata: of } }) =>
          namespace === 'loadscope' && of.labels['app.kubernetes.io/name'] === label,
      ) as Manifest;
      return template.spec.containers[0].ports.map(({ containerPort }: Manifest) => ({
        ...pod('loadscope', `${label}-0`, {}, label, String(containerPort)),
        __meta_kubernetes_service_name: metadata.name,
        __meta_kubernetes_service_label_app_kubernetes_io_name: metadata.labels['app.kubernetes.io/name'],
        __meta_kubernetes_service_labelpresent_app_kubernetes_io_name: 'true',
      }));
    });

const ofAPod = { namespace: 'shop', pod: 'shop-7d9f8c6b5-x2k4z', container: 'shop' };

/** What is found for each job, and a series that it exposes. */
const discovered: Record<string, (manifests: Manifest[]) => Found[]> = {
  service: () =>
    [
      pod('shop', 'shop-1', { app: 'shop' }),
      pod('shop', 'shop-1', { app: 'shop' }, 'sidecar', '15090'),
      pod('identity', 'auth-server-1', { 'app.kubernetes.io/name': 'auth' }),
      pod('shop', 'other-1', { app: 'other' }),
    ].map((meta) => ({
      meta,
      exposed: { __name__: 'process_cpu_usage', application: 'a', service: 'calls-itself-so' },
    })),
  containers: (): Found[] => {
    const raw = {
      __name__: 'container_memory_working_set_bytes',
      id: '/kubepods/pod1/1',
      container_label_io_kubernetes_pod_namespace: ofAPod.namespace,
      container_label_io_kubernetes_pod_name: ofAPod.pod,
      container_label_io_kubernetes_container_name: ofAPod.container,
    };
    const node = { __address__: '10.0.0.1:10250', __metrics_path__: '/metrics', instance: 'node-1' };
    return [
      { meta: node, exposed: { __name__: raw.__name__, id: raw.id, ...ofAPod } },
      { meta: node, exposed: { __name__: 'machine_cpu_cores', machine_id: '1' } },
      { meta: pod('loadscope-cadvisor', 'cadvisor-1', { 'app.kubernetes.io/name': 'cadvisor' }), exposed: raw },
    ];
  },
  'kube-state-metrics': (manifests) =>
    behindServices(manifests).map((meta) => ({
      meta,
      exposed: { __name__: 'kube_pod_container_resource_limits', ...ofAPod, resource: 'cpu' },
    })),
  mysql: (manifests) => behindServices(manifests).map((meta) => ({ meta, exposed: { __name__: 'mysql_up' } })),
  redis: (manifests) => behindServices(manifests).map((meta) => ({ meta, exposed: { __name__: 'redis_up' } })),
  kafka: (manifests) =>
    behindServices(manifests).map((meta) => ({ meta, exposed: { __name__: 'kafka_brokers', topic: 't' } })),
  elasticsearch: (manifests) =>
    behindServices(manifests).map((meta) => ({
      meta,
      // The operator has such a label, too.
      exposed: { __name__: 'elasticsearch_cluster_health_number_of_nodes', cluster: 'c' },
    })),
  zipkin: (manifests) =>
    behindServices(manifests).map((meta) => ({ meta, exposed: { __name__: 'zipkin_collector_spans_total' } })),
};

/** The labels that a series is stored with, once; undefined for what is not scraped or not stored. */
function stored(scrape: Manifest, { meta, exposed }: Found): Labels | undefined {
  const target = relabel(meta, scrape.relabel_configs);
  if (!target) return undefined;
  const ofTarget: Labels = Object.fromEntries(
    Object.entries({ instance: target.__address__ ?? '', ...target }).filter(([label]) => !label.startsWith('__')),
  );
  const labels = scrape.honor_labels
    ? { ...ofTarget, ...exposed }
    : {
        ...Object.fromEntries(
          Object.entries(exposed).map(([label, value]) => [label in ofTarget ? `exported_${label}` : label, value]),
        ),
        ...ofTarget,
      };
  return relabel(labels, scrape.metric_relabel_configs);
}

const distinct = (all: (Labels | undefined)[]): string[] =>
  [...new Set(all.flatMap((labels) => (labels ? [JSON.stringify(Object.entries(labels).sort())] : [])))].sort();

/** The scrape of a job by the stack's own Prometheus, with what it knows beforehand as if it had been found. */
function ownScrape(name: string, config: object, found: Found[]): (Labels | undefined)[] {
  const job = prometheusYaml(manifestsOf(config)).scrape_configs.find(({ job_name }: Manifest) => job_name === name);
  const [exposed] = found.map((each) => each.exposed);
  const beforehand: Found[] = (job.static_configs ?? []).map(({ targets: [address], labels }: Manifest) => ({
    meta: { __address__: address, ...labels },
    exposed,
  }));
  return (beforehand.length ? beforehand : found).map(({ meta, exposed: series }) =>
    stored(job, { meta: { job: name, ...meta }, exposed: series }),
  );
}

describe.each([
  ['kubelets', {}],
  ['a cAdvisor', cadvisor],
])('with %s', (_, more) => {
  const manifests = manifestsOf({ ...operatorConfig, ...more });
  const monitors = manifests.filter(({ kind }) => ['ServiceMonitor', 'PodMonitor', 'ScrapeConfig'].includes(kind));

  test('there is a monitor for each target that is scraped, which the selectors of the cluster find', () => {
    const scraped = targets(configOf({ ...operatorConfig, ...more })).filter(({ scrape }) => scrape);
    expect(monitors.map(({ metadata }) => metadata.name)).toEqual(scraped.map(({ name }) => name));
    expect(monitors.map(({ metadata }) => metadata.name).sort()).toEqual(Object.keys(discovered).sort());
    for (const { metadata } of monitors) expect(metadata.labels).toMatchObject({ release: 'kps', 'a.b/c': 'd' });
  });

  test.each(monitors.map((monitor) => [monitor.metadata.name, monitor]))(
    'the series of %s have the labels that they have in a Prometheus of its own',
    (name, monitor) => {
      const kubelet = monitor.kind === 'ScrapeConfig';
      const found = (discovered[name]?.(manifests) ?? []).filter(
        ({ meta }) => name !== 'containers' || (meta.instance !== undefined) === kubelet,
      );
      const own = distinct(ownScrape(name, { ...fullConfig, ...more }, found));
      const operators = operatorScrapes(monitor).flatMap((scrape) =>
        found.map(({ meta, exposed }) => stored(scrape, { meta: { job: 'x', ...meta }, exposed })),
      );
      expect(own.length).toBeGreaterThan(0);
      expect(distinct(operators)).toEqual(own);
    },
  );

  test.each(monitors.map((monitor) => [monitor.metadata.name, monitor]))(
    '%s is scraped as often, as long and at the same path, and its labels and timestamps count as much',
    (name, { kind, spec }) => {
      const { scrape_configs, global } = prometheusYaml(manifestsOf({ ...fullConfig, ...more }));
      const job = scrape_configs.find(({ job_name }: Manifest) => job_name === name);
      const [endpoint] = spec.endpoints ?? spec.podMetricsEndpoints ?? [spec];
      const { path, metricsPath = path ?? '/metrics', honorLabels, honorTimestamps, scrapeTimeout } = endpoint;
      expect({ metricsPath, honorLabels, honorTimestamps, scrapeTimeout }).toEqual({
        metricsPath: job.metrics_path,
        honorLabels: job.honor_labels,
        honorTimestamps: job.honor_timestamps,
        scrapeTimeout: global.scrape_timeout,
      });
      expect(endpoint.interval ?? endpoint.scrapeInterval).toBe(global.scrape_interval);
      expect((endpoint.scheme ?? 'http').toLowerCase()).toBe(job.scheme ?? 'http');
      expect(spec.fallbackScrapeProtocol).toBe(job.fallback_scrape_protocol);
      if (kind === 'PodMonitor')
        expect(spec.namespaceSelector.matchNames).toEqual(job.kubernetes_sd_configs[0].namespaces.names);
    },
  );
});

describe('with what the cluster has already', () => {
  const manifests = manifestsOf(operatorConfig);

  test('there is no Prometheus, Alertmanager and Grafana, and no password of one', () => {
    expect(podsOf(manifests).map(({ workload }) => workload.replace(/-[0-9a-f]{10}$/, ''))).toEqual([
      'Job make-secrets',
      'StatefulSet elasticsearch',
      'Deployment zipkin',
      'CronJob trace-retention',
      'CronJob trace-links',
      'CronJob trace-links-yesterday',
      'Deployment mysqld-exporter-made',
      'Deployment mysqld-exporter-given',
      'Deployment redis-exporter-cache',
      'Deployment kafka-exporter-events',
      'Deployment elasticsearch-exporter-trace-storage',
      'Deployment kube-state-metrics',
      'Job mysql-user-made',
      'CronJob k6-browse',
      'runners of browse',
    ]);
    expect(JSON.stringify(manifests)).not.toContain('grafana-admin');
    const jobs = manifestsOf({
      output: operatorConfig.output,
      tracing: { elasticsearch: { urls: ['http://es:9200'] } },
    });
    expect(jobs.filter(({ kind }) => kind === 'Job')).toEqual([]);
  });

  test('rights go to accounts of the stack only', () => {
    const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name);
    const bindings = manifests.filter(({ kind }) => kind.endsWith('Binding'));
    expect(bindings.length).toBeGreaterThan(2);
    for (const { subjects } of bindings)
      for (const { kind, name, namespace } of subjects) {
        expect({ kind, namespace }).toEqual({ kind: 'ServiceAccount', namespace: 'loadscope' });
        expect(accounts).toContain(name);
      }
  });

  test('kubelets are read with a token that is in no manifest and may read metrics', () => {
    const { spec } = find(manifests, 'ScrapeConfig', 'containers');
    const { name, key } = spec.authorization.credentials;
    const secret = find(manifests, 'Secret', name);
    expect(key).toBe('token');
    expect(secret.data ?? secret.stringData).toBeUndefined();
    const account = secret.metadata.annotations['kubernetes.io/service-account.name'];
    find(manifests, 'ServiceAccount', account);
    expect(find(manifests, 'ClusterRole', `loadscope-${account}`).rules).toEqual([
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ]);
    expect(
      manifestsOf({ ...operatorConfig, ...cadvisor }).filter(({ kind }) => /Secret|ScrapeConfig/.test(kind)),
    ).toEqual([]);
  });

  test('load tests push to its receiver', () => {
    const { env } = runnerOf(manifests, 'browse');
    expect(env).toContainEqual({
      name: 'K6_PROMETHEUS_RW_SERVER_URL',
      value: operatorConfig.output.prometheus.remoteWriteUrl,
    });
  });
});

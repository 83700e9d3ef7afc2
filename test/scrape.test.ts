import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { fullConfig } from './config-fixture.ts';
import { relabel } from './relabel.ts';
import { find, type Manifest, manifestsOf, planOf, prometheusYaml } from './stack-fixture.ts';
import { findTool, testWithTool } from './tool.ts';

const manifests = manifestsOf(fullConfig);
const config = prometheusYaml(manifests);
const job = (name: string, from = config): Manifest =>
  from.scrape_configs.find(({ job_name }: Manifest) => job_name === name);

/** The labels of a pod that discovery found, or undefined when it is not scraped. */
const discovered = (name: string, meta: Record<string, string>, from = config) =>
  relabel(
    {
      __address__: '10.0.0.7:1234',
      __metrics_path__: '/metrics',
      __meta_kubernetes_pod_phase: 'Running',
      __meta_kubernetes_pod_ip: '10.0.0.7',
      ...meta,
    },
    job(name, from).relabel_configs,
  );

/** The public ones of a service's. */
function scraped(meta: Record<string, string>, from = config) {
  const found = discovered('service', meta, from);
  if (!found) return undefined;
  const { __address__, __metrics_path__, service, namespace, pod } = found;
  return { __address__, __metrics_path__, service, namespace, pod };
}

describe('pods under test', () => {
  test('are found by their selector and scraped on the port and path of their service', () => {
    expect(
      scraped({
        __meta_kubernetes_namespace: 'shop',
        __meta_kubernetes_pod_name: 'shop-1',
        __meta_kubernetes_pod_label_app: 'shop',
      }),
    ).toEqual({
      __address__: '10.0.0.7:8080',
      __metrics_path__: '/actuator/prometheus',
      service: 'shop',
      namespace: 'shop',
      pod: 'shop-1',
    });
    expect(
      scraped({
        __meta_kubernetes_namespace: 'identity',
        __meta_kubernetes_pod_name: 'auth-1',
        __meta_kubernetes_pod_label_app_kubernetes_io_name: 'auth',
      }),
    ).toEqual({
      __address__: '10.0.0.7:9090',
      __metrics_path__: '/metrics',
      service: 'auth',
      namespace: 'identity',
      pod: 'auth-1',
    });
  });

  test('are told from others: of another name, in another namespace, finished', () => {
    const shop = {
      __meta_kubernetes_namespace: 'shop',
      __meta_kubernetes_pod_name: 'shop-1',
      __meta_kubernetes_pod_label_app: 'shop',
    };
    expect(scraped(shop)).toBeDefined();
    expect(scraped({ ...shop, __meta_kubernetes_pod_label_app: 'shopping' })).toBeUndefined();
    expect(scraped({ ...shop, __meta_kubernetes_namespace: 'identity' })).toBeUndefined();
    expect(scraped({ ...shop, __meta_kubernetes_pod_phase: 'Succeeded' })).toBeUndefined();
  });

  test('with several labels in the selector need all of them, dots taken literally', () => {
    const found = prometheusYaml(
      manifestsOf({
        services: [
          { name: 'a', namespace: 'shop', port: 1, selector: { app: 'a', 'app.kubernetes.io/version': 'v1.2' } },
        ],
      }),
    );
    const pod = {
      __meta_kubernetes_namespace: 'shop',
      __meta_kubernetes_pod_name: 'p',
      __meta_kubernetes_pod_label_app: 'a',
    };
    expect(scraped({ ...pod, __meta_kubernetes_pod_label_app_kubernetes_io_version: 'v1.2' }, found)).toBeDefined();
    expect(scraped({ ...pod, __meta_kubernetes_pod_label_app_kubernetes_io_version: 'v1x2' }, found)).toBeUndefined();
    expect(scraped(pod, found)).toBeUndefined();
  });
});

test('a pod with an address of version 6 is scraped at it', () => {
  const pod = {
    __meta_kubernetes_namespace: 'shop',
    __meta_kubernetes_pod_name: 'shop-1',
    __meta_kubernetes_pod_label_app: 'shop',
    __meta_kubernetes_pod_ip: 'fd00:10::7',
  };
  expect(scraped(pod)?.__address__).toBe('[fd00:10::7]:8080');
});

describe('pods of Kafka bots', () => {
  const bots = prometheusYaml(manifestsOf({ ...fullConfig, kafkaBots: [{ name: 'bot', cluster: 'events' }] }));
  const pod = {
    __meta_kubernetes_pod_name: 'run-1-load-0-x7k2p',
    __meta_kubernetes_pod_label_app_kubernetes_io_name: 'kafka-bot',
    __meta_kubernetes_pod_container_port_name: 'metrics',
  };

  test('are looked for in the namespace of the stack, and are instances by their name', () => {
    expect(job('kafka-bot', bots).kubernetes_sd_configs).toEqual([
      { role: 'pod', namespaces: { names: ['loadscope'] } },
    ]);
    const { instance, __address__ } = discovered('kafka-bot', pod, bots) ?? {};
    expect({ instance, __address__ }).toEqual({ instance: 'run-1-load-0-x7k2p', __address__: '10.0.0.7:1234' });
  });

  test.each([
    ['that have ended well', { __meta_kubernetes_pod_phase: 'Succeeded' }],
    ['that have ended otherwise', { __meta_kubernetes_pod_phase: 'Failed' }],
    ['of k6', { __meta_kubernetes_pod_label_app_kubernetes_io_name: 'k6' }],
    ['of another port', { __meta_kubernetes_pod_container_port_name: 'control' }],
  ])('are not those %s', (_, change) => {
    expect(discovered('kafka-bot', { ...pod, ...change }, bots)).toBeUndefined();
  });

  test('are what the stack labels and names so', () => {
    const template = planOf(manifestsOf({ ...fullConfig, kafkaBots: [{ name: 'bot', cluster: 'events' }] })).loadTests
      .bot?.template as Manifest;
    expect(template.metadata.labels['app.kubernetes.io/name']).toBe('kafka-bot');
    expect(template.spec.containers[0].ports).toEqual([expect.objectContaining({ name: 'metrics' })]);
  });
});

/** Names that are stored, whose series the other steps are tried on. */
const memory = 'container_memory_working_set_bytes';
const phase = 'kube_pod_status_phase';

describe.each([
  ['containers', memory],
  ['kube-state-metrics', phase],
])('%s', (name, __name__) => {
  const serviceOf = (namespace: string, pod: string) =>
    relabel({ __name__, namespace, pod, container: 'c' }, job(name).metric_relabel_configs)?.service;

  test.each([
    ['shop', 'shop-7d9f8c6b5-x2k4z', 'shop'],
    ['shop', 'shop-0', 'shop'],
    ['shop', 'shop-x2k4z', 'shop'],
    ['shop', 'shop-api-7d9f8c6b5-x2k4z', undefined],
    ['shop', 'shop-proxy', undefined],
    // Other workloads whose names begin alike: StatefulSets with their ordinals, a DaemonSet.
    ['shop', 'shop-db-0', undefined],
    ['shop', 'shop-2-0', undefined],
    ['shop', 'shop-grpc-x2k4z', undefined],
    ['shop', 'workshop-0', undefined],
    ['elsewhere', 'shop-0', undefined],
    ['identity', 'auth-server-7d9f8c6b5-x2k4z', 'auth'],
    ['identity', 'auth-7d9f8c6b5-x2k4z', undefined],
    // Data systems by what their addresses lead to: a Service, a pod of a StatefulSet, a host elsewhere.
    ['data', 'mysql-0', 'mysql'],
    ['data', 'redis-7d9f8c6b5-x2k4z', 'redis'],
    ['data', 'kafka-0', 'kafka'],
    ['data', 'kafka-0-0', undefined],
    ['shop', 'mysql-0', undefined],
    ['data', 'db-0', undefined],
  ])('in %s gives pod %s the service %s', (namespace, pod, service) => {
    expect(serviceOf(namespace, pod)).toBe(service);
  });
});

test('series of cgroups between the node and the pods are not kept', () => {
  const { metric_relabel_configs: steps } = job('containers');
  expect(relabel({ __name__: memory, id: '/kubepods', pod: '' }, steps)).toBeUndefined();
  expect(relabel({ __name__: memory, id: '/kubepods/pod1', pod: 'shop-0', namespace: 'shop' }, steps)).toBeDefined();
});

test('a stand-alone cAdvisor gives the labels that the kubelet gives', () => {
  const cadvisor = prometheusYaml(manifestsOf({ ...fullConfig, containerMetrics: { source: 'cadvisor' } }));
  const raw = {
    __name__: memory,
    container_label_io_kubernetes_pod_namespace: 'shop',
    container_label_io_kubernetes_pod_name: 'shop-7d9f8c6b5-x2k4z',
    container_label_io_kubernetes_container_name: 'shop',
    name: '0123',
  };
  expect(relabel(raw, job('containers', cadvisor).metric_relabel_configs)).toEqual({
    __name__: memory,
    namespace: 'shop',
    pod: 'shop-7d9f8c6b5-x2k4z',
    container: 'shop',
    service: 'shop',
    name: '0123',
  });
});

test('every address scraped beforehand is a port that a Service of the stack opens', () => {
  const addresses: string[] = config.scrape_configs.flatMap(({ static_configs = [] }: Manifest) =>
    static_configs.flatMap(({ targets }: Manifest) => targets),
  );
  expect(addresses.length).toBeGreaterThan(6);
  for (const address of addresses.filter((text) => !text.startsWith('localhost'))) {
    const [host = '', port] = address.split(':');
    expect(find(manifests, 'Service', host).spec.ports.map((open: Manifest) => open.port)).toContain(Number(port));
  }
});

test('an exporter speaks in the name of what it watches', () => {
  expect(job('mysql').static_configs).toEqual([
    { targets: ['mysqld-exporter-made:9104'], labels: { instance: 'made' } },
    { targets: ['mysqld-exporter-given:9104'], labels: { instance: 'given' } },
  ]);
});

test('300 services fit in what kubectl apply takes', () => {
  const services = Array.from({ length: 300 }, (_, index) => ({
    name: `service-number-${index}`,
    namespace: `team-${index % 10}`,
    port: 8080,
  }));
  const configMap = find(manifestsOf({ services }), 'ConfigMap', 'prometheus-config');
  expect(Buffer.byteLength(JSON.stringify(configMap))).toBeLessThan(256 * 1024);
});

const promtool = findTool('promtool', '--version');

testWithTool(promtool)('Prometheus takes the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  try {
    const file = join(folder, 'prometheus.yml');
    // The token is there in the pod only.
    writeFileSync(file, stringify(config).replaceAll(/credentials_file: .*/g, 'credentials: token'));
    writeFileSync(join(folder, 'rules.yml'), find(manifests, 'ConfigMap', 'prometheus-config').data['rules.yml']);
    expect(promtool?.('check', 'config', file)).toMatchObject({ status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

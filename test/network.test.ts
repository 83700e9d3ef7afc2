import { whereabouts } from '../model/address.ts';
import { demoServices } from '../model/demo.ts';
import { demoConfig, fullConfig } from './config-fixture.ts';
import { allows, connects, type Pod, pod, rules } from './policies.ts';
import { find, type Manifest, manifestsOf } from './stack-fixture.ts';

/** Who reaches whom. */

const manifests = manifestsOf({ ...demoConfig, containerMetrics: { source: 'cadvisor' } });
const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
const demo = (name: string): Pod => pod(name, 'loadscope-demo');

test.each([
  ['prometheus', pod('mysqld-exporter-made'), 9104],
  ['prometheus', pod('redis-exporter-cache'), 9121],
  ['prometheus', pod('kafka-exporter-events'), 9308],
  ['prometheus', pod('kube-state-metrics'), 8080],
  ['prometheus', pod('alertmanager'), 9093],
  ['prometheus', pod('zipkin'), 9411],
  ['prometheus', pod('any', 'shop'), 8080],
  ['prometheus', pod('any', 'identity'), 9090],
  ['prometheus', pod('cadvisor', 'loadscope-cadvisor'), 8080],
  ['grafana', pod('prometheus'), 9090],
  ['grafana', pod('alertmanager'), 9093],
  ['grafana', pod('zipkin'), 9411],
  ['zipkin', pod('elasticsearch'), 9200],
  ['trace-retention', pod('elasticsearch'), 9200],
  ['trace-links', pod('elasticsearch'), 9200],
  ['elasticsearch-exporter-trace-storage', pod('elasticsearch'), 9200],
  ['elasticsearch-exporter-demo-elasticsearch', demo('elasticsearch'), 9200],
  ['k6', pod('prometheus'), 9090],
  ['k6', pod('coordinator'), 8080],
  ['k6', pod('any', 'shop'), 8080],
  ['coordinator', pod('prometheus'), 9090],
  ['mysqld-exporter-made', pod('mysql', 'data'), 3306],
  ['mysql-user-made', pod('mysql', 'data'), 3306],
  ['kafka-exporter-events', pod('kafka', 'data'), 9092],
  ['k6', demo('api-gateway'), 8080],
  ['coordinator', demo('api-gateway'), 8080],
  ['coordinator', demo('mysql'), 3306],
  ['prometheus', demo('api-gateway'), 8081],
  ['prometheus', demo('blog-service'), 8081],
  ['mysqld-exporter-demo-mysql', demo('mysql'), 3306],
  ['mysql-user-demo-mysql', demo('mysql'), 3306],
  ['redis-exporter-demo-redis', demo('redis'), 6379],
  ['kafka-exporter-demo-kafka', demo('kafka'), 9092],
  ['elasticsearch-exporter-demo-elasticsearch', demo('elasticsearch'), 9200],
  ['elasticsearch-exporter-trace-storage', pod('elasticsearch'), 9200],
  ['kafka-bot', demo('kafka'), 9092],
  ['kafka-bot', pod('coordinator'), 8080],
  ['prometheus', pod('kafka-bot'), 9464],
])('%s reaches %j on %d', (from, to, port) => {
  expect(connects(policies, pod(from), to, port)).toBe(true);
});

test.each([
  ['a stranger in the namespace', pod('stranger'), pod('prometheus'), 9090],
  ['a pod under test', pod('shop', 'shop'), pod('prometheus'), 9090],
  ['a load test', pod('k6'), pod('elasticsearch'), 9200],
  ['a stranger in the namespace', pod('stranger'), pod('coordinator'), 8080],
  ['a pod under test', pod('shop', 'shop'), pod('coordinator'), 8080],
  ['Grafana', pod('grafana'), pod('elasticsearch'), 9200],
  ['Prometheus', pod('prometheus'), pod('elasticsearch'), 9200],
  ['a Kafka bot', pod('kafka-bot'), pod('prometheus'), 9090],
  ['a stranger in the namespace', pod('stranger'), pod('kafka-bot'), 9464],
  ['an exporter', pod('redis-exporter-cache'), pod('prometheus'), 9090],
  ['an exporter', pod('redis-exporter-cache'), pod('any', 'shop'), 8080],
  ['a pod of another namespace', pod('any', 'elsewhere'), pod('zipkin'), 9411],
  ['a pod of another namespace', pod('any', 'elsewhere'), pod('cadvisor', 'loadscope-cadvisor'), 8080],
  ['Elasticsearch', pod('elasticsearch'), pod('any', 'elsewhere'), 443],
  ['Prometheus', pod('prometheus'), demo('blog-service'), 8080],
  ['an exporter of another one', pod('elasticsearch-exporter-demo-elasticsearch'), pod('elasticsearch'), 9200],
  ['the exporter of spans', pod('elasticsearch-exporter-trace-storage'), demo('elasticsearch'), 9200],
  ['a load test of the demo', pod('k6'), demo('shopping-service'), 8080],
  ['a pod of another namespace', pod('any', 'elsewhere'), demo('api-gateway'), 8080],
  ['a service of the demo', demo('shopping-service'), pod('prometheus'), 9090],
  ['a service of the demo', demo('shopping-service'), pod('elasticsearch'), 9200],
  ['a service of the demo', demo('auth-service'), pod('any', 'elsewhere'), 443],
])('%s (%j) does not reach %j on %d', (_, from, to, port) => {
  expect(connects(policies, from, to, port)).toBe(false);
});

test.each([pod('shop', 'shop'), demo('api-gateway'), demo('notification-service')])(
  'a pod under test may send spans: %j',
  (sender) => {
    expect(connects(policies, sender, pod('zipkin'), 9411)).toBe(true);
  },
);

test('of the stack, a service of the demo may go out to Zipkin only', () => {
  const sender = demo('blog-service');
  const out = (to: Pod) => rules(policies, sender, 'Egress')?.some((rule) => allows(rule, rule.to, to, 9411, sender));
  expect([out(pod('zipkin')), out(pod('stranger')), out(demo('zipkin'))]).toEqual([true, false, false]);
});

test('in the demo, each reaches what it needs and nothing else', () => {
  const others = ['seed', 'mysql', 'redis', 'kafka', 'elasticsearch', 'stranger'];
  const pods = [...demoServices, ...others];
  const ports = [8080, 8081, 3306, 6379, 9092, 9200];
  const reached = (from: string) =>
    pods.flatMap((to) =>
      ports.filter((port) => connects(policies, demo(from), demo(to), port)).map((port) => `${to}:${port}`),
    );
  expect(Object.fromEntries(pods.map((from) => [from, reached(from)]))).toEqual({
    'api-gateway': [
      'api-gateway:8081',
      ...['auth-service:8080', 'auth-service:8081'],
      ...['shopping-service:8080', 'shopping-service:8081'],
      ...['blog-service:8080', 'blog-service:8081'],
      ...['search-service:8080', 'search-service:8081'],
      'notification-service:8081',
    ],
    'auth-service': ['mysql:3306'],
    'shopping-service': ['mysql:3306', 'redis:6379', 'kafka:9092'],
    'blog-service': ['mysql:3306'],
    'search-service': ['elasticsearch:9200'],
    'notification-service': ['mysql:3306', 'kafka:9092'],
    seed: ['mysql:3306', 'kafka:9092', 'elasticsearch:9200'],
    ...{ mysql: [], redis: [], kafka: [], elasticsearch: [], stranger: [] },
  });
});

test('the gateway of the demo lets in whoever of its namespace may go out', () => {
  const runner = {
    metadata: { namespace: 'loadscope-demo' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  };
  for (const port of [8080, 8081]) {
    expect(connects([...policies, runner], demo('stranger'), demo('api-gateway'), port)).toBe(true);
    expect(connects([...policies, runner], demo('stranger'), demo('blog-service'), port)).toBe(false);
  }
});

test('a database outside the cluster is reached on its port and no other', () => {
  const { spec } = find(policies, 'NetworkPolicy', 'mysqld-exporter-given');
  expect(spec.egress).toEqual([{ ports: [{ port: 3307, protocol: 'TCP' }] }]);
});

test('every pod may ask DNS, and nothing else that no policy of its own allows', () => {
  expect(rules(policies, pod('stranger'), 'Ingress')).toEqual([]);
  expect(rules(policies, pod('stranger'), 'Egress')).toEqual([
    {
      ports: [
        { port: 53, protocol: 'UDP' },
        { port: 53, protocol: 'TCP' },
      ],
    },
  ]);
});

test.each([
  ['elasticsearch', ['zipkin', 'trace-retention', 'trace-links', 'elasticsearch-exporter-trace-storage']],
  ['prometheus', ['grafana', 'k6', 'coordinator']],
  ['coordinator', ['k6', 'kafka-bot']],
  ['k6', ['k6-starter']],
  ['kafka-bot', ['prometheus']],
  ['alertmanager', ['prometheus', 'grafana']],
  ['grafana', []],
])('%s takes connections from %j and no other workload of the stack', (name, wanted) => {
  const peers = rules(policies, pod(name), 'Ingress')?.flatMap(({ from }) =>
    from.flatMap(({ podSelector }: Manifest) => podSelector?.matchLabels['app.kubernetes.io/name'] ?? []),
  );
  expect(peers).toEqual(wanted);
});

test('without a load test, Prometheus takes pushes from Grafana only', () => {
  const { spec } = find(manifestsOf({ services: fullConfig.services }), 'NetworkPolicy', 'prometheus');
  expect(spec.ingress.flatMap(({ from }: Manifest) => from)).toHaveLength(1);
});

test.each(['prometheus', 'kube-state-metrics', 'make-secrets'])('%s reaches the API server', (name) => {
  const ports = rules(policies, pod(name), 'Egress')?.flatMap(({ to, ports: open }) =>
    to ? [] : open.map(({ port }: { port: number }) => port),
  );
  expect(ports).toEqual(expect.arrayContaining([443, 6443]));
});

test.each([
  ['mysql', { namespace: 'own', outside: false }],
  ['mysql.shop', { namespace: 'shop', outside: true }],
  ['mysql.shop.svc', { namespace: 'shop', outside: false }],
  ['mysql.shop.svc.cluster.local', { namespace: 'shop', outside: false }],
  ['kafka-0.kafka.shop.svc.cluster.local', { namespace: 'shop', outside: false }],
  ['db.example.com', { outside: true }],
  ['10.1.2.3', { outside: true }],
  ['[fd00::1]', { outside: true }],
])('%s is taken to lead to %j', (host, expected) => {
  expect(whereabouts(host, 'own')).toEqual(expected);
});

test('nothing is open to everyone', () => {
  for (const { spec } of policies) for (const rule of spec.ingress ?? []) expect(rule.from?.length).toBeGreaterThan(0);
});

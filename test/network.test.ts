import { whereabouts } from '../model/address.ts';
import { find, fullConfig, type Manifest, manifestsOf } from './stack-fixture.ts';

/** What NetworkPolicies mean: whether they let one pod open a connection to another. */

interface Pod {
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

const matches = (selector: Manifest, labels: Record<string, string>) =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** Rules of every policy that selects the pod for a direction; undefined when none does, and all is allowed. */
function rules(policies: Manifest[], pod: Pod, direction: 'Ingress' | 'Egress'): Manifest[] | undefined {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      matches(spec.podSelector, pod.labels),
  );
  return selecting.length ? selecting.flatMap(({ spec }) => spec[direction.toLowerCase()] ?? []) : undefined;
}

const allows = (rule: Manifest, peers: Manifest[] | undefined, other: Pod, port: number, own: Pod) =>
  (!rule.ports || rule.ports.some((allowed: Manifest) => allowed.port === port)) &&
  (!peers ||
    peers.some(
      (peer) =>
        !peer.ipBlock &&
        (peer.namespaceSelector
          ? matches(peer.namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
          : other.namespace === own.namespace) &&
        matches(peer.podSelector, other.labels),
    ));

function connects(policies: Manifest[], from: Pod, to: Pod, port: number): boolean {
  const out = rules(policies, from, 'Egress');
  const into = rules(policies, to, 'Ingress');
  return (
    (out === undefined || out.some((rule) => allows(rule, rule.to, to, port, from))) &&
    (into === undefined || into.some((rule) => allows(rule, rule.from, from, port, to)))
  );
}

const manifests = manifestsOf({ ...fullConfig, containerMetrics: { source: 'cadvisor' } });
const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
const pod = (name: string, namespace = 'loadscope'): Pod => ({ namespace, labels: { 'app.kubernetes.io/name': name } });

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
  ['k6-browse', pod('prometheus'), 9090],
  ['k6-browse', pod('any', 'shop'), 8080],
  ['mysqld-exporter-made', pod('mysql', 'data'), 3306],
  ['mysql-user-made', pod('mysql', 'data'), 3306],
  ['kafka-exporter-events', pod('kafka', 'data'), 9092],
])('%s reaches %j on %d', (from, to, port) => {
  expect(connects(policies, pod(from), to, port)).toBe(true);
});

test.each([
  ['a stranger in the namespace', pod('stranger'), pod('prometheus'), 9090],
  ['a pod under test', pod('shop', 'shop'), pod('prometheus'), 9090],
  ['a load test', pod('k6-browse'), pod('elasticsearch'), 9200],
  ['Grafana', pod('grafana'), pod('elasticsearch'), 9200],
  ['Prometheus', pod('prometheus'), pod('elasticsearch'), 9200],
  ['an exporter', pod('redis-exporter-cache'), pod('prometheus'), 9090],
  ['an exporter', pod('redis-exporter-cache'), pod('any', 'shop'), 8080],
  ['a pod of another namespace', pod('any', 'elsewhere'), pod('zipkin'), 9411],
  ['a pod of another namespace', pod('any', 'elsewhere'), pod('cadvisor', 'loadscope-cadvisor'), 8080],
  ['Elasticsearch', pod('elasticsearch'), pod('any', 'elsewhere'), 443],
])('%s (%j) does not reach %j on %d', (_, from, to, port) => {
  expect(connects(policies, from, to, port)).toBe(false);
});

test('pods under test may send spans', () => {
  expect(connects(policies, pod('shop', 'shop'), pod('zipkin'), 9411)).toBe(true);
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
  ['elasticsearch', ['zipkin']],
  ['prometheus', ['grafana', 'k6-browse']],
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

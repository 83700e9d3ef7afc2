import { demoConfig, operatorConfig } from './config-fixture.ts';
import { connects, type Pod, pod, rules } from './policies.ts';
import { type Manifest, manifestsOf } from './stack-fixture.ts';

/** Who reaches whom where Prometheus and Grafana are the cluster's. */

const policies = manifestsOf({
  ...demoConfig,
  output: operatorConfig.output,
  containerMetrics: { source: 'cadvisor' },
}).filter(({ kind }) => kind === 'NetworkPolicy');
const prometheus = pod('prometheus', 'monitoring');
const grafana: Pod = { namespace: 'grafana', labels: { app: 'grafana' } };

test.each([
  ['Prometheus', prometheus, pod('mysqld-exporter-made'), 9104],
  ['Prometheus', prometheus, pod('redis-exporter-cache'), 9121],
  ['Prometheus', prometheus, pod('kafka-exporter-events'), 9308],
  ['Prometheus', prometheus, pod('kube-state-metrics'), 8080],
  ['Prometheus', prometheus, pod('zipkin'), 9411],
  ['Prometheus', prometheus, pod('cadvisor', 'loadscope-cadvisor'), 8080],
  ['Prometheus', prometheus, pod('api-gateway', 'loadscope-demo'), 8081],
  ['Prometheus', prometheus, pod('blog-service', 'loadscope-demo'), 8081],
  ['Grafana', grafana, pod('zipkin'), 9411],
  ['a load test', pod('k6'), prometheus, 9090],
  ['a load test', pod('k6'), pod('any', 'shop'), 8080],
  ['a load test of the demo', pod('k6'), pod('api-gateway', 'loadscope-demo'), 8080],
])('%s (%j) reaches %j on %d', (_, from, to, port) => {
  expect(connects(policies, from, to, port)).toBe(true);
});

test.each([
  ['another pod of its namespace', pod('other', 'monitoring'), pod('mysqld-exporter-made'), 9104],
  ['another pod of its namespace', pod('other', 'monitoring'), pod('zipkin'), 9411],
  ['a pod of that name in the stack', pod('prometheus'), pod('mysqld-exporter-made'), 9104],
  ['a pod of that name in the stack', pod('prometheus'), pod('cadvisor', 'loadscope-cadvisor'), 8080],
  ['Prometheus', prometheus, pod('elasticsearch'), 9200],
  ['Prometheus', prometheus, pod('blog-service', 'loadscope-demo'), 8080],
  ['Grafana', grafana, pod('mysqld-exporter-made'), 9104],
  ['a pod of the stack', pod('zipkin'), pod('blog-service', 'loadscope-demo'), 8081],
  ['an exporter', pod('redis-exporter-cache'), prometheus, 9090],
])('%s (%j) does not reach %j on %d', (_, from, to, port) => {
  expect(connects(policies, from, to, port)).toBe(false);
});

test('a receiver outside the cluster is reached on its port', () => {
  const remoteWriteUrl = 'https://metrics.example.com/api/v1/push';
  const output = {
    ...operatorConfig.output,
    prometheus: { remoteWriteUrl, url: 'https://metrics.example.com/prometheus' },
  };
  const outside = manifestsOf({ ...operatorConfig, output }).filter(({ kind }) => kind === 'NetworkPolicy');
  const anywhere = rules(outside, pod('k6'), 'Egress')?.flatMap(({ to, ports }: Manifest) => (to ? [] : ports));
  expect(anywhere).toContainEqual({ port: 443, protocol: 'TCP' });
});

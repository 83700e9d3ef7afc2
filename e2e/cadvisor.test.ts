import { eventually } from './lib/eventually.ts';
import { kubectl } from './lib/kubectl.ts';
import { Stack, testWith } from './lib/stack.ts';

/** Container metrics from a cAdvisor of the stack's own, where kubelets cannot be reached. */

const stack = new Stack();
const test = testWith(stack);

beforeAll(async () => {
  await stack.up(stack.config({ containerMetrics: { source: 'cadvisor' }, redis: [], kafka: [], loadTests: [] }));
  await stack.ready(`${stack.namespace}-cadvisor`, 120);
});
afterAll(() => stack.delete());

test('CPU, memory and network arrive by service, with the labels that the kubelet gives', async () => {
  await eventually(120, async () => {
    for (const metric of [
      'container_cpu_usage_seconds_total',
      'container_memory_working_set_bytes',
      'container_network_receive_bytes_total',
    ]) {
      const series = await stack.prometheus.query(`${metric}{service="redis"}`);
      expect({ metric, series: series.length }).not.toEqual({ metric, series: 0 });
      for (const { metric: labels } of series)
        expect(labels).toMatchObject({
          job: 'containers',
          namespace: stack.shop,
          pod: expect.stringMatching(/^redis-/),
          instance: expect.stringMatching(/^(?!\d+\.\d+)/),
        });
    }
    expect(
      await stack.prometheus.value(
        'sum(rate(container_cpu_usage_seconds_total{service="redis",container="redis"}[1m]))',
      ),
    ).toBeGreaterThan(0);
  });
});

test('Prometheus then has no right in the cluster as a whole', async () => {
  const roles = await kubectl('get', 'clusterroles,clusterrolebindings', '-o', 'name');
  expect(roles.split('\n').filter((name) => name.includes(stack.namespace))).toEqual([]);
});

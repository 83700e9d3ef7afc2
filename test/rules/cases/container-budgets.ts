import type { AlertCase } from '../case.ts';

/** The default budgets of containers: 80 % of their CPU and 90 % of their memory, by their limits. */

type Series = Readonly<Record<string, string>>;

const container = (pod: string, name = 'main') => `namespace="shop",pod="${pod}",container="${name}"`;
const ofShop = 'service="shop"';

const limits = (pod: string, { cpu = '1x20', memory = '1000x20', name = 'main' } = {}): Series => ({
  [`kube_pod_container_resource_limits{${container(pod, name)},resource="cpu",unit="core"}`]: cpu,
  [`kube_pod_container_resource_limits{${container(pod, name)},resource="memory",unit="byte"}`]: memory,
});

/** Of a pod that was made anew under its name, with half of the limits before. */
const limitsTwice = (pod: string): Series => ({
  ...limits(pod),
  [`kube_pod_container_resource_limits{${container(pod)},resource="cpu",unit="core",uid="before"}`]: '0.5x20',
  [`kube_pod_container_resource_limits{${container(pod)},resource="memory",unit="byte",uid="before"}`]: '500x20',
});

/** CPU seconds between two samples, of which 15 are one core, over two cores; and ten times as many of the pod. */
const cpu = (pod: string, seconds: number, samples = (growth: number) => `0+${growth}x20`, of = ofShop): Series => ({
  [`container_cpu_usage_seconds_total{${of},${container(pod)},cpu="cpu00"}`]: samples(seconds / 3),
  [`container_cpu_usage_seconds_total{${of},${container(pod)},cpu="cpu01"}`]: samples((seconds * 2) / 3),
  [`container_cpu_usage_seconds_total{${of},${container(pod, '')},cpu="cpu00"}`]: samples(seconds * 10),
});

/** Bytes in use, and ten times as many of the pod. */
const memory = (pod: string, bytes: string, of = ofShop, id = 'a'): Series => ({
  [`container_memory_working_set_bytes{${of},${container(pod)},id="${id}"}`]: bytes,
  [`container_memory_working_set_bytes{${of},${container(pod, '')},id="/"}`]: '10000x40',
});

/** Nobody has one for a pod as a whole; it would make a container of its cgroup. */
const ofPod = (pod: string): Series => limits(pod, { name: '' });

const alerts = (alert: string, budget: string) => {
  const firing = { service: 'shop', namespace: 'shop', container: 'main', severity: 'warning', budget };
  return {
    fires: (when: string, pods: readonly string[], series: Series, at = '5m'): AlertCase => ({
      alert,
      when: `fires ${when}`,
      series,
      at,
      fires: pods.map((pod) => ({ ...firing, pod })),
    }),
    silent: (when: string, series: Series, at = '5m'): AlertCase => ({
      alert,
      when: `is silent ${when}`,
      series,
      at,
      fires: [],
    }),
  };
};

const busy = alerts('ContainerCpuHigh', 'cpu utilization');
const full = alerts('ContainerMemoryHigh', 'memory utilization');

const ofCpu: readonly AlertCase[] = [
  busy.fires('just beyond 80 %, of one pod beside another', ['a'], {
    ...cpu('a', 12.3),
    ...limits('a'),
    ...cpu('b', 11.7),
    ...limits('b'),
  }),
  busy.silent('at 80 %', { ...cpu('a', 30), ...limits('a', { cpu: '2.5x20' }) }),
  busy.silent('just within 80 %', { ...cpu('a', 11.7), ...limits('a'), ...ofPod('a') }),
  busy.fires('by a small limit too', ['a'], { ...cpu('a', 0.615), ...limits('a', { cpu: '0.05x20' }) }),
  busy.silent('for the first two minutes', { ...cpu('a', 90), ...limits('a') }, '2m'),
  busy.fires('after two minutes', ['a'], { ...cpu('a', 90), ...limits('a') }, '2m15s'),
  busy.silent('without a limit', { ...cpu('a', 15), ...limits('b') }),
  busy.silent('by a limit of nothing, which is none', { ...cpu('a', 15), ...limits('a', { cpu: '0x20' }) }),
  busy.silent('of what belongs to no service', { ...cpu('a', 15, undefined, 'service=""'), ...limits('a') }),
  busy.fires('beyond the larger of two limits', ['a'], { ...cpu('a', 12.3), ...limitsTwice('a') }),
  busy.silent('within the larger of two limits', { ...cpu('a', 11.7), ...limitsTwice('a') }),
  busy.silent('while idle', { ...cpu('a', 15, () => '900x20'), ...limits('a') }),
  busy.silent('for a restart', { ...cpu('a', 11.7, (growth) => `900+${growth}x16 0+${growth}x3`), ...limits('a') }),
  busy.silent(
    'after the container is gone',
    { ...cpu('a', 15, (growth) => `0+${growth}x16 stale`), ...limits('a', { cpu: '1x40' }) },
    '5m30s',
  ),
];

const ofMemory: readonly AlertCase[] = [
  full.fires('just beyond 90 %, of one pod beside another', ['a'], {
    ...memory('a', '920x20'),
    ...limits('a'),
    ...memory('b', '880x20'),
    ...limits('b'),
  }),
  full.silent('at 90 %', { ...memory('a', '900x20'), ...limits('a') }),
  full.silent('just within 90 %', { ...memory('a', '880x20'), ...limits('a'), ...ofPod('a') }),
  full.fires('by a small limit too', ['a'], { ...memory('a', '0.046x20'), ...limits('a', { memory: '0.05x20' }) }),
  full.silent('for the first minute', { ...memory('a', '920x20'), ...limits('a') }, '45s'),
  full.fires('after a minute', ['a'], { ...memory('a', '920x20'), ...limits('a') }, '1m'),
  full.silent('without a limit', { ...memory('a', '1000x20'), ...limits('b') }),
  full.silent('by a limit of nothing, which is none', {
    ...memory('a', '1000x20'),
    ...limits('a', { memory: '0x20' }),
  }),
  full.silent('of what belongs to no service', { ...memory('a', '1000x20', 'service=""'), ...limits('a') }),
  full.fires('of a container that is there twice, after a restart', ['a'], {
    ...memory('a', '920x20'),
    ...memory('a', '50x20', ofShop, 'b'),
    ...limits('a'),
  }),
  full.silent('of a container that is there twice and needs it once', {
    ...memory('a', '500x20'),
    ...memory('a', '500x20', ofShop, 'b'),
    ...limits('a'),
  }),
  full.fires('beyond the larger of two limits', ['a'], { ...memory('a', '920x20'), ...limitsTwice('a') }),
  full.silent('within the larger of two limits', { ...memory('a', '880x20'), ...limitsTwice('a') }),
  full.silent('for a moment', { ...memory('a', '920x10 500x5 920x3'), ...limits('a') }, '4m45s'),
  full.silent('after the container is gone', { ...memory('a', '920x16 stale'), ...limits('a') }),
];

export const containerBudgets: readonly AlertCase[] = [...ofCpu, ...ofMemory];

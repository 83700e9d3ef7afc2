import { budgets, none } from '../model/budgets.ts';
import { type Config, cadvisorNamespace } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { increase, labelValues, type Matchers, max, rate, ratio, ruleWindow, select, sum } from '../model/promql.ts';
import type { Relabel, Scrape, Target } from '../model/target.ts';
import { limits, phase } from './kube-state-metrics.ts';
import { serviceFromPod } from './workload.ts';

/** Of a pod as a whole, whose containers share one network. */
const ofPod = ['job', 'instance', 'namespace', 'pod', 'service', 'id', 'name', 'image'] as const;
const labels = [...ofPod, 'container'] as const;
const network = [...ofPod, 'interface'] as const;

const metrics = {
  cpu: counter('container_cpu_usage_seconds_total', [...labels, 'cpu'], 'CPU time.'),
  memory: gauge(
    'container_memory_working_set_bytes',
    labels,
    'Memory that cannot be reclaimed: what the kernel holds against the limit before it kills.',
  ),
  cfsPeriods: counter('container_cpu_cfs_periods_total', labels, 'Periods in which a limit of CPU was counted.'),
  cfsThrottledPeriods: counter(
    'container_cpu_cfs_throttled_periods_total',
    labels,
    'Periods in which a container had used up its limit.',
  ),
  outOfMemory: counter('container_oom_events_total', labels, 'Processes that were killed for want of memory.'),
  received: counter('container_network_receive_bytes_total', network, 'Bytes received.'),
  transmitted: counter('container_network_transmit_bytes_total', network, 'Bytes sent.'),
  receiveErrors: counter('container_network_receive_errors_total', network, 'Packets that arrived broken.'),
  receiveDrops: counter('container_network_receive_packets_dropped_total', network, 'Packets dropped on arrival.'),
  transmitErrors: counter('container_network_transmit_errors_total', network, 'Packets that could not be sent.'),
  transmitDrops: counter('container_network_transmit_packets_dropped_total', network, 'Packets dropped when sent.'),
  nodeCores: gauge(
    'machine_cpu_cores',
    ['job', 'instance', 'boot_id', 'machine_id', 'system_uuid'],
    'Cores of the node.',
  ),
};

type OfContainer = Matchers<(typeof labels)[number]>;

/** Of a service's pods; the cgroup around the containers counts the same again and carries no container. */
const ofContainers = { service: '=~$service', container: '!=' } as const;
/** The same in a rule, which knows no variable. */
const ofAnyService = { service: '!=', container: '!=' } as const;
/** Network belongs to the pod's sandbox, which carries no container. */
const ofPods = { service: '=~$service' } as const;

/** The limit of a service's running pods; those that ended keep theirs until they are deleted. */
const limit = (resource: 'cpu' | 'memory') =>
  sum(
    `${select(limits, { service: '=~$service', resource: `=${resource}` })} * on (namespace, pod) group_left () (${max(select(phase, { phase: '=Running' }), 'namespace', 'pod')} == 1)`,
    'service',
  );

/** Once for each container: one that was restarted is there twice for a moment. */
const memory = (matchers: OfContainer) =>
  max(select(metrics.memory, matchers), 'service', 'namespace', 'pod', 'container');

/** What each container uses of its limit; one without a limit is left out. */
const ofLimit = (use: string, resource: 'cpu' | 'memory') =>
  `${use} / on (namespace, pod, container) group_left () (${max(select(limits, { resource: `=${resource}` }), 'namespace', 'pod', 'container')} > 0)`;

/** CPU of each container as a share of its limit. */
export const cpuOfLimit = (matchers: OfContainer, window?: string): string =>
  ofLimit(sum(rate(metrics.cpu, matchers, window), 'service', 'namespace', 'pod', 'container'), 'cpu');

const memoryOfLimit = (matchers: OfContainer) => ofLimit(memory(matchers), 'memory');

/** Share of the periods in which a container of a service was stopped by its limit. */
const throttled = (matchers: OfContainer, window?: string) =>
  ratio(
    sum(rate(metrics.cfsThrottledPeriods, matchers, window), 'service', 'pod'),
    sum(rate(metrics.cfsPeriods, matchers, window), 'service', 'pod'),
  );

/** The cgroup of all that runs on a node, by the cores that the node has. */
const nodeCpu = (window?: string) =>
  ratio(sum(rate(metrics.cpu, { id: '=/' }, window), 'instance'), max(select(metrics.nodeCores), 'instance'));

/** Of the cgroups above the pods only that of the whole node stays; the others would count everything again. */
const podsAndNode: Relabel = {
  source_labels: ['__name__', 'id', 'pod'],
  regex: 'machine_.+|.+;/;|.+;.*;.+',
  action: 'keep',
};

/**
 * cAdvisor looks at a container every ten seconds or more seldom, and stamps its samples so. Under the time
 * of the scrape a short window still holds two samples, where under their own it would be empty; and a
 * container that is gone ends at once.
 */
const honorTimestamps = false;

const kubelet = (config: Config): Scrape => ({
  discovery: { kind: 'nodes' },
  scheme: 'https',
  path: '/metrics/cadvisor',
  honorLabels: true,
  honorTimestamps,
  metricRelabel: [podsAndNode, ...serviceFromPod(config.services)],
});

/** The labels that a stand-alone cAdvisor takes from the container runtime, under the names the kubelet gives them. */
const runtimeLabels: Relabel[] = Object.entries({
  namespace: 'pod_namespace',
  pod: 'pod_name',
  container: 'container_name',
}).map(([target_label, source]) => ({ source_labels: [`container_label_io_kubernetes_${source}`], target_label }));

const cadvisor = (config: Config): Scrape => ({
  discovery: { kind: 'pods', namespaces: [cadvisorNamespace(config)] },
  honorLabels: true,
  honorTimestamps,
  relabel: [
    { source_labels: ['__meta_kubernetes_pod_label_app_kubernetes_io_name'], regex: 'cadvisor', action: 'keep' },
    { source_labels: ['__meta_kubernetes_pod_node_name'], target_label: 'instance' },
  ],
  metricRelabel: [
    ...runtimeLabels,
    { regex: 'container_label_.*', action: 'labeldrop' },
    podsAndNode,
    ...serviceFromPod(config.services),
  ],
});

/** CPU, memory and network of containers, by service. */
export function containers(config: Config): Target {
  const window = ruleWindow(config);
  return {
    name: 'containers',
    title: 'Containers',
    metrics,
    scrape: (config.containerMetrics.source === 'kubelet' ? kubelet : cadvisor)(config),
    resources: [
      {
        resource: 'cpu',
        facet: 'utilization',
        of: 'service',
        pressure: `${max(cpuOfLimit(ofAnyService, window), 'service')} / ${budgets.cpu.critical}`,
      },
      {
        resource: 'cpu',
        facet: 'saturation',
        of: 'service',
        // Stopped in a quarter of the periods, a request waits for tens of milliseconds again and again.
        pressure: `${max(throttled(ofAnyService, window), 'service')} / 0.25`,
      },
      {
        resource: 'memory',
        facet: 'utilization',
        of: 'service',
        pressure: `${max(memoryOfLimit(ofAnyService), 'service')} / ${budgets.memory.critical}`,
      },
      { resource: 'node-cpu', facet: 'utilization', of: 'instance', pressure: `${nodeCpu(window)} / 0.9` },
    ],
    variables: [
      {
        name: 'service',
        label: 'Service',
        query: labelValues(metrics.memory, 'service', { service: '!=' }),
        order: 'ascending',
      },
    ],
    panels,
  };
}

const panels: readonly Panel[] = [
  {
    title: 'CPU by service',
    description:
      'Cores each service uses, and the limit of its containers. A line that lies flat at its limit is throttled: raise the limit or add replicas before blaming the code.',
    type: 'timeseries',
    unit: 'short',
    boards: ['overview'],
    queries: [
      { expr: sum(rate(metrics.cpu, ofContainers), 'service'), legend: '{{service}}' },
      { expr: limit('cpu'), legend: '{{service}} limit', dashed: true },
    ],
  },
  {
    title: 'Memory by service',
    description:
      'Working set of each service, and the limit of its containers. The kernel kills a container that reaches its limit; a line that only rises under steady load is a leak.',
    type: 'timeseries',
    unit: 'bytes',
    boards: ['overview'],
    queries: [
      { expr: sum(memory(ofContainers), 'service'), legend: '{{service}}' },
      { expr: limit('memory'), legend: '{{service}} limit', dashed: true },
    ],
  },
  {
    title: 'Network by service',
    description:
      'Bytes in (above the axis) and out (below) per second. Compare with the request rate: bytes per request that grow mean larger answers, not more of them.',
    type: 'timeseries',
    unit: 'Bps',
    boards: ['overview'],
    queries: [
      { expr: sum(rate(metrics.received, ofPods), 'service'), legend: '{{service}} in' },
      { expr: `-${sum(rate(metrics.transmitted, ofPods), 'service')}`, legend: '{{service}} out' },
    ],
  },
  {
    title: 'CPU of the limit',
    description:
      'The busiest container of each service. Near 100 % requests queue for CPU; well below it and throttled all the same means bursts that are shorter than this window.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: budgets.cpu,
    boards: ['bottleneck'],
    queries: [{ expr: max(cpuOfLimit(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'CPU throttling',
    description:
      'Share of the periods of 100 ms in which a container had used up its limit and stood still until the next. From a quarter on it shows in the latency: raise the limit, or run fewer threads.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.1, critical: 0.25 },
    boards: ['bottleneck'],
    queries: [{ expr: max(throttled(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Memory of the limit',
    description:
      'Working set of the fullest container of each service. At 100 % the kernel kills it; the page cache, which it could give back, is not counted.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: budgets.memory,
    boards: ['bottleneck'],
    queries: [{ expr: max(memoryOfLimit(ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Processes killed for memory',
    description:
      'Every one of them is a restart, and failed requests. Look at the memory of the service before it, and raise the limit or find the leak.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [{ expr: sum(increase(metrics.outOfMemory, ofContainers), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Network errors',
    description:
      'Packets per second that were broken or dropped, in and out. Normally 0; drops under load mean a queue in the kernel or in the network that is full.',
    type: 'timeseries',
    unit: 'cps',
    thresholds: none,
    boards: ['bottleneck'],
    queries: [
      {
        expr: sum(`${rate(metrics.receiveErrors, ofPods)} + ${rate(metrics.receiveDrops, ofPods)}`, 'service'),
        legend: '{{service}} in',
      },
      {
        expr: sum(`${rate(metrics.transmitErrors, ofPods)} + ${rate(metrics.transmitDrops, ofPods)}`, 'service'),
        legend: '{{service}} out',
      },
    ],
  },
  {
    title: 'CPU of the nodes',
    description:
      'All that runs on a node, of the cores it has. A full node slows every pod on it, the load generators too: add nodes, or put the generators on others.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.7, critical: 0.9 },
    boards: ['bottleneck'],
    queries: [{ expr: nodeCpu(), legend: '{{instance}}' }],
  },
];

import { type Config, cadvisorNamespace } from '../model/config.ts';
import { counter, gauge } from '../model/metric.ts';
import { labelValues, max, rate, select, sum } from '../model/promql.ts';
import type { Relabel, Scrape, Target } from '../model/target.ts';
import { limits, phase } from './kube-state-metrics.ts';
import { serviceFromPod } from './workload.ts';

/** Of a pod as a whole, whose containers share one network. */
const ofPod = ['job', 'instance', 'namespace', 'pod', 'service', 'id', 'name', 'image'] as const;
const labels = [...ofPod, 'container'] as const;

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
  received: counter('container_network_receive_bytes_total', [...ofPod, 'interface'], 'Bytes received.'),
  transmitted: counter('container_network_transmit_bytes_total', [...ofPod, 'interface'], 'Bytes sent.'),
};

/** Of a service's pods; the cgroup around the containers counts the same again and carries no container. */
const ofContainers = { service: '=~$service', container: '!=' } as const;
/** Network belongs to the pod's sandbox, which carries no container. */
const ofPods = { service: '=~$service' } as const;

/** The limit of a service's running pods; those that ended keep theirs until they are deleted. */
const limit = (resource: 'cpu' | 'memory') =>
  sum(
    `${select(limits, { service: '=~$service', resource: `=${resource}` })} * on (namespace, pod) group_left () (${max(select(phase, { phase: '=Running' }), 'namespace', 'pod')} == 1)`,
    'service',
  );

/** Once for each container: one that was restarted is there twice for a moment. */
const memory = sum(max(select(metrics.memory, ofContainers), 'service', 'namespace', 'pod', 'container'), 'service');

/** Cgroups above the pods have no pod; they would only count everything twice. */
const podsOnly: Relabel = { source_labels: ['pod'], regex: '.+', action: 'keep' };

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
  metricRelabel: [podsOnly, ...serviceFromPod(config.services)],
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
    podsOnly,
    ...serviceFromPod(config.services),
  ],
});

/** CPU, memory and network of containers, by service. */
export const containers = (config: Config): Target => ({
  name: 'containers',
  metrics,
  scrape: (config.containerMetrics.source === 'kubelet' ? kubelet : cadvisor)(config),
  variables: [
    {
      name: 'service',
      label: 'Service',
      query: labelValues(metrics.memory, 'service', { service: '!=' }),
      order: 'ascending',
    },
  ],
  overview: [
    {
      title: 'CPU by service',
      description:
        'Cores each service uses, and the limit of its containers. A line that lies flat at its limit is throttled: raise the limit or add replicas before blaming the code.',
      type: 'timeseries',
      unit: 'short',
      queries: [
        { expr: sum(rate(metrics.cpu, ofContainers), 'service'), legend: '{{service}}' },
        { expr: limit('cpu'), legend: '{{service}} limit' },
      ],
    },
    {
      title: 'Memory by service',
      description:
        'Working set of each service, and the limit of its containers. The kernel kills a container that reaches its limit; a line that only rises under steady load is a leak.',
      type: 'timeseries',
      unit: 'bytes',
      queries: [
        { expr: memory, legend: '{{service}}' },
        { expr: limit('memory'), legend: '{{service}} limit' },
      ],
    },
    {
      title: 'Network by service',
      description:
        'Bytes in (above the axis) and out (below) per second. Compare with the request rate: bytes per request that grow mean larger answers, not more of them.',
      type: 'timeseries',
      unit: 'Bps',
      queries: [
        { expr: sum(rate(metrics.received, ofPods), 'service'), legend: '{{service}} in' },
        { expr: `-${sum(rate(metrics.transmitted, ofPods), 'service')}`, legend: '{{service}} out' },
      ],
    },
  ],
});

import { counter, gauge } from '../../model/metric.ts';
import { type Matchers, max, rate, ratio, select, sum } from '../../model/promql.ts';
import { limits, phase } from '../kube-state-metrics/metrics.ts';

/** Of a pod as a whole, whose containers share one network. */
export const ofPod = ['job', 'instance', 'namespace', 'pod', 'service', 'id', 'name', 'image'] as const;
export const labels = [...ofPod, 'container'] as const;
export const network = [...ofPod, 'interface'] as const;

export const metrics = {
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
  nodeMemory: gauge(
    'machine_memory_bytes',
    ['job', 'instance', 'boot_id', 'machine_id', 'system_uuid'],
    'Memory of the node.',
  ),
};

export type OfContainer = Matchers<(typeof labels)[number]>;

/** Of a service's pods; the cgroup around the containers counts the same again and carries no container. */
export const ofContainers = { service: '=~$service', container: '!=' } as const;
/** The same in a rule, which knows no variable. */
export const ofAnyService = { service: '!=', container: '!=' } as const;
/** Network belongs to the pod's sandbox, which carries no container. */
export const ofPods = { service: '=~$service' } as const;

/** The limit of a service's running pods; those that ended keep theirs until they are deleted. */
export const limit = (resource: 'cpu' | 'memory') =>
  sum(
    `${select(limits, { service: '=~$service', resource: `=${resource}` })} * on (namespace, pod) group_left () (${max(select(phase, { phase: '=Running' }), 'namespace', 'pod')} == 1)`,
    'service',
  );

const ofOneContainer = ['service', 'namespace', 'pod', 'container'] as const;

/** Once for each container: one that was restarted is there twice for a moment. */
export const memory = (matchers: OfContainer) => max(select(metrics.memory, matchers), ...ofOneContainer);

/** What each container uses of its limit; one without a limit is left out. */
export const ofLimit = (use: string, resource: 'cpu' | 'memory') =>
  `${use} / on (namespace, pod, container) group_left () (${max(select(limits, { resource: `=${resource}` }), 'namespace', 'pod', 'container')} > 0)`;

/** CPU of each container as a share of its limit. */
export const cpuOfLimit = (matchers: OfContainer, window?: string): string =>
  ofLimit(sum(rate(metrics.cpu, matchers, window), ...ofOneContainer), 'cpu');

export const memoryOfLimit = (matchers: OfContainer) => ofLimit(memory(matchers), 'memory');

/**
 * Share of the periods in which a container was stopped by its limit.
 *
 * @param atLeast leaves out a container that wanted to run in no more periods a second; ten is always
 */
export const throttled = (matchers: OfContainer, window?: string, atLeast = 0) =>
  `${sum(rate(metrics.cfsThrottledPeriods, matchers, window), ...ofOneContainer)} / (${sum(rate(metrics.cfsPeriods, matchers, window), ...ofOneContainer)} > ${atLeast})`;

/** The cgroup of all that runs on a node, by the cores that the node has. */
export const nodeCpu = (window?: string) =>
  ratio(sum(rate(metrics.cpu, { id: '=/' }, window), 'instance'), max(select(metrics.nodeCores), 'instance'));

/** The same of what the node cannot take back of its memory. */
export const nodeMemory = () =>
  ratio(max(select(metrics.memory, { id: '=/' }), 'instance'), max(select(metrics.nodeMemory), 'instance'));

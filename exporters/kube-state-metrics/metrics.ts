import { counter, gauge, sparse } from '../../model/metric.ts';

/** What a container may take at most; the kubelet's own figures leave it out. */
export const limits = gauge(
  'kube_pod_container_resource_limits',
  ['job', 'instance', 'namespace', 'pod', 'container', 'uid', 'node', 'resource', 'unit', 'service'],
  'Limit of a resource, in cores or bytes.',
);

/** 1 for the phase that a pod is in, 0 for the others. */
export const phase = gauge(
  'kube_pod_status_phase',
  ['job', 'instance', 'namespace', 'pod', 'uid', 'phase', 'service'],
  'Phase of a pod.',
);

const ofContainer = ['job', 'instance', 'namespace', 'pod', 'container', 'uid', 'service'] as const;
/** Of what has ended: those that were captured are of pods without a service. */
const ofEnded = ['job', 'instance', 'namespace', 'pod', 'container', 'uid', 'reason'] as const;

export const restarts = counter('kube_pod_container_status_restarts_total', ofContainer, 'Restarts of a container.');
export const ready = gauge('kube_pod_container_status_ready', ofContainer, 'Whether a container is ready.');
export const running = gauge('kube_pod_container_status_running', ofContainer, 'Whether a container runs.');

/** Why the container before the one that runs now has ended. */
export const lastEnd = sparse(
  gauge('kube_pod_container_status_last_terminated_reason', ofEnded, 'Why a container was started anew.'),
);
/** Why a container has ended that is not started anew, or not yet. */
export const end = sparse(gauge('kube_pod_container_status_terminated_reason', ofEnded, 'Why a container ended.'));

/** Of a pod as a whole: what decides whether a Service sends requests to it. */
export const podReady = gauge(
  'kube_pod_status_ready',
  ['job', 'instance', 'namespace', 'pod', 'uid', 'condition', 'service'],
  'Whether a pod is ready: 1 for the condition that holds, 0 for the others.',
);

import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter, gauge } from '../model/metric.ts';
import { increase, max, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { serviceFromPod } from './workload.ts';

const name = 'kube-state-metrics';

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

const restarts = counter('kube_pod_container_status_restarts_total', ofContainer, 'Restarts of a container.');
const ready = gauge('kube_pod_container_status_ready', ofContainer, 'Whether a container is ready.');

const chosen = { service: '=~$service' } as const;

/** What Kubernetes knows of the pods under test and of the stack's own. */
export const kubeStateMetrics = (config: Config): Target => {
  const namespaces = [...new Set([config.namespace, ...config.services.map(({ namespace }) => namespace)])];
  return {
    name,
    title: 'Kubernetes',
    metrics: { limits, phase, restarts, ready },
    exporters: [
      {
        name,
        instance: name,
        image: 'kubeStateMetrics',
        args: ['--resources=pods', `--namespaces=${namespaces.join(',')}`],
        port: 8080,
        probePath: '/healthz',
        user: 65534,
        resources: { requests: { cpu: 10, memory: 64 }, limits: { cpu: 200, memory: 256 } },
        watches: { namespaces, resources: ['pods'] },
      },
    ],
    scrape: {
      discovery: { kind: 'exporters' },
      honorLabels: true,
      metricRelabel: serviceFromPod(config.services),
    },
    panels: [
      {
        title: 'Restarts',
        description:
          'A container that was started anew: killed for memory, dead by itself, or failed its probe. Requests fail meanwhile, and what it had cached is gone.',
        type: 'timeseries',
        unit: 'short',
        thresholds: none,
        boards: ['bottleneck'],
        row: 'Containers',
        queries: [{ expr: sum(increase(restarts, chosen), 'service'), legend: '{{service}}' }],
      },
      {
        title: 'Containers that are ready',
        description:
          'How many there are to answer. A dip under load is a probe that gives up on a busy service, and sends its load to the others.',
        type: 'timeseries',
        unit: 'short',
        queries: [{ expr: sum(select(ready, chosen), 'service'), legend: '{{service}}' }],
      },
      {
        title: 'Pods by phase',
        description:
          'Pods that stay pending find no node with room for what they request: the load test measures fewer than it should.',
        type: 'timeseries',
        unit: 'short',
        queries: [{ expr: sum(select(phase, chosen), 'phase'), legend: '{{phase}}' }],
      },
      {
        title: 'Limits by service',
        description:
          'What each service may take at most, over its pods: cores. Compare two runs only where these are the same.',
        type: 'timeseries',
        unit: 'short',
        queries: [
          {
            expr: sum(max(select(limits, { ...chosen, resource: '=cpu' }), 'service', 'pod', 'container'), 'service'),
            legend: '{{service}}',
          },
        ],
      },
    ],
  };
};

import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
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

/** What Kubernetes knows of the pods under test and of the stack's own. */
export const kubeStateMetrics = (config: Config): Target => {
  const namespaces = [...new Set([config.namespace, ...config.services.map(({ namespace }) => namespace)])];
  return {
    name,
    metrics: { limits, phase },
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
  };
};

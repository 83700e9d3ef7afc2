import type { Config } from '../model/config.ts';
import { gauge } from '../model/metric.ts';
import type { Target } from '../model/target.ts';
import { serviceFromPod } from './workload.ts';

const name = 'kube-state-metrics';
const port = 8080;

/** What a container may take at most; the kubelet's own figures leave it out. */
export const limits = gauge(
  'kube_pod_container_resource_limits',
  ['job', 'instance', 'namespace', 'pod', 'container', 'uid', 'node', 'resource', 'unit', 'service'],
  'Limit of a resource, in cores or bytes.',
);

/** What Kubernetes knows of the pods under test and of the stack's own. */
export const kubeStateMetrics = (config: Config): Target => {
  const namespaces = [...new Set([config.namespace, ...config.services.map(({ namespace }) => namespace)])];
  return {
    name,
    metrics: { limits },
    exporters: [
      {
        name,
        image: 'kubeStateMetrics',
        args: ['--resources=pods', `--namespaces=${namespaces.join(',')}`],
        port,
        probePath: '/healthz',
        user: 65534,
        resources: { requests: { cpu: 10, memory: 64 }, limits: { cpu: 200, memory: 256 } },
        watches: { namespaces, resources: ['pods'] },
      },
    ],
    scrape: {
      discovery: { kind: 'static', endpoints: [{ address: { host: name, port }, instance: name }] },
      honorLabels: true,
      metricRelabel: serviceFromPod(config.services),
    },
  };
};

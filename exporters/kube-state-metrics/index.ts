import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import { increase, last, max, ruleWindow, select, sum } from '../../model/promql.ts';
import type { Target } from '../../model/target.ts';
import { serviceFromPod } from '../workload.ts';
import { alerts } from './alerts.ts';
import { end, lastEnd, limits, phase, podReady, ready, restarts, running } from './metrics.ts';
import { watchedNamespaces } from './namespaces.ts';

const name = 'kube-state-metrics';

const chosen = { service: '=~$service' } as const;

/** What Kubernetes knows of the pods under test and of the stack's own. */
export const kubeStateMetrics = (config: Config): Target => {
  const namespaces = watchedNamespaces(config);
  return {
    name,
    title: 'Kubernetes',
    metrics: { limits, phase, restarts, ready, running, lastEnd, end, podReady },
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
      metricRelabel: serviceFromPod(config),
    },
    alerts,
    figures: [{ name: 'restarts', expr: sum(last(restarts, { service: '!=' }, ruleWindow(config)), 'service') }],
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

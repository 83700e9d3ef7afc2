import type { Alert } from '../../model/alert.ts';
import { increase, max, select, sum } from '../../model/promql.ts';
import { phase, podReady, restarts } from './metrics.ts';

/** Of the pods of services. One that has ended, or was evicted, is there until it is deleted, and never ready again. */
const readiness = `${select(podReady, { condition: '=true', service: '!=' })} and on (namespace, pod) ${select(phase, { phase: '=~Pending|Running' })} == 1`;

/** What Kubernetes itself says of pods that do not hold out. */
export const alerts: readonly Alert[] = [
  {
    alert: 'ContainerRestarting',
    // Over the pods of a workload: three that died once each are as bad as one that died three times.
    expr: `${sum(increase(restarts, {}, '10m'), 'namespace', 'service', 'container')} >= 2`,
    for: '0s',
    severity: 'warning',
    summary: 'Container {{ $labels.container }} in {{ $labels.namespace }} is started again and again',
    description:
      '{{ $value | printf "%.0f" }} restarts in ten minutes, over all of its pods. Each one fails the requests in flight and moves its load to the other pods. Look at why the last one ended: killed for memory, exited by itself, or failed its liveness probe.',
  },
  {
    alert: 'PodNotReady',
    expr: `(${readiness}) == 0`,
    for: '2m',
    severity: 'warning',
    summary: 'Pod {{ $labels.pod }} of {{ $labels.service }} is not ready',
    description:
      'Kubernetes sends it no requests, so the other pods of {{ $labels.service }} carry its share. Look at the events of the pod: no node has room for it, its image does not come, or its readiness probe fails.',
  },
  {
    alert: 'ServiceUnavailable',
    expr: `${max(readiness, 'namespace', 'service')} == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'No pod of service {{ $labels.service }} is ready',
    description:
      'Every request to {{ $labels.service }} in {{ $labels.namespace }} is refused. Stop the load, and look at the events and the log of its pods.',
  },
];

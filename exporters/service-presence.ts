import type { Alert } from '../model/alert.ts';
import { group, max, selector } from '../model/promql.ts';

const up = selector('up', { job: '=service' });
const service = ['namespace', 'service'] as const;

/** Whether there is anything of a service that answers. */
export const presence: readonly Alert[] = [
  {
    alert: 'ServiceDown',
    expr: `${max(up, ...service)} == 0`,
    for: '1m',
    severity: 'critical',
    summary: 'Service {{ $labels.service }} is down',
    description:
      'None of its pods in {{ $labels.namespace }} answers Prometheus. Stop the load; check whether they restart, then look at the log of the last one that ended.',
  },
  {
    alert: 'ServiceMissing',
    expr: `${group(`last_over_time(${up}[1h])`, ...service)} unless ${group(up, ...service)}`,
    for: '1m',
    severity: 'warning',
    summary: 'Service {{ $labels.service }} has no pods any more',
    description:
      'There were some in {{ $labels.namespace }} within the last hour. Unless somebody took them away, check whether they are pending: a pod that is on no node has nothing to scrape.',
  },
];

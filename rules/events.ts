import { group, max, min, selector, sum } from '../model/promql.ts';

/** What happened during a run beside its load, from what is scraped anyway. PromQL at each point of the run. */

/** A scrape, and one that failed. */
const lately = '[2m]';

export const eventQueries = {
  /** One that always fires tells nothing. */
  alerts: selector('ALERTS', { alertstate: '=firing', alertname: '!=Watchdog' }),
  /** How often each container was started anew since its pod began. */
  restarts: max(
    `last_over_time(${selector('kube_pod_container_status_restarts_total')}${lately})`,
    ...['service', 'namespace', 'pod', 'container'],
  ),
  /** Containers whose last end was for want of memory. */
  killed: group(
    selector('kube_pod_container_status_last_terminated_reason', { reason: '=OOMKilled' }),
    ...['namespace', 'pod', 'container'],
  ),
  /** How many pods of each service run. */
  pods: sum(selector('kube_pod_status_phase', { phase: '=Running', service: '!=' }), 'service'),
  /** At the end of the run, with its length as $__range: what could not be scraped for a part of it. */
  down: `${min(`min_over_time(${selector('up')}[$__range])`, 'job', 'instance')} == 0`,
} as const;

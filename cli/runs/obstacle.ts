import { plain } from '../../clients/plain.ts';
import { type Event, endOf, type Job, type Pod } from './objects.ts';

/** Why a coordinator does nothing, by what the cluster says of its Job and pods. */

/** Seconds after which a pod that finds no node, or that is not even made, is no matter of waiting any more. */
const patience = 120;

/** What a container waits for that does not come by itself. */
const hopeless = [
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'CrashLoopBackOff',
];

/**
 * What keeps a coordinator from its start.
 *
 * @param now milliseconds since 1970
 * @returns undefined where it may yet start
 */
export function obstacleOf(job: Job, pods: readonly Pod[], events: readonly Event[], now: number): string | undefined {
  const old = (since: string | undefined) => since !== undefined && now - Date.parse(since) > patience * 1000;
  const [pod] = pods;
  if (pod) {
    const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = pod.status ?? {};
    for (const { state } of [...initContainerStatuses, ...containerStatuses]) {
      const { reason = '', message = '' } = state?.waiting ?? {};
      if (hopeless.includes(reason)) return said(`its pod ${pod.metadata.name} cannot start`, reason, message);
    }
    const unplaced = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    if (unplaced && old(unplaced.lastTransitionTime ?? pod.metadata.creationTimestamp))
      return said(`no node takes its pod ${pod.metadata.name}`, unplaced.reason, unplaced.message);
    return undefined;
  }
  if (endOf(job)) return undefined;
  const refusal = events.filter(({ reason }) => reason === 'FailedCreate').at(-1)?.message;
  // A quota, a rule on pods, a service account that there is not. Others, such as a webhook, may answer the next time.
  if (refusal && (/forbidden|violates|exceeded quota/.test(refusal) || old(job.metadata.creationTimestamp)))
    return said('the cluster refuses its pod', refusal);
  return old(job.metadata.creationTimestamp) ? `it has no pod after ${patience} s` : undefined;
}

/** How a coordinator came to its end without saying so itself. */
export function downfallOf(job: Job, pods: readonly Pod[]): string {
  const [pod] = pods;
  const { reason, message, containerStatuses = [] } = pod?.status ?? {};
  const ended = containerStatuses.find(({ state }) => state?.terminated)?.state?.terminated;
  if (reason) return said('its pod was lost', reason, message);
  if (ended) return said(`its coordinator ended with exit code ${ended.exitCode}`, ended.reason);
  const end = endOf(job);
  return end ? said(`its Job is ${end.type}`, end.reason, end.message) : 'its Job does not say why';
}

const said = (what: string, ...why: readonly (string | undefined)[]) =>
  plain([what, ...why].filter(Boolean).join(': '), 500);

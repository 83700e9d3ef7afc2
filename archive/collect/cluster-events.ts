import type { RunEvent } from '../archive.ts';
import type { ClusterEvent, Workload } from './workloads.ts';

/** Reasons of Kubernetes' events that matter to a load test, and what each is. The others are told by figures. */
const kinds: Readonly<Record<string, RunEvent['kind']>> = {
  SuccessfulRescale: 'scale',
  Evicted: 'other',
  FailedScheduling: 'other',
  Unhealthy: 'other',
  BackOff: 'other',
  FailedMount: 'other',
};

/** Annotation of a ReplicaSet with how often its Deployment was changed. */
const revision = 'deployment.kubernetes.io/revision';

interface Window {
  readonly start: number;
  readonly end: number;
}

const secondsOf = (text: string | null | undefined) => Date.parse(text ?? '') / 1000;

/** What was deployed in the time of a run, and what else the cluster says has happened. */
export const changesOf = (
  replicaSets: readonly Workload[],
  events: readonly ClusterEvent[],
  window: Window,
): RunEvent[] => [
  ...replicaSets.flatMap((set) => deployOf(set, window)),
  ...events.flatMap((event) => happeningOf(event, window)),
];

/** A Deployment makes a ReplicaSet for each change of its pods. */
function deployOf({ metadata, spec }: Workload, { start, end }: Window): RunEvent[] {
  const at = secondsOf(metadata.creationTimestamp);
  const owner = metadata.ownerReferences?.find(({ kind }) => kind === 'Deployment');
  if (!owner || !(at >= start && at <= end)) return [];
  const images = spec.template.spec.containers.map(({ image }) => image).join(', ');
  const number = metadata.annotations?.[revision];
  return [{ kind: 'deploy', at, of: owner.name, text: `Deployed${number ? ` as revision ${number}` : ''}: ${images}` }];
}

function happeningOf(event: ClusterEvent, { start, end }: Window): RunEvent[] {
  const { reason = '', message = '', count = 1, involvedObject } = event;
  const kind = kinds[reason];
  const last = secondsOf(event.lastTimestamp ?? event.eventTime);
  const first = secondsOf(event.firstTimestamp ?? event.eventTime ?? event.lastTimestamp);
  if (!kind || !(first <= end && last >= start)) return [];
  return [
    {
      kind,
      at: Math.max(first, start),
      ...(last > first && last <= end ? { until: last } : {}),
      of: involvedObject.name ?? '',
      text: `${reason}: ${message.trim()}${count > 1 ? ` (${count} times)` : ''}`,
    },
  ];
}

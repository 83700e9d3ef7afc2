import { stepsOf, variableOf } from '../../runs/launch.ts';
import { coordinator, runLabels, runners } from '../../runs/names.ts';
import type { Step } from '../../runs/plan.ts';
import { initializer, starter } from '../../runs/test-run.ts';

/** Objects of runs, as much of each as is read. */

export interface Metadata {
  readonly name: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface Job {
  readonly metadata: Metadata;
  readonly spec: Parameters<typeof stepsOf>[0];
  readonly status?: { readonly conditions?: readonly Condition[]; readonly completionTime?: string };
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: object;
  readonly terminated?: { readonly exitCode: number; readonly reason?: string };
}

export interface Pod {
  readonly metadata: Metadata;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState }[];
    readonly initContainerStatuses?: readonly { readonly state?: ContainerState }[];
  };
}

export interface Event {
  readonly reason?: string;
  readonly message?: string;
}

/** How a Job has ended; undefined while it goes on. */
export const endOf = ({ status }: Job): Condition | undefined =>
  status?.conditions?.find(({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'));

/** Whether a Job is a coordinator's, and so a run or a suite: not that of its runners, nor one of the stack's other Jobs. */
export const isRun = ({ metadata: { labels = {} } }: Job): boolean => {
  const name = labels['app.kubernetes.io/name'];
  const launched = labels[runLabels.loadTest] !== undefined || labels[runLabels.suite] !== undefined;
  return name === coordinator || (launched && !runners.some((runner) => runner === name));
};

/** The suite that a Job is a launch of. One that a schedule made has no label that says so. */
export const suiteOf = ({ metadata: { labels = {} }, spec }: Job): string | undefined =>
  variableOf(spec, 'SUITE') ?? labels[runLabels.suite];

export const stepsIn = ({ spec }: Job): readonly Step[] => stepsOf(spec) ?? [];

/** The runs of a Job: those of a suite have a number behind its name. */
export const testidsOf = (job: Job): readonly string[] =>
  suiteOf(job) === undefined
    ? [job.metadata.name]
    : stepsIn(job).map((_, index) => `${job.metadata.name}-${index + 1}`);

const makesLoad: readonly (string | undefined)[] = [...runners, initializer, starter];

/**
 * The run that an object makes load for: the runners' Job, a TestRun, or a Job of k6-operator, which gives its Jobs the
 * labels of their pods. By its labels, since its name may begin with that of another run.
 */
export const loadOf = ({ labels = {} }: Metadata): string | undefined =>
  makesLoad.includes(labels['app.kubernetes.io/name']) ? labels[runLabels.testid] : undefined;

/** Whether a pod can still do anything. */
export const isAlive = ({ status }: Pod): boolean => !['Succeeded', 'Failed'].includes(status?.phase ?? '');

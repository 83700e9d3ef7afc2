import { longestTestid, runLabels } from './names.ts';
import type { Step } from './plan.ts';

/** A launch: what `kubectl create job --from=cronjob/...` makes, with what is asked for in another way. */

/** Annotation of a coordinator's Job by which it is told to end, with who says so and when. */
export const stopAnnotation = 'loadscope/stop';

/** What a launch asks for in the place of what its load tests say. */
export type Changes = Pick<Step, 'profile' | 'runners' | 'engine' | 'set'>;

interface Container {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

interface Labelled {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface JobSpec {
  readonly template: { readonly spec: { readonly containers: readonly Container[] } };
}

/** As much of a CronJob as a launch reads. */
export interface CronJob {
  readonly metadata: Labelled & { readonly name: string; readonly uid?: string };
  readonly spec: { readonly jobTemplate: { readonly metadata?: Labelled; readonly spec: JobSpec } };
}

export interface LaunchedJob {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: Labelled & { readonly name: string; readonly ownerReferences?: readonly object[] };
  readonly spec: JobSpec;
}

const steering = 'STEPS';

/** A variable of a Job's coordinator. */
export const variableOf = ({ template }: JobSpec, variable: string): string | undefined =>
  template.spec.containers.flatMap(({ env = [] }) => env).find(({ name }) => name === variable)?.value;

/**
 * What a Job asks its coordinator for.
 *
 * @returns undefined where it has no coordinator that could be asked
 */
export function stepsOf(spec: JobSpec): readonly Step[] | undefined {
  const text = variableOf(spec, steering);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Steps with what a launch asks for; what it leaves out, or has undefined, stays. */
export function changed(steps: readonly Step[], { set, ...changes }: Changes): readonly Step[] {
  const asked = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  return steps.map((step) => ({ ...step, ...asked, ...(set ? { set: { ...step.set, ...set } } : {}) }));
}

/** The Job of a launch that takes other steps than its CronJob says. */
export function jobOf(cronJob: CronJob, testid: string, steps: readonly Step[]): LaunchedJob {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const { name, uid, labels = {} } = cronJob.metadata;
  // The Job is found by them, also where the template leaves them to the CronJob.
  const own = [...Object.values(runLabels), 'app.kubernetes.io/part-of'].flatMap((label) =>
    labels[label] === undefined ? [] : [[label, labels[label]]],
  );
  const steered = (container: Container): Container => ({
    ...container,
    env: container.env?.map((entry) => (entry.name === steering ? { ...entry, value: JSON.stringify(steps) } : entry)),
  });
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: testid,
      labels: { ...Object.fromEntries(own), ...metadata?.labels, [runLabels.testid]: testid },
      annotations: { ...metadata?.annotations, 'cronjob.kubernetes.io/instantiate': 'manual' },
      // As kubectl does it: who deletes the CronJob deletes its launches.
      ...(uid ? { ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }] } : {}),
    },
    spec: {
      ...spec,
      template: {
        ...spec.template,
        spec: { ...spec.template.spec, containers: spec.template.spec.containers.map(steered) },
      },
    },
  };
}

/** How long the id of a launch can be: runs of a suite get a number behind it. */
export const longestId = (steps: readonly Step[], suite: boolean): number =>
  longestTestid - (suite ? `-${steps.length}`.length : 0);

/** `browse-20260301-100000`, in UTC, with as much of the name as there is room for. */
export function defaultTestid(name: string, at: Date, longest = longestTestid): string {
  const [day = '', time = ''] = at
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .split('T');
  const suffix = `-${day}-${time}`;
  return name.slice(0, longest - suffix.length).replace(/-+$/, '') + suffix;
}

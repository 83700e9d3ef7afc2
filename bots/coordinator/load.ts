import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubernetes } from '../../clients/kubernetes.ts';
import { loadName, runLabels, runners } from '../../runs/names.ts';
import type { Engine } from '../../runs/plan.ts';
import { stateOf } from '../../runs/test-run.ts';
import { Stopped } from './stopped.ts';

/** Seconds that k6 gets to push what it measured last. */
const flushing = 60;

/** How a runner ended whose pod is gone. */
const deleted = { exitCode: 137, reason: 'its pod was deleted', message: '' };

/** A runner, by what Kubernetes says of its pod. */
export interface Runner {
  readonly index: number;
  readonly pod: string;
  readonly phase: string;
  /** Why it does not start. */
  readonly waiting?: string;
  /** How it ended; the message is what k6 wrote of the run. */
  readonly ended?: { readonly exitCode: number; readonly reason: string; readonly message: string };
}

export interface LoadState {
  /** `gone`: somebody deleted it. */
  readonly state: 'starting' | 'running' | 'ended' | 'gone';
  /** Why it failed, where it did. */
  readonly failure?: string;
  /** What it waits for. */
  readonly message?: string;
  readonly runners: readonly Runner[];
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Owned {
  readonly metadata: { readonly ownerReferences?: readonly { readonly uid: string }[] };
}

interface Job {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly {
      readonly state: {
        readonly waiting?: { readonly reason?: string; readonly message?: string };
        readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
      };
    }[];
  };
}

/** The load of a run: an Indexed Job, or a TestRun of k6-operator, and the pods of either. */
export class Load {
  readonly #kubernetes: Kubernetes;
  readonly #namespace: string;
  readonly #testid: string;
  readonly #engine: Engine;
  /** How many runners it has. */
  readonly #size: number;
  /** Pods as they were last seen: those of a failed Job are deleted. */
  readonly #seen = new Map<string, Runner>();

  constructor(kubernetes: Kubernetes, namespace: string, testid: string, engine: Engine, size: number) {
    this.#kubernetes = kubernetes;
    this.#namespace = namespace;
    this.#testid = testid;
    this.#engine = engine;
    this.#size = size;
  }

  /** @param owner uid of the coordinator's Job */
  async start(object: object, owner: string): Promise<void> {
    if (await this.#kubernetes.create(this.#collection, object)) return;
    const found = await this.#kubernetes.get<Owned>(this.#path);
    if (!found?.metadata.ownerReferences?.some(({ uid }) => uid === owner))
      throw new Stopped(`${loadName(this.#testid)} is there already, of another run: launch under another name`);
  }

  async state(): Promise<LoadState> {
    const found = await this.#kubernetes.get<Job & Parameters<typeof stateOf>[0]>(this.#path);
    // The pods after the Job: of a Job that has ended, they have ended too.
    const pods = await this.#pods();
    for (const runner of pods) this.#seen.set(runner.pod, runner);
    for (const [name, runner] of this.#seen)
      if (!runner.ended && !pods.some(({ pod }) => pod === name)) this.#seen.set(name, { ...runner, ended: deleted });
    const runners = [...this.#seen.values()].sort((a, b) => a.index - b.index);
    if (!found || found.metadata.deletionTimestamp) return { state: 'gone', runners };
    return { runners, ...(this.#engine === 'jobs' ? ofJob(found) : ofTestRun(found, runners, this.#size)) };
  }

  /** Ends it, and gives k6 the time to push what it measured last. */
  async stop(): Promise<void> {
    // k6-operator gives its pods no such time.
    if (this.#engine === 'operator')
      for (const { pod, ended } of (await this.state()).runners)
        if (!ended) await this.#kubernetes.delete(`/api/v1/namespaces/${this.#namespace}/pods/${pod}`, flushing);
    const deadline = Date.now() + flushing * 1000;
    while (this.#engine === 'operator' && Date.now() < deadline && (await this.#pods()).some(({ ended }) => !ended))
      await sleep(1000);
    await this.#kubernetes.delete(this.#path);
  }

  get #collection(): string {
    return this.#engine === 'jobs'
      ? `/apis/batch/v1/namespaces/${this.#namespace}/jobs`
      : `/apis/k6.io/v1alpha1/namespaces/${this.#namespace}/testruns`;
  }

  get #path(): string {
    return `${this.#collection}/${loadName(this.#testid)}`;
  }

  async #pods(): Promise<Runner[]> {
    const selector = encodeURIComponent(
      `app.kubernetes.io/name in (${runners.join(',')}),${runLabels.testid}=${this.#testid}`,
    );
    const path = `/api/v1/namespaces/${this.#namespace}/pods?labelSelector=${selector}`;
    const list = await this.#kubernetes.get<{ items: Pod[] }>(path);
    return (list?.items ?? []).flatMap((pod) => runnerOf(pod, this.#testid) ?? []);
  }
}

type Progress = Omit<LoadState, 'runners'>;

function ofJob({ status }: Job): Progress {
  for (const { type, status: is, reason, message } of status?.conditions ?? []) {
    if (is !== 'True') continue;
    if (type === 'Complete') return { state: 'ended' };
    if (type === 'Failed') return { state: 'ended', failure: [reason, message].filter(Boolean).join(': ') };
  }
  return { state: 'running' };
}

/** A TestRun with a runner that ended before all had started never ends by itself. */
function ofTestRun(testRun: Parameters<typeof stateOf>[0], runners: readonly Runner[], size: number): Progress {
  const { state, message } = stateOf(testRun);
  if (state === 'failed') return { state: 'ended', failure: message ?? 'k6-operator could not start it' };
  if (state === 'over' || runners.filter(({ ended }) => ended).length === size) return { state: 'ended' };
  return { state, message };
}

/** Both engines put the runner's number behind the name of the load. */
function runnerOf({ metadata, status }: Pod, testid: string): Runner | undefined {
  const [, index] = new RegExp(`^${loadName(testid)}-(\\d+)-`).exec(metadata.name) ?? [];
  if (index === undefined) return undefined;
  const { waiting, terminated } = status.containerStatuses?.[0]?.state ?? {};
  const unscheduled = status.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  const why = waiting?.reason && waiting.reason !== 'ContainerCreating' ? waiting : unscheduled;
  return {
    index: Number(index),
    pod: metadata.name,
    phase: status.phase,
    ...(why ? { waiting: [why.reason, why.message].filter(Boolean).join(': ') } : {}),
    ...(terminated || status.phase === 'Failed'
      ? {
          ended: {
            // A kubelet may refuse a pod before it has a container.
            exitCode: terminated?.exitCode ?? deleted.exitCode,
            reason: status.reason ?? terminated?.reason ?? '',
            message: terminated?.message ?? status.message ?? '',
          },
        }
      : {}),
  };
}

/**
 * Why a load ended, by the Job and by the runner that failed: the one for which the Job ended, which the others were
 * stopped for, or else the first.
 */
export const endOf = ({ failure = '', runners, state }: LoadState): string => {
  const failed = runners.filter(({ ended }) => ended && ended.exitCode !== 0);
  const { ended } = failed.find(({ pod }) => failure.includes(pod)) ?? failed[0] ?? {};
  const said = ended ? `it ended with ${ended.exitCode}: ${ended.message.trim().split('\n').at(-1) ?? ''}` : '';
  return said || failure || (state === 'gone' ? 'it was deleted' : 'its runners did nothing');
};

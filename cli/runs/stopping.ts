import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isKubectlError } from '../../clients/kubectl.ts';
import { stopAnnotation } from '../../runs/launch.ts';
import { CliError } from '../lib/cli-error.ts';
import { endOf, isAlive, type Job, loadOf, type Metadata, testidsOf } from './objects.ts';
import { type Runs, runnersOf } from './runs.ts';

/** The end of all load of some runs. */

/** Seconds that load generators get to push what they measured last. */
const grace = 8;
/** Seconds that a coordinator gets to write down that it was stopped, before its Job is deleted. */
const patience = 30;
/** Seconds after which what is left is told. */
const longest = 60;
const interval = 500;

export interface Stopped {
  readonly ids: readonly string[];
  readonly runners: number;
  /** Seconds until no load generator was there any more. */
  readonly seconds: number;
  /** Coordinators whose load is over, and which go on to their verdict. */
  readonly judging: readonly string[];
}

interface Left {
  readonly load: readonly Metadata[];
  readonly pods: readonly Metadata[];
  readonly coordinators: readonly Job[];
}

/** Runs that have a coordinator at work, or load without one. */
export async function underWay(runs: Runs): Promise<readonly string[]> {
  const active = await runs.active();
  const known = new Set(active.flatMap(testidsOf));
  const pods = (await runs.runners([])).filter(isAlive);
  const loads = [...(await runs.loads()), ...pods].flatMap(({ metadata }) => loadOf(metadata) ?? []);
  return [...active.map(({ metadata }) => metadata.name), ...new Set(loads.filter((testid) => !known.has(testid)))];
}

/**
 * Stops runs, and waits until nothing of their load is left.
 *
 * @param ids names of coordinators' Jobs, or of runs that have none any more
 * @throws CliError that names what is left
 */
export async function stopRuns(runs: Runs, ids: readonly string[]): Promise<Stopped> {
  const started = Date.now();
  const jobs = (await Promise.all(ids.map((id) => runs.job(id)))).flatMap((job) => job ?? []);
  const testids = [...new Set([...ids, ...jobs.flatMap(testidsOf)])];
  // First, so that no coordinator starts what is deleted next.
  const deaf = new Set<string>();
  await Promise.all(
    jobs.map(async (job) => {
      if (!endOf(job) && !(await told(runs, job.metadata.name))) deaf.add(job.metadata.name);
    }),
  );
  const seen = new Set<string>();
  let [seconds, left, trouble]: [number | undefined, Left, string] = [undefined, nothing, ''];
  do {
    try {
      left = await sweep(runs, ids, testids, seen);
      const elapsed = (Date.now() - started) / 1000;
      if (left.load.length || left.pods.length) seconds = undefined;
      else {
        seconds ??= elapsed;
        const judging = await silence(runs, left.coordinators, deaf, elapsed);
        if (judging.length === left.coordinators.length)
          return { ids, runners: seen.size, seconds, judging: judging.map(({ metadata }) => metadata.name) };
      }
      trouble = '';
    } catch (error) {
      if (!isKubectlError(error, 'unreachable')) throw error;
      trouble = ` ${error.message}`;
    }
    await sleep(interval);
  } while (Date.now() - started < longest * 1000);
  throw new CliError(
    `after ${longest} s there is still ${leftText(left)} in the namespace ${runs.namespace}.${trouble}`,
  );
}

const nothing: Left = { load: [], pods: [], coordinators: [] };

const leftText = ({ load, pods, coordinators }: Left): string => {
  const names = [...load, ...pods, ...coordinators.map(({ metadata }) => metadata)].map(({ name }) => name);
  return names.length ? names.join(', ') : 'nothing known of what runs';
};

/** Writes on a Job that it is to end; false where that may not be written. */
async function told(runs: Runs, name: string): Promise<boolean> {
  const path = `${runs.jobsPath}/${name}`;
  for (let attempt = 0; attempt < 10; attempt++) {
    const job = await runs.job(name);
    if (!job || endOf(job)) return true;
    const { metadata } = job;
    const annotations = { ...metadata.annotations, [stopAnnotation]: `by ${who()} at ${new Date().toISOString()}` };
    try {
      await runs.kubectl.replace(path, { ...job, metadata: { ...metadata, annotations } });
      return true;
    } catch (error) {
      if (isKubectlError(error, 'forbidden')) return false;
      // Its status was written in between.
      if (!isKubectlError(error, 'conflict', 'absent', 'unreachable')) throw error;
      await sleep(200);
    }
  }
  return false;
}

function who(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user without a name, as in many containers.
    return hostname();
  }
}

/** Deletes what makes load, and says what was there just now. */
async function sweep(runs: Runs, ids: readonly string[], testids: readonly string[], seen: Set<string>): Promise<Left> {
  const { kubectl } = runs;
  const ofRuns = ({ metadata }: { metadata: Metadata }) => testids.includes(loadOf(metadata) ?? '');
  const jobs = await kubectl.list<Job>(runs.jobsPath);
  // Not every cluster has k6-operator, or lets everybody see what it has.
  const testRuns = await kubectl.list<{ metadata: Metadata }>(runs.testRunsPath).catch((error) => {
    if (isKubectlError(error, 'absent', 'forbidden')) return [];
    throw error;
  });
  const pods = (await runs.runners(testids)).filter(isAlive);
  for (const { metadata } of pods) seen.add(metadata.name);
  const load = jobs.filter(ofRuns);
  const made = testRuns.filter(ofRuns);
  // The TestRun first, whose operator would make its Jobs again.
  const remove =
    (path: string) =>
    ({ metadata }: { metadata: Metadata }) =>
      kubectl.delete(`${path}/${metadata.name}`, { propagationPolicy: 'Background' });
  await Promise.all(made.map(remove(runs.testRunsPath)));
  await Promise.all(load.map(remove(runs.jobsPath)));
  // After the Jobs, whose pods would else be made again, and get the longer time that their template gives.
  const slow = pods.filter(
    ({ metadata: { deletionTimestamp, deletionGracePeriodSeconds = 0 } }) =>
      deletionTimestamp === undefined || deletionGracePeriodSeconds > grace,
  );
  if (slow.length)
    await removePods(
      runs,
      slow.map(({ metadata }) => metadata.name),
      testids,
    );
  return {
    load: [...made, ...load].map(({ metadata }) => metadata),
    pods: pods.map(({ metadata }) => metadata),
    coordinators: jobs.filter((job) => ids.includes(job.metadata.name) && !endOf(job)),
  };
}

/** All in one request, or one by one for whoever may not do that. */
async function removePods(
  { kubectl, core }: Runs,
  names: readonly string[],
  testids: readonly string[],
): Promise<void> {
  const gracePeriodSeconds = grace;
  try {
    await kubectl.delete(`${core}/pods`, { labelSelector: runnersOf(testids), gracePeriodSeconds });
  } catch (error) {
    if (!isKubectlError(error, 'forbidden')) throw error;
    for (const name of names) await kubectl.delete(`${core}/pods/${name}`, { gracePeriodSeconds });
  }
}

/** Past these stages no load starts, and what was measured is worth a verdict. */
const judgingStages = ['drain', 'verify', 'verdict', 'over'];

/**
 * Deletes coordinators that do not end by themselves: those that never started, that could not be told, or that have
 * not heard it.
 *
 * @returns those that are past their load and are left to finish
 */
async function silence(
  runs: Runs,
  coordinators: readonly Job[],
  deaf: ReadonlySet<string>,
  elapsed: number,
): Promise<readonly Job[]> {
  const judging: Job[] = [];
  for (const job of coordinators) {
    const { name } = job.metadata;
    const started = (await runs.podsOf(name)).some(({ status }) => (status?.phase ?? 'Pending') !== 'Pending');
    const late = elapsed > patience;
    if (late && !deaf.has(name)) {
      const { records } = await runs.look(name);
      if (judgingStages.includes(records.at(-1)?.status.stage ?? '')) {
        judging.push(job);
        continue;
      }
    }
    if (!started || late || deaf.has(name))
      await runs.kubectl.delete(`${runs.jobsPath}/${name}`, { propagationPolicy: 'Background' });
  }
  return judging;
}

export function stoppedText({ ids, runners, seconds, judging }: Stopped): string {
  const what =
    runners === 0
      ? 'no load was running'
      : `${runners} ${runners === 1 ? 'runner' : 'runners'}, the last gone after ${seconds.toFixed(1)} s`;
  const on = judging.map((id) => `\n${id} is past its load and goes on to its verdict.`);
  return `Stopped ${ids.join(', ')}: ${what}.${on.join('')}\n`;
}

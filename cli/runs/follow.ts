import { setTimeout as sleep } from 'node:timers/promises';
import { isKubectlError } from '../../clients/kubectl.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import { CliError } from '../lib/cli-error.ts';
import { endOf } from './objects.ts';
import { downfallOf, obstacleOf } from './obstacle.ts';
import type { Look, Runs } from './runs.ts';

/** Waiting for a run, to its verdict or to what keeps it from one. */

/** Seconds that a run may take beside its load: to start, to drain, to be judged. */
const margin = 900;
/** Looks, one after the other, that a record has left when its Job is over or gone. */
const spare = 5;
/** Longest wait between two questions to a cluster that does not answer, in seconds. */
const longestWait = 15;

export interface Following {
  /** Seconds between two looks. */
  readonly interval: number;
  /** Seconds to wait in all; left out: as long as its load takes, and some time more. */
  readonly timeout?: number;
  /** Seconds of load, where that is known before a record says so. */
  readonly duration?: number;
  /** How the run is found again. */
  readonly again: string;
  readonly signal: AbortSignal;
  onLook(look: Look): void;
  /** What is to be known beside how far the run is. */
  note(text: string): void;
}

/** @throws CliError where no verdict can be had, and why; it says whether the run goes on */
export async function follow(runs: Runs, first: Look, following: Following): Promise<Look> {
  const { interval, again, signal, onLook, note } = following;
  const started = Date.now();
  let [look, looksLeft, losses] = [first, spare, 0];
  for (;;) {
    signal.throwIfAborted();
    const deadline = started + 1000 * (following.timeout ?? timeFor(look, following.duration));
    try {
      look = await runs.look(look.id, look);
      if (losses) note('the cluster answers again.');
      losses = 0;
      signal.throwIfAborted();
      onLook(look);
      const ended = !look.job || endOf(look.job) !== undefined;
      const judged = isJudged(look);
      if (judged && ended) return look;
      // A Job takes a moment to be over when its pod is, and a record to be read when it is written.
      if (judged || ended) looksLeft -= 1;
      if (looksLeft < 0) {
        if (judged) return look;
        throw await unjudged(runs, look);
      }
      const obstacle = await obstacleTo(runs, look);
      if (obstacle)
        throw new CliError(
          `${look.id} does not start: ${obstacle}. Its Job is still there: take it away with "${again.replace(' status ', ' stop ')}".`,
        );
    } catch (error) {
      signal.throwIfAborted();
      if (!isKubectlError(error, 'unreachable'))
        throw isKubectlError(error)
          ? new CliError(`${error.message} The run goes on: "${again} --wait" waits for it again.`)
          : error;
      if (!losses++) note(`${error.message} The run goes on; asking again until ${clock(deadline)}.`);
    }
    if (Date.now() > deadline)
      throw new CliError(
        `${losses ? 'the cluster has not answered again in time' : 'there is no verdict yet'}: given up after ${Math.round((Date.now() - started) / 1000)} s. The run goes on: "${again} --wait" waits for it again.`,
      );
    const wait = losses ? Math.min(interval * 2 ** losses, longestWait) : interval;
    const left = Math.max(deadline - Date.now(), 0) + 100;
    await sleep(Math.min(wait * 1000, left), undefined, { signal }).catch(() => undefined);
  }
}

const clock = (time: number) => new Date(time).toTimeString().slice(0, 8);

function timeFor({ records, steps }: Look, duration = 0): number {
  const ofRecords = records.reduce((sum, { run }) => sum + run.duration, 0);
  return Math.max(duration, ofRecords) + margin * Math.max(records.length, steps?.length ?? 1);
}

/** Whether all is written that will be. Of a suite, its Job says when that is. */
const isJudged = ({ records, isSuite, job, steps }: Look): boolean =>
  records.length > 0 &&
  records.every(({ verdict }) => verdict) &&
  (!isSuite || records.length === steps?.length || !job || endOf(job) !== undefined);

async function unjudged(runs: Runs, look: Look): Promise<CliError> {
  const { id, job, jobName, records } = look;
  const stage = records.at(-1)?.status.stage;
  const far = stage ? `It had come to the stage "${stage}".` : 'It has written nothing.';
  if (!job) return new CliError(`${id} is gone: its Job was deleted, and there is no verdict. ${far}`);
  return new CliError(
    `${id} has ended without a verdict: ${downfallOf(job, await runs.podsOf(jobName))}. ${far} "loadscope logs ${id}" shows what it said.`,
  );
}

/** Asked only as long as nothing is written: a coordinator that writes has started. */
async function obstacleTo(runs: Runs, { job, jobName, records }: Look): Promise<string | undefined> {
  if (!job || records.length || endOf(job)) return undefined;
  const pods = await runs.podsOf(jobName);
  return obstacleOf(job, pods, pods.length ? [] : await runs.events(jobName), Date.now());
}

/** What a run, or all runs of a suite together, ended as. What says nothing weighs more than what failed. */
export function outcomeOf({ records, isSuite, steps = [] }: Look): Pick<VerdictDocument, 'verdict' | 'reasons'> {
  const verdicts = records.flatMap(({ run: { testid }, verdict }) => (verdict ? [{ ...verdict, testid }] : []));
  const worst =
    verdicts.find(({ verdict }) => verdict === 'invalid') ??
    verdicts.find(({ verdict }) => verdict === 'fail') ??
    verdicts[0];
  if (!worst) return { verdict: 'invalid', reasons: ['nothing was judged'] };
  if (!isSuite) return worst;
  const missing = steps.length - verdicts.length;
  if (worst.verdict === 'pass' && missing > 0)
    return { verdict: 'invalid', reasons: [`only ${verdicts.length} of ${steps.length} runs took place`] };
  const reasons = verdicts.flatMap(({ testid, verdict, reasons: why }) =>
    verdict === 'pass' ? [] : [`${testid}: ${verdict}: ${why.join('; ')}`],
  );
  return { verdict: worst.verdict, reasons };
}

export const exitCodes = { pass: 0, fail: 1, invalid: 2 } as const;

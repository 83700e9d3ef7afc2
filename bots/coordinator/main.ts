/**
 * Carries a run from the login of its users to its verdict, or one run after the other where it was launched as a suite.
 * Ends with 0 where all passed, 1 where one failed, and 2 where one was invalid or could not be carried out.
 */

import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedTest, Step } from '../../runs/plan.ts';
import { terminationMessage, type VerdictDocument } from '../../verdict/report.ts';
import { type Environment, environment } from './environment.ts';
import { OwnJob } from './job.ts';
import { Run } from './run.ts';
import { concluded } from './verdict.ts';

const exitCodes = { pass: 0, fail: 1, invalid: 2 } as const;

/** No verdict: Kubernetes then starts another pod, which ends what this one left. */
const lost = 3;

/** Kubernetes shows what is in it in the status of the pod. */
const terminationLog = '/dev/termination-log';

function giveUp(error: unknown): never {
  console.error((error as Error).stack);
  process.exit(lost);
}
process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);

interface Outcome {
  readonly document: VerdictDocument;
  /** Whether an earlier pod of the Job had found it. */
  readonly found: boolean;
}

async function carryOut(here: Environment, own: OwnJob, testid: string, step: Step): Promise<Outcome> {
  const run = new Run(here, own, testid, step, here.plan.loadTests[step.loadTest] as PlannedTest);
  const earlier = await run.judged();
  if (earlier) return { document: earlier, found: true };
  return { document: await concluded(here, own, run, await run.go()), found: false };
}

async function coolDown(here: Environment, own: OwnJob): Promise<void> {
  console.log(`cool-down: ${here.coolDown}s`);
  const until = Date.now() + here.coolDown * 1000;
  while (Date.now() < until) {
    await own.check();
    await sleep(Math.min(3000, until - Date.now()));
  }
}

async function suite(here: Environment, own: OwnJob): Promise<VerdictDocument[]> {
  const verdicts: VerdictDocument[] = [];
  let rested = true;
  for (const [index, step] of here.steps.entries()) {
    if (!rested) await coolDown(here, own);
    console.log(`run ${index + 1} of ${here.steps.length}: ${step.loadTest}`);
    const { document, found } = await carryOut(here, own, `${here.job.name}-${index + 1}`, step);
    rested = found;
    verdicts.push(document);
    if (document.verdict !== 'pass' && here.onFailure === 'stop') break;
  }
  for (const { testid, verdict, reasons } of verdicts)
    console.log([testid, verdict, reasons.join('; ')].filter(Boolean).join(': '));
  const left = here.steps.slice(verdicts.length).map(({ loadTest }) => loadTest);
  if (left.length) console.log(`not launched: ${left.join(', ')}`);
  return verdicts;
}

try {
  const here = environment();
  const own = new OwnJob(here.kubernetes, here.namespace, here.job.name);
  const [first] = here.steps;
  if (!first) throw new Error('STEPS is empty: there is nothing to launch');
  const verdicts = here.suite ? await suite(here, own) : [(await carryOut(here, own, here.job.name, first)).document];
  const worst = (['invalid', 'fail', 'pass'] as const).find((name) => verdicts.some(({ verdict }) => verdict === name));
  const shown = verdicts.find(({ verdict }) => verdict === worst);
  if (shown) writeFileSync(terminationLog, terminationMessage(shown));
  // What is left open, such as a connection that is tried again, must not keep a run that is over.
  process.exit(exitCodes[worst ?? 'invalid']);
} catch (error) {
  const { name, message } = error as Error;
  // What another launch would not change is final, and what Kubernetes did not answer to is not.
  if (!['Error', 'Stopped', 'AlreadyRun'].includes(name)) giveUp(error);
  console.error(message);
  process.exit(exitCodes.invalid);
}

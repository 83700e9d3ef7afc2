import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpError } from '../../clients/http-error.ts';
import { pushSamples } from '../../clients/remote-write.ts';

import { markdownOf } from '../../verdict/markdown.ts';
import { documentOf, reportOf, type VerdictDocument } from '../../verdict/report.ts';
import { findRun, type Run as Measured } from '../../verdict/run.ts';
import { type Verdict, verdictOn } from '../../verdict/verdict.ts';
import type { Environment } from './environment.ts';
import { fleetOf, isLost } from './fleet.ts';
import type { OwnJob } from './job.ts';
import type { Course, Run } from './run.ts';
import { samplesOf } from './samples.ts';

/** Seconds before the start of a load in which its setup may push. */
const margin = 60;

/** The verdict on a run, written down and told to all who are to know. */
export async function concluded(here: Environment, own: OwnJob, run: Run, course: Course): Promise<VerdictDocument> {
  await run.tell('verdict');
  const { measured, verdict } = await judged(here, own, run, course);
  const document = documentOf(measured, verdict);
  const markdown = markdownOf(document);
  console.log(`\n${reportOf(measured, verdict)}\n${markdown}\n${JSON.stringify(document)}`);
  await run.end(document, markdown);
  await pushSamples(here.plan.remoteWriteUrl, samplesOf(document, run.loadTest, run.service)).catch((error: Error) =>
    // It is in the record, and in the end of the Job.
    console.error(`the verdict could not be pushed to Prometheus: ${error.message}`),
  );
  await run.forget().catch((error: Error) => console.error(`records of old runs stay: ${error.message}`));
  return document;
}

async function judged(
  { plan, prometheus }: Environment,
  own: OwnJob,
  { testid, service, generator }: Run,
  course: Course,
) {
  const { startedAt, stopped, failure, runners, checks, settings } = course;
  const now = Date.now() / 1000;
  const unmeasured: Measured = { testid, ...(service ? { service } : {}), start: startedAt ?? now, end: now };
  const invalid = (reason: string): Verdict => ({ verdict: 'invalid', reasons: [reason], budgets: [], checks });
  if (stopped || startedAt === undefined)
    return { measured: unmeasured, verdict: invalid(stopped ?? 'it never started') };
  try {
    const measured = await answered(own, () => findRun(testid, Math.ceil(now - startedAt + margin), prometheus));
    if (!measured)
      return {
        measured: unmeasured,
        verdict: invalid(
          generator.job === 'k6'
            ? 'Prometheus has no sample of it: what runners push does not arrive. Their logs say why: `loadscope logs --runners`'
            : 'Prometheus has no sample of it: it could not scrape the bots. The page of its targets says why',
        ),
      };
    // Of a load that the first broken budget ends, the other runners are ended, too, and count for what they pushed.
    const ended = settings?.load.untilBroken && runners.some((one) => one.ended?.exitCode === generator.broken);
    const fleet = ended ? undefined : fleetOf(runners, (settings?.runners ?? 0) + generator.beside, generator);
    const found = Array.isArray(fleet) ? fleet.flatMap((one) => ('findings' in one ? (one.findings ?? []) : [])) : [];
    const findings = { checks: [...checks, ...found], ...(fleet ? { fleet } : {}) };
    const verdict = await answered(own, () => verdictOn(measured, plan, prometheus, findings));
    // A Job that failed by thresholds of its runners alone has done its work.
    const lost =
      fleet && failure && runners.some((one) => isLost(one, generator)) ? [`the load was ended: ${failure}`] : [];
    return { measured, verdict: { ...verdict, reasons: [...verdict.reasons, ...lost] } };
  } catch (error) {
    return {
      measured: unmeasured,
      verdict: invalid(`Prometheus at ${plan.prometheusUrl} could not be asked: ${(error as Error).message}`),
    };
  }
}

/** Seconds for which a Prometheus that is away is asked again: one that starts has to read what it has written first. */
const patience = 300;

/** What Prometheus answers, though it may be away for a while. */
async function answered<T>(own: OwnJob, question: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      const { failure = '' } = error as Partial<HttpError>;
      if (!['network', 'timeout', 'refused'].includes(failure) || Date.now() > deadline) throw error;
      await own.check();
      await sleep(10_000);
    }
  }
}

import { concurrently } from '../clients/concurrently.ts';
import type { Doubt } from '../rules/validity.ts';
import type { Question } from '../rules/verdict.ts';
import { generators } from '../runs/generator.ts';
import { type CheckResult, failedChecks } from './checks.ts';
import { doubtsAbout } from './doubts.ts';
import { type Fleet, lossesOf } from './fleet.ts';
import { isAbout, type Judged, judge } from './judge.ts';
import type { Asked, Run } from './run.ts';

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'invalid';
  /** Why it is none, or what is broken. */
  readonly reasons: readonly string[];
  readonly budgets: readonly Judged[];
  /** Of the data, where somebody has looked. */
  readonly checks: readonly CheckResult[];
  /** What the runners counted, where somebody has asked them. */
  readonly fleet?: Fleet;
}

/** What is asked of a run. */
export interface Questions {
  /** Every budget. */
  readonly questions: readonly Question[];
  /** What makes it invalid. */
  readonly doubts: readonly Doubt[];
  /** Narrows a query to the series of the stack, in a Prometheus that has others; left out: as they are. */
  readonly own?: (query: string) => string;
}

/** What is known of a run from elsewhere. */
export interface Findings {
  readonly checks?: readonly CheckResult[];
  readonly fleet?: Fleet;
}

/** Questions that Prometheus is asked at a time. */
const atOnce = 4;

/**
 * The verdict on a run that is over. Ask it some seconds after the end, when the last scrape is in.
 *
 * @throws HttpError where Prometheus does not answer
 */
export async function verdictOn(
  run: Run,
  { questions, doubts, own = (query) => query }: Questions,
  prometheus: Asked,
  { checks = [], fleet }: Findings = {},
): Promise<Verdict> {
  const narrowed = <Of extends { readonly expr: string }>(one: Of): Of => ({ ...one, expr: own(one.expr) });
  const about = questions.filter((question) => isAbout(question, run)).map(narrowed);
  const budgets = await concurrently(atOnce, about, (question) => judge(question, run, prometheus));
  const doubted = await concurrently(atOnce, doubts.map(narrowed), (doubt) => doubtsAbout(doubt, run, prometheus));
  const losses = fleet ? await lossesOf(fleet, run, prometheus, own) : [];
  const failed = await failedChecks(run, prometheus, own);
  return {
    ...verdictOf(budgets, checks, [...doubted.flat(), ...losses], failed),
    budgets,
    checks,
    ...(fleet ? { fleet } : {}),
  };
}

/**
 * What was not measured is no pass: what load generators measure has to be there, and what the config asks for itself;
 * defaults are for whatever there is. A run that says nothing does not fail either.
 *
 * @param doubts why the run says nothing, whatever its figures
 * @param failed checks of the scenario that did
 */
function verdictOf(
  budgets: readonly Judged[],
  checks: readonly CheckResult[],
  doubts: readonly string[],
  failed: readonly string[],
): Pick<Verdict, 'verdict' | 'reasons'> {
  const critical = budgets.filter(({ question }) => question.severity === 'critical');
  const missing = critical.filter(
    ({ state, question: { job, isDefault } }) => state === 'no data' && (Object.hasOwn(generators, job) || !isDefault),
  );
  const data = (state: CheckResult['state'], what: string) =>
    checks.filter((one) => one.state === state).map(({ name, text }) => `${name} ${what}${text ? `: ${text}` : ''}`);
  const invalid = [
    ...doubts,
    ...missing.map(({ question: { budget, job } }) => `nothing was measured for ${budget} by ${job}`),
    ...data('unknown', 'could not be checked'),
    ...(critical.length ? [] : ['no budget is critical, so that no run could fail']),
  ];
  if (invalid.length) return { verdict: 'invalid', reasons: invalid };
  const broken = [
    ...critical.filter(({ state }) => state === 'broken').map(({ question: { budget, job } }) => `${budget} by ${job}`),
    ...failed,
    ...data('broken', 'is broken'),
  ];
  return { verdict: broken.length ? 'fail' : 'pass', reasons: broken };
}

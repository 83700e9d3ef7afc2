import type { Question } from '../../rules/verdict.ts';
import type { Prometheus, Series } from '../lib/prometheus.ts';
import type { Run } from './run.ts';

/** What became of a budget in a run. */
export interface Judged {
  readonly question: Question;
  readonly state: 'held' | 'broken' | 'no data';
  /** The worst of its values, in base units. */
  readonly value?: number;
  /** Whose value that is. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'invalid';
  /** Why it is none, or which budgets are broken. */
  readonly reasons: readonly string[];
  readonly budgets: readonly Judged[];
}

/** A scrape and a push may be under way when the last virtual user leaves. */
const margin = 15;

/** Asks a budget's question of a run. */
export async function judge(question: Question, run: Run, prometheus: Prometheus): Promise<Judged> {
  const seconds = Math.ceil(run.end - run.start);
  const asked = question.expr
    .replaceAll('$testid', run.testid)
    .replaceAll('$__range_s', String(Math.max(seconds, 1)))
    .replaceAll('$__range', `${seconds + margin}s`);
  const { result } = await prometheus.instant(asked, run.end);
  const worst = worstOf(result, question.good);
  if (!worst) return { question, state: 'no data' };
  const held = question.good === 'below' ? worst.value <= question.bound : worst.value >= question.bound;
  return { question, state: held ? 'held' : 'broken', ...worst };
}

function worstOf(series: readonly Series[], good: Question['good']) {
  const values = series
    .map(({ metric, value }) => ({ labels: metric, value: Number(value?.[1]) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (good === 'below' ? b.value - a.value : a.value - b.value));
  return values[0];
}

/**
 * The verdict on a run. What was not measured is no pass: what load generators measure has to be there, and what the
 * config asks for itself; defaults are for whatever there is.
 *
 * @param doubts why the run says nothing, whatever its figures
 */
export function verdictOf(budgets: readonly Judged[], doubts: readonly string[]): Verdict {
  const critical = budgets.filter(({ question }) => question.severity === 'critical');
  const missing = critical.filter(
    ({ state, question: { job, isDefault } }) => state === 'no data' && (job === 'k6' || !isDefault),
  );
  const invalid = [
    ...doubts,
    ...missing.map(({ question: { budget, job } }) => `nothing was measured for ${budget} by ${job}`),
  ];
  if (critical.length === 0) invalid.push('no budget is critical, so that no run could fail');
  if (invalid.length) return { verdict: 'invalid', reasons: invalid, budgets };
  const broken = critical.filter(({ state }) => state === 'broken');
  return {
    verdict: broken.length ? 'fail' : 'pass',
    reasons: broken.map(({ question: { budget, job } }) => `${budget} by ${job}`),
    budgets,
  };
}

/** Why a run says nothing: what its alerts said while it ran, and what could not be seen for most of it. */
export async function doubtsOf({ testid, start, end }: Run, prometheus: Prometheus): Promise<string[]> {
  const range = `${Math.ceil(end - start) + margin}s`;
  const alerts = `last_over_time(ALERTS{alertname="LoadTestInvalid",alertstate="firing",testid="${testid}"}[${range}])`;
  const { result: said } = await prometheus.instant(`group by (reason) (${alerts})`, end);
  const { result: unseen } = await prometheus.instant(
    `avg by (job, instance) (avg_over_time(up[${range}])) < 0.5`,
    end,
  );
  return [
    ...said.map(({ metric }) => `LoadTestInvalid: ${metric.reason ?? ''}`),
    ...unseen.map(({ metric }) => `${metric.job} ${metric.instance} was down for most of the run`),
  ];
}

import type { RunArchive } from '../../archive/archive.ts';
import type { Report } from '../schema.ts';

type Verdict = NonNullable<Report['verdict']>;
type Judged = NonNullable<RunArchive['verdict']>['budgets'][number];

export function verdictOf({ verdict }: RunArchive): Report['verdict'] {
  if (!verdict) return null;
  return {
    verdict: verdict.verdict,
    reasons: [...verdict.reasons],
    budgets: verdict.budgets.map((one) => ({
      budget: one.budget,
      job: one.job,
      indicator: one.indicator,
      severity: one.severity,
      good: one.good,
      bound: one.bound,
      value: one.value,
      margin: marginOf(one),
      of: Object.entries(one.labels ?? {})
        .filter(([name]) => !['testid', 'job', 'namespace'].includes(name))
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
      state: one.state,
    })),
    checks: [...verdict.checks],
    ...runnersOf(verdict.runners),
  };
}

/** Of the bound; null too where the bound is 0, of which nothing is a share. */
function marginOf({ value, bound, good }: Judged): number | null {
  if (value === null || bound === 0) return null;
  return (good === 'below' ? bound - value : value - bound) / bound;
}

function runnersOf(
  runners: NonNullable<RunArchive['verdict']>['runners'],
): Pick<Verdict, 'runners' | 'runnersMissing'> {
  if (runners === null) return { runners: [], runnersMissing: '' };
  if ('missing' in runners) return { runners: [], runnersMissing: runners.missing };
  return {
    runners: runners.map((one) =>
      'missing' in one
        ? { ...one, requests: null, failed: null, iterations: null, dropped: null }
        : {
            runner: one.runner,
            requests: one.requests,
            failed: one.failed,
            iterations: one.iterations,
            dropped: one.dropped,
            missing: '',
          },
    ),
    runnersMissing: '',
  };
}

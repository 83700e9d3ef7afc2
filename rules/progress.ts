import type { IndicatorName } from '../model/budget.ts';
import type { Target } from '../model/target.ts';

/** What is shown of a run while it goes on. */
export type Progress = 'vus' | 'requests' | 'iterations' | 'p95' | 'errorRatio' | 'dropped';

/** PromQL for one number each, with the id of the run as $testid. */
export function progressQueries(targets: readonly Target[]): Partial<Record<Progress, string>> {
  const k6 = targets.find(({ name }) => name === 'k6');
  if (!k6) return {};
  const { metrics, indicators = [] } = k6;
  const now = (name: IndicatorName) =>
    indicators.find(({ indicator }) => indicator === name)?.now({ testid: '=$testid' }, []);
  const total = (metric: string) => `${metrics[metric]?.name}{testid="$testid"}`;
  return {
    vus: `sum(${total('vus')})`,
    // Four pushes of k6: long enough to be smooth, and short enough to follow.
    iterations: `sum(rate(${total('iterations')}[20s]))`,
    dropped: `sum(${total('dropped')})`,
    requests: now('throughput'),
    p95: now('p95'),
    errorRatio: now('error_ratio'),
  };
}

/** PromQL for the messages that wait in all queues together; undefined where no queue is watched. */
export function backlogQuery(targets: readonly Target[]): string | undefined {
  const lags = targets.flatMap(({ indicators = [] }) => indicators.filter(({ indicator }) => indicator === 'lag'));
  return lags.length ? lags.map(({ now, each }) => `sum(${now({}, each)})`).join(' + ') : undefined;
}

import type { IndicatorName } from '../model/budget.ts';
import type { Target } from '../model/target.ts';

/** What is shown of a run while it goes on. */
export type Progress = 'vus' | 'requests' | 'iterations' | 'p95' | 'errorRatio' | 'dropped';

/**
 * PromQL for one number each, with the id of the run as $testid.
 *
 * @param generator the target of what makes the load
 */
export function progressQueries(targets: readonly Target[], generator: string): Partial<Record<Progress, string>> {
  const found = targets.find(({ name }) => name === generator);
  if (!found) return {};
  const { metrics, indicators = [] } = found;
  const now = (name: IndicatorName) =>
    indicators.find(({ indicator }) => indicator === name)?.now({ testid: '=$testid' }, []);
  const total = (metric: string) => `${metrics[metric]?.name}{testid="$testid"}`;
  return {
    // Four pushes of k6: long enough to be smooth, and short enough to follow.
    ...(metrics.vus ? { vus: `sum(${total('vus')})`, iterations: `sum(rate(${total('iterations')}[20s]))` } : {}),
    ...(metrics.actualRate ? { iterations: `sum(${total('actualRate')})` } : {}),
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

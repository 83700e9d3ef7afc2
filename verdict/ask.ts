import type { Series } from '../clients/prometheus.ts';
import type { Asked, Run } from './run.ts';

/** Seconds after its end at which a run is looked at: a scrape and a push may be under way when the last user leaves. */
const margin = 15;

/** Seconds before its first sample: a range does not hold what lies on its left end. */
const lead = 2;

const secondsOf = ({ start, end }: Run) => Math.ceil(end - start);

/** Seconds from where a run is looked at to before its first sample. */
export const lookBack = (run: Run): number => lead + secondsOf(run) + margin;

/** PromQL about a run, in which $testid, $service, $__range and $__range_s stand for what it was. */
export async function ask(expr: string, run: Run, prometheus: Asked): Promise<readonly Series[]> {
  const text = expr
    .replaceAll('$testid', run.testid)
    .replaceAll('$service', run.service ?? '')
    .replaceAll('$__range_s', String(Math.max(secondsOf(run), 1)))
    .replaceAll('$__range', `${lookBack(run)}s`);
  return (await prometheus.instant(text, run.end + margin)).result;
}

/** The number of a series; NaN where it has none. */
export const numberOf = ({ value }: Series): number => Number(value?.[1] ?? Number.NaN);

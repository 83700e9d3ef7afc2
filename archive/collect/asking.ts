import { HttpError } from '../../clients/http-error.ts';
import type { Prometheus, Series } from '../../clients/prometheus.ts';
import { ask } from '../../verdict/ask.ts';
import type { Run } from '../../verdict/run.ts';
import { type Axis, rangeOf } from './axis.ts';

/** What is asked about a run. A question that Prometheus refuses leaves a gap, and ends nothing. */
export interface Asking {
  readonly run: Run;
  readonly axis: Axis;
  /** What was not to be had, and why, each a sentence. */
  readonly gaps: string[];
  /** At each point of an axis. */
  range(what: string, expr: string, axis?: Axis): Promise<readonly Series[]>;
  /** Once, when the last samples of the run are there. */
  whole(what: string, expr: string): Promise<readonly Series[]>;
}

/**
 * @param own narrows a query to the series of the stack
 * @returns where $testid stands for the run, and of what is asked of the whole of it, $__range for its length
 */
export function askingOf(
  prometheus: Pick<Prometheus, 'instant' | 'range'>,
  run: Run,
  axis: Axis,
  own: (query: string) => string,
): Asking {
  const gaps: string[] = [];
  const answered = async (what: string, answer: Promise<readonly Series[]>) => {
    try {
      return await answer;
    } catch (error) {
      await isGap(error, prometheus, run);
      gaps.push(`${what}: Prometheus gives no answer: ${(error as Error).message}.`);
      return [];
    }
  };
  return {
    ...{ run, axis, gaps },
    range: (what, expr, { step, ...of } = axis) => {
      const query = own(expr).replaceAll('$testid', run.testid);
      return answered(
        what,
        prometheus.range(query, step, rangeOf({ step, ...of })).then(({ result }) => result),
      );
    },
    whole: (what, expr) => answered(what, ask(own(expr), run, prometheus)),
  };
}

/**
 * What is too much for Prometheus may be so for one question alone.
 *
 * @throws HttpError where it answers no question any more: what was collected by then is no archive
 */
export async function isGap(error: unknown, prometheus: Pick<Prometheus, 'instant'>, run: Run): Promise<void> {
  if (!(error instanceof HttpError) || !['refused', 'timeout'].includes(error.failure)) throw error;
  await prometheus.instant('vector(1)', run.end);
}

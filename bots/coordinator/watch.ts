import { concurrently } from '../../clients/concurrently.ts';
import type { Prometheus } from '../../clients/prometheus.ts';
import type { Load } from '../../k6-jobs/load.ts';
import { factsOf } from '../../runs/generator.ts';
import type { Plan, PlannedTest } from '../../runs/plan.ts';
import type { RunStatus } from '../../runs/record.ts';
import { isAbout, judge, usedOf } from '../../verdict/judge.ts';
import type { Run } from '../../verdict/run.ts';

/** One number of Prometheus just now; undefined where there is none, or no Prometheus. */
async function numberNow(prometheus: Prometheus, query: string): Promise<number | undefined> {
  try {
    const { result } = await prometheus.instant(query, Date.now() / 1000);
    const value = Number(result[0]?.value?.[1]);
    return Number.isFinite(value) ? value : undefined;
  } catch {
    // What is shown of a run is no reason to end it; what is judged is asked for again.
    return undefined;
  }
}

/** What Prometheus has of a run just now. */
export async function watched(
  progress: Plan['progress']['k6'],
  testid: string,
  prometheus: Prometheus,
): Promise<Pick<RunStatus, 'vus' | 'requests' | 'iterations' | 'p95' | 'errorRatio' | 'dropped'>> {
  const numbers = await Promise.all(
    Object.entries(progress).map(async ([name, query]) => [
      name,
      await numberNow(prometheus, query.replaceAll('$testid', testid)),
    ]),
  );
  return Object.fromEntries(numbers.filter(([, value]) => value !== undefined));
}

/** Iterations per second that are due just now, where a scenario goes by the clock. */
export function dueNow({ scenario }: PlannedTest, { rate, stages }: Load, elapsed: number): Pick<RunStatus, 'target'> {
  if (factsOf(scenario).paced !== 'rate') return {};
  let start = 0;
  let from = 0;
  for (const { seconds, level } of stages) {
    if (elapsed < start + seconds) return { target: rate * (from + ((level - from) * (elapsed - start)) / seconds) };
    start += seconds;
    from = level;
  }
  return { target: 0 };
}

/** The critical budget that is nearest to its bound over the run so far. What has to be above one only gets there in time. */
export async function nearestOf(
  { questions }: Plan,
  run: Run,
  prometheus: Prometheus,
): Promise<Pick<RunStatus, 'nearest'>> {
  const asked = questions.filter(
    (question) => question.severity === 'critical' && question.good === 'below' && isAbout(question, run),
  );
  try {
    const judged = await concurrently(4, asked, (question) => judge(question, run, prometheus));
    const [nearest] = judged
      .map((one) => ({ budget: `${one.question.budget} by ${one.question.job}`, used: usedOf(one) ?? 0 }))
      .sort((a, b) => b.used - a.used);
    return nearest && nearest.used > 0 ? { nearest } : {};
  } catch {
    return {};
  }
}

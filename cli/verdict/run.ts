import type { Prometheus } from '../lib/prometheus.ts';

/** A load test that has ended, from its first sample to its last. Unix time, in seconds. */
export interface Run {
  readonly testid: string;
  readonly start: number;
  readonly end: number;
}

/** Virtual users are there from the first second of a run to the last, whatever its requests do. */
const metric = 'k6_vus';
/** Finer than k6 pushes, so that the first and the last sample are met. */
const step = '1s';

/**
 * When a run was, by what it pushed.
 *
 * @param back seconds to look back
 * @returns undefined where it pushed nothing
 */
export async function findRun(testid: string, back: number, prometheus: Prometheus): Promise<Run | undefined> {
  const now = Math.ceil(Date.now() / 1000);
  const samples = `timestamp(${metric}{testid="${testid}"})[${back}s:${step}]`;
  const at = async (aggregate: 'min' | 'max') => {
    const { result } = await prometheus.instant(`${aggregate}(${aggregate}_over_time(${samples}))`, now);
    return Number(result[0]?.value?.[1] ?? Number.NaN);
  };
  const [start, end] = [await at('min'), await at('max')];
  return Number.isFinite(start) && Number.isFinite(end) ? { testid, start, end } : undefined;
}

/** Whether it still runs: k6 marks the end of its series. */
export async function isRunning(testid: string, prometheus: Prometheus): Promise<boolean> {
  const now = Math.ceil(Date.now() / 1000);
  return (await prometheus.instant(`${metric}{testid="${testid}"}`, now)).result.length > 0;
}

/** The runs that there were in that time. */
export async function knownRuns(back: number, prometheus: Prometheus): Promise<readonly string[]> {
  const end = Math.ceil(Date.now() / 1000);
  return (await prometheus.labelValues('testid', metric, { start: end - back, end })).result;
}

import type { Prometheus } from '../clients/prometheus.ts';
import { scenarioIn } from './scenario.ts';

/** A load test that has ended, from its first sample to its last. Unix time, in seconds. */
export interface Run {
  readonly testid: string;
  readonly start: number;
  readonly end: number;
  /** The service that it loaded; left out: nobody says. */
  readonly service?: string;
  /** What its virtual users did: a name of the catalogue, or of something else; left out: nobody says. */
  readonly scenario?: string;
}

/** What is asked of Prometheus. */
export type Asked = Pick<Prometheus, 'instant'>;

/** Virtual users are there from the first second of a run to the last, whatever its requests do. */
const metric = 'k6_vus';
/** Finer than k6 pushes, so that the first sample is met. */
const step = '1s';
/** k6 pushes every five seconds, and ends its series when it ends: a look at them now and then may miss the last. */
const lastPushes = 20;

/**
 * When a run was and of what, by what it pushed.
 *
 * @param back seconds to look back
 * @returns undefined where it pushed nothing
 */
export async function findRun(testid: string, back: number, prometheus: Asked): Promise<Run | undefined> {
  const now = Math.ceil(Date.now() / 1000);
  const users = `${metric}{testid="${testid}"}`;
  const samples = `timestamp(${users})[${back}s:${step}]`;
  const at = async (aggregate: 'min' | 'max') => {
    const { result } = await prometheus.instant(`${aggregate}(${aggregate}_over_time(${samples}))`, now);
    return Number(result[0]?.value?.[1] ?? Number.NaN);
  };
  /** As they were stored: each sample with its own time. */
  const stored = async (seconds: number, until: number) => {
    const { result } = await prometheus.instant(`${users}[${seconds}s]`, until);
    return result.flatMap(({ values = [] }) => values.map(([time]) => time));
  };
  const [first, seen] = [await at('min'), await at('max')];
  const isSeen = Number.isFinite(first) && Number.isFinite(seen);
  // A run that was over before its first push has pushed once, and ended its series with it.
  const times = await (isSeen ? stored(lastPushes, Math.min(now, seen + lastPushes / 2)) : stored(back, now));
  if (!isSeen && times.length === 0) return undefined;
  const start = isSeen ? first : Math.min(...times);
  const end = Math.max(...(isSeen ? [seen] : []), ...times);
  const names = async (label: string, of: string) => {
    const { result } = await prometheus.instant(`group by (${label}) (last_over_time(${of}[${back}s]))`, now);
    return result.flatMap(({ metric: labels }) => labels[label] || []);
  };
  const services = await names('service', users);
  const scenario = scenarioIn(await names('scenario', `k6_iterations_total{testid="${testid}"}`));
  return {
    testid,
    start,
    end,
    // Of several it is none: what is not asked for one could be about another.
    ...(services.length === 1 ? { service: services[0] } : {}),
    ...(scenario === undefined ? {} : { scenario }),
  };
}

/** Whether it still runs: k6 marks the end of its series. */
export async function isRunning(testid: string, prometheus: Asked): Promise<boolean> {
  const now = Math.ceil(Date.now() / 1000);
  return (await prometheus.instant(`${metric}{testid="${testid}"}`, now)).result.length > 0;
}

/** The runs that there were in that time. */
export async function knownRuns(back: number, prometheus: Prometheus): Promise<readonly string[]> {
  const end = Math.ceil(Date.now() / 1000);
  return (await prometheus.labelValues('testid', metric, { start: end - back, end })).result;
}

import type { Prometheus } from '../clients/prometheus.ts';
import { type Generator, generators, kafkaBot } from '../runs/generator.ts';
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
  /** The topics that a Kafka bot sent to; left out: of another run. */
  readonly topics?: readonly string[];
}

/** What is asked of Prometheus. */
export type Asked = Pick<Prometheus, 'instant'>;

/** Finer than k6 pushes, so that the first sample is met. */
const step = '1s';
/** k6 pushes every five seconds, and ends its series when it ends: a look at them now and then may miss the last. */
const lastPushes = 20;

/** What made the load of a run. */
export const generatorIn = ({ scenario }: Pick<Run, 'scenario'>): Generator =>
  scenario === kafkaBot ? generators[kafkaBot] : generators.k6;

/**
 * When a run was and of what, by what was measured of it.
 *
 * @param back seconds to look back
 * @returns undefined where there is nothing of it
 */
export async function findRun(testid: string, back: number, prometheus: Asked): Promise<Run | undefined> {
  for (const generator of Object.values(generators)) {
    const found = await runOf(testid, generator, back, prometheus);
    if (found) return found;
  }
  return undefined;
}

async function runOf(
  testid: string,
  { job, presence }: Generator,
  back: number,
  prometheus: Asked,
): Promise<Run | undefined> {
  const now = Math.ceil(Date.now() / 1000);
  const users = `${presence}{testid="${testid}"}`;
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
  const scenario =
    job === kafkaBot ? job : scenarioIn(await names('scenario', `k6_iterations_total{testid="${testid}"}`));
  return {
    testid,
    start,
    end,
    // Of several it is none: what is not asked for one could be about another.
    ...(services.length === 1 ? { service: services[0] } : {}),
    ...(scenario === undefined ? {} : { scenario }),
    ...(job === kafkaBot ? { topics: await names('topic', `kafka_bot_messages_sent_total{testid="${testid}"}`) } : {}),
  };
}

/** Whether it still runs: series end with what made them. */
export async function isRunning(testid: string, prometheus: Asked): Promise<boolean> {
  const now = Math.ceil(Date.now() / 1000);
  for (const { presence } of Object.values(generators))
    if ((await prometheus.instant(`${presence}{testid="${testid}"}`, now)).result.length > 0) return true;
  return false;
}

/** The runs that there were in that time. */
export async function knownRuns(back: number, prometheus: Prometheus): Promise<readonly string[]> {
  const end = Math.ceil(Date.now() / 1000);
  const known = await Promise.all(
    Object.values(generators).map(({ presence }) =>
      prometheus.labelValues('testid', presence, { start: end - back, end }),
    ),
  );
  return [...new Set(known.flatMap(({ result }) => result))];
}

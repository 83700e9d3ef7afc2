import type { Threshold } from 'k6/options';
import { type ScenarioFacts, type ScenarioName, scenarios } from '../../catalogue.ts';
import { load, required, runners } from './env.ts';

type Thresholds = { [metric: string]: Threshold[] };

/** Share of the iterations that may find no virtual user: what the alert IterationsDropped allows too. */
const mayDrop = 0.01;

const bounds: Readonly<Record<string, readonly string[]>> = JSON.parse(required('THRESHOLDS'));

/**
 * What a run fails by: its budgets, its checks, and whether it did what it is for.
 *
 * @param keys what k6 calls the scenario's parts. Budgets are about the last: those before it prepare it
 * @param own what is shown apart in its summary
 */
export function thresholdsOf(scenario: ScenarioName, keys: readonly string[], own: Thresholds): Thresholds {
  const last = keys.at(-1);
  const { achieves = {} }: ScenarioFacts = scenarios[scenario];
  const achieved = Object.entries(achieves).map(([metric, ofMetric]) => [metric, [...ofMetric]]);
  const asked: Thresholds = { checks: ['rate>0.99'], ...Object.fromEntries(achieved), ...own };
  // Of these, too few at first say nothing of the end: they do not abort a run.
  const least: Thresholds = { [`http_reqs{scenario:${last}}`]: ['count>0'] };
  for (const [metric, ofMetric] of Object.entries(bounds)) {
    const endpoint = /\{name:([^,}]+)/.exec(metric)?.[1];
    // k6 passes what has no samples, and what this scenario never sends would have none.
    if (endpoint && !(scenarios[scenario].endpoints as readonly string[]).includes(endpoint)) continue;
    // Requests of setup() have no scenario, and no name of an endpoint.
    const key = endpoint ? metric : `${metric}{scenario:${last}}`;
    if (metric.startsWith('http_reqs')) least[key] = [...(least[key] ?? []), ...ofMetric.map(asCount)];
    else asked[key] = [...(asked[key] ?? []), ...ofMetric];
  }
  if (scenarios[scenario].paced === 'rate') asked.dropped_iterations = [`count<=${droppedAtMost()}`];

  const all: Thresholds = load.untilBroken
    ? Object.fromEntries(Object.entries(asked).map(([metric, ofMetric]) => [metric, ofMetric.map(aborting)]))
    : asked;
  return merged([least, all, ...keys.map(seenApart)]);
}

const slowest: Record<string, number> = {};

/** Milliseconds above which a request is slow: its budget of p95, of the endpoint or of all; without one none is. */
export function slowAbove(endpoint: string): number {
  slowest[endpoint] ??=
    p95Of(bounds[`http_req_duration{name:${endpoint}}`]) ?? p95Of(bounds.http_req_duration) ?? Infinity;
  return slowest[endpoint];
}

function p95Of(ofMetric: readonly string[] = []): number | undefined {
  const found = ofMetric.flatMap((bound) => /^p\(95\)<=(.+)$/.exec(bound)?.[1] ?? []).map(Number);
  return found.length ? Math.min(...found) : undefined;
}

const aborting = (bound: Threshold): Threshold => ({
  threshold: typeof bound === 'string' ? bound : bound.threshold,
  abortOnFail: true,
  delayAbortEval: '10s',
});

/**
 * Requests per second as their number. A runner sends only its share, and k6 would divide by a time that includes
 * setup(), in which runners wait for each other.
 */
function asCount(bound: string): string {
  const [, comparison, rate] = /^rate(\D+)(.+)$/.exec(bound) ?? [];
  return rate ? `count${comparison}${Math.floor((Number(rate) * load.duration) / runners)}` : bound;
}

function droppedAtMost(): number {
  let before = 0;
  let iterations = 0;
  for (const { seconds, level } of load.stages) {
    iterations += ((before + level) / 2) * load.rate * seconds;
    before = level;
  }
  return Math.ceil((iterations * mayDrop) / runners);
}

/** k6 counts apart, for the summary, what a threshold is about. These are for that alone, and always hold. */
const seenApart = (key: string): Thresholds => ({
  [`http_reqs{scenario:${key}}`]: ['count>=0'],
  [`http_req_failed{scenario:${key}}`]: ['rate>=0'],
  [`http_req_duration{scenario:${key}}`]: ['max>=0'],
});

function merged(parts: readonly Thresholds[]): Thresholds {
  const all: Thresholds = {};
  for (const part of parts)
    for (const [metric, ofMetric] of Object.entries(part)) all[metric] = [...(all[metric] ?? []), ...ofMetric];
  return all;
}

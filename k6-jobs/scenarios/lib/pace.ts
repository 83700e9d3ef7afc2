import type { PerVUIterationsScenario, RampingArrivalRateScenario, RampingVUsScenario } from 'k6/options';
import { load, runners } from './env.ts';

/** Each costs some 0.3 MiB, so that this many fit into the memory of a runner. */
const vusOfRunner = 2000;

const duration = (seconds: number) => `${Math.round(seconds * 1000)}ms`;

const stagesOf = (peak: number) =>
  load.stages.map(({ seconds, level }) => ({
    duration: duration(seconds),
    target: level === 0 ? 0 : Math.max(1, Math.round(peak * level)),
  }));

/** As many users as the load says, each of whom begins anew when done. */
export const byUsers = (): RampingVUsScenario => ({
  executor: 'ramping-vus',
  startVUs: 0,
  stages: stagesOf(load.vus),
  gracefulRampDown: '30s',
});

/**
 * As many iterations a second as the load says, however long each takes. Virtual users are there for iterations of 1 s,
 * the default budget of p95: k6 drops an iteration for each one that it has to make, and within the budget none should
 * be. It makes them for up to 2 s; a service slower than that has broken its budget already.
 */
export function byTheClock(): RampingArrivalRateScenario {
  // Each runner needs one to begin with.
  const within = (vus: number) => Math.min(Math.max(vus, runners), vusOfRunner * runners);
  return {
    executor: 'ramping-arrival-rate',
    startRate: 0,
    timeUnit: '1s',
    stages: stagesOf(load.rate),
    preAllocatedVUs: within(load.rate),
    maxVUs: within(load.rate * 2),
  };
}

/**
 * Each user once.
 *
 * @param wait seconds from its beginning until they all go
 */
export const onceEach = (wait: number): PerVUIterationsScenario => ({
  executor: 'per-vu-iterations',
  vus: load.vus,
  iterations: 1,
  maxDuration: duration(wait + load.duration),
});

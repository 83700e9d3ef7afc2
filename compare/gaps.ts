import { endpointsIn, outcomeOf } from './claims.ts';
import { leastSlices } from './estimate.ts';
import { leastRequests } from './latency.ts';
import type { Measured } from './measured.ts';
import type { Sides } from './sides.ts';

/** What a comparison leaves out, and why, each a sentence. */
export function gapsOf(sides: Sides): string[] {
  const runs = [...sides.baseline, ...sides.candidate];
  const few = endpointsIn(sides).filter((key) => !runs.every(hasLatencyOf(key)));
  return [
    ...few.map((key) => {
      const [before, after] = [outcomeOf(sides.baseline, key), outcomeOf(sides.candidate, key)];
      return `${key}: not each run has ${leastRequests} requests to it in ${leastSlices} slices of time after the warm-up (${before.requests} and ${after.requests} in all), and those that have not are left out.`;
    }),
    ...runs.flatMap(({ archive: { run, verdict } }) =>
      verdict ? [] : [`Nobody has judged run ${run.testid}: it may be invalid.`],
    ),
  ];
}

/**
 * Endpoints whose latency is known of some runs, with requests enough that chance does not explain why it is not of others. What
 * is missing may be what got worse, so that this is no pass. Each a sentence.
 */
export function incompleteIn(sides: Sides): string[] {
  const runs = [...sides.baseline, ...sides.candidate];
  return endpointsIn(sides).flatMap((key) => {
    const hasLatency = hasLatencyOf(key);
    const isExpected = runs.some(
      (run) => hasLatency(run) && (run.endpoints.get(key)?.requests ?? 0) >= 2 * leastRequests,
    );
    const without = runs.filter((run) => !hasLatency(run)).map(({ archive }) => archive.run.testid);
    if (!isExpected || without.length === 0) return [];
    const [before, after] = [sides.baseline, sides.candidate].map((side) => outcomeOf(side, key).requests);
    return before && after
      ? [`Latency of ${key} is not known of ${without.join(', ')}: too few requests, or no histograms of them.`]
      : [`${key} was asked on one side only: ${before} and ${after} requests.`];
  });
}

const hasLatencyOf =
  (key: string) =>
  ({ endpoints }: Measured): boolean =>
    endpoints.get(key)?.latency?.estimate !== undefined;

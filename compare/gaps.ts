import { endpointsIn, outcomeOf } from './claims.ts';
import { leastSlices } from './estimate.ts';
import { leastRequests } from './latency.ts';
import type { Sides } from './sides.ts';

/** What a comparison leaves out, and why, each a sentence. */
export function gapsOf(sides: Sides): string[] {
  const runs = [...sides.baseline, ...sides.candidate];
  const few = endpointsIn(sides).filter((key) =>
    runs.some(({ endpoints }) => endpoints.get(key)?.latency?.estimate === undefined),
  );
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

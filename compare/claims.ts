import { errorChange, errorMargin, type Outcome, overdispersion } from './errors.ts';
import type { Claim } from './judge.ts';
import type { Measured } from './measured.ts';
import { changeIn, type Sides } from './sides.ts';

/** What a comparison may claim to have got worse, each under its name. */

export const latencyTogether = 'latency of all endpoints';
export const latencyOfEndpoint = (key: string) => `latency of ${key}`;
export const errorsOfEndpoint = (key: string) => `errors of ${key}`;
export const throughputOfRun = 'throughput';

/** @param failOn the smallest change of latency or throughput that is a regression, as a share */
export function claimsOf(sides: Sides, failOn: number): ReadonlyMap<string, Claim> {
  const margin = Math.log1p(failOn);
  const claims = new Map<string, Claim>();
  const together = changeIn(sides, (run) => sides.together.get(run));
  if (together) claims.set(latencyTogether, { change: together, margin });
  const dispersion = overdispersion(sides.baseline);
  for (const key of endpointsIn(sides)) {
    const change = changeIn(sides, ({ endpoints }) => endpoints.get(key)?.latency?.estimate);
    if (change) claims.set(latencyOfEndpoint(key), { change, margin });
    const [before, after] = [outcomeOf(sides.baseline, key), outcomeOf(sides.candidate, key)];
    // Where nothing failed nothing can be claimed, and what cannot be claimed needs no correction (Tarone 1990).
    if (before.requests && after.requests && before.failed + after.failed)
      claims.set(errorsOfEndpoint(key), { change: errorChange(before, after, dispersion), margin: errorMargin });
  }
  const change = changeIn(sides, ({ throughput }) => throughput?.estimate);
  // Less of it is worse, and more than all of it is never lost.
  const loss = failOn < 1 ? -Math.log1p(-failOn) : Number.POSITIVE_INFINITY;
  if (change) claims.set(throughputOfRun, { change: { ...change, value: -change.value }, margin: loss });
  return claims;
}

export const endpointsIn = ({ baseline, candidate }: Sides): readonly string[] => [
  ...new Set([...baseline, ...candidate].flatMap(({ endpoints }) => [...endpoints.keys()])),
];

/** Requests to an endpoint over all runs of a side. */
export function outcomeOf(side: readonly Measured[], key: string): Outcome {
  const found = side.flatMap(({ endpoints }) => endpoints.get(key) ?? []);
  return {
    requests: found.reduce((sum, { requests }) => sum + requests, 0),
    failed: found.reduce((sum, { failed }) => sum + failed, 0),
  };
}

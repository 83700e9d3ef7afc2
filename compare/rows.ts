import type { Amount } from './amounts.ts';
import { boundsOf } from './change.ts';
import { errorsOfEndpoint, latencyOfEndpoint, outcomeOf, throughputOfRun } from './claims.ts';
import type {
  ComparedAmount,
  ComparedEndpoint,
  ComparedErrors,
  ComparedLatency,
  Comparison,
  Pair,
} from './comparison.ts';
import { errorDoubt } from './errors.ts';
import { meanOf } from './estimate.ts';
import type { Finding } from './judge.ts';
import type { Latency } from './latency.ts';
import type { Measured } from './measured.ts';
import { changeIn, type Sides } from './sides.ts';

/** The tables of a comparison. */

type Findings = ReadonlyMap<string, Finding>;

/** A difference of logarithms as a share. */
const share = Math.expm1;

export function endpointRow(sides: Sides, findings: Findings, key: string): ComparedEndpoint {
  const of = (take: (latency: Latency) => number) =>
    pairOf(sides, ({ endpoints }) => {
      const latency = endpoints.get(key)?.latency;
      return latency && take(latency);
    });
  return {
    ...nameOf(sides, key),
    requests: [outcomeOf(sides.baseline, key).requests, outcomeOf(sides.candidate, key).requests],
    p50: of(({ p50 }) => p50),
    p95: of(({ p95 }) => p95),
    p99: of(({ p99 }) => p99),
    ...latencyRow(findings.get(latencyOfEndpoint(key))),
  };
}

export const latencyRow = (found: Finding | undefined): ComparedLatency => ({
  change: found ? share(found.value) : null,
  lower: found ? share(found.lower) : null,
  upper: found ? share(found.upper) : null,
  chance: found?.chance ?? null,
  detectable: found ? share(found.detectable) : null,
  state: found?.state ?? null,
});

/** None for an endpoint of which nothing failed. */
export function errorRow(sides: Sides, findings: Findings, key: string): ComparedErrors[] {
  const found = findings.get(errorsOfEndpoint(key));
  if (!found) return [];
  const [before, after] = [outcomeOf(sides.baseline, key), outcomeOf(sides.candidate, key)];
  const ratio = [before.failed / before.requests, after.failed / after.requests] as const;
  const change = ratio[1] - ratio[0];
  return [
    {
      ...nameOf(sides, key),
      ratio,
      change,
      lower: found.lower,
      upper: found.upper,
      chance: found.chance,
      // A few requests never rule out that one more in a thousand fails.
      state: found.state === 'undecided' && change <= errorDoubt ? 'no difference' : found.state,
    },
  ];
}

export function throughputRow(sides: Sides, findings: Findings): ComparedAmount | null {
  const found = findings.get(throughputOfRun);
  if (!found) return null;
  return {
    values: pairOf(sides, ({ throughput }) => throughput?.value),
    // What was lost, as what was won.
    change: share(-found.value),
    lower: share(-found.upper),
    upper: share(-found.lower),
    state: found.state,
  };
}

export function resourceRows(sides: Sides): Comparison['resources'] {
  const names = namesIn(sides, ({ services }) => services);
  return names.map((service) => ({
    service,
    cpu: amountRow(sides, ({ services }) => services.get(service)?.cpu),
    memory: amountRow(sides, ({ services }) => services.get(service)?.memory),
  }));
}

export const pressureRows = (sides: Sides): Comparison['pressures'] =>
  namesIn(sides, ({ pressures }) => pressures).map((of) => ({
    of,
    peak: pairOf(sides, ({ pressures }) => pressures.get(of)),
  }));

function amountRow(sides: Sides, take: (run: Measured) => Amount | undefined): ComparedAmount | null {
  const values = pairOf(sides, (run) => take(run)?.value);
  if (values[0] === null && values[1] === null) return null;
  const change = changeIn(sides, (run) => take(run)?.estimate);
  const [lower, upper] = change ? boundsOf(change) : [];
  return {
    values,
    change: change ? share(change.value) : null,
    lower: lower === undefined ? null : share(lower),
    upper: upper === undefined ? null : share(upper),
    state: null,
  };
}

function namesIn({ baseline, candidate }: Sides, take: (run: Measured) => ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...baseline, ...candidate].flatMap((run) => [...take(run).keys()]))].sort();
}

function nameOf({ baseline, candidate }: Sides, key: string) {
  const { name = key, method = '' } =
    [...candidate, ...baseline].map(({ endpoints }) => endpoints.get(key)).find((one) => one) ?? {};
  return { name, method };
}

/** The mean of each side's runs. */
function pairOf({ baseline, candidate }: Sides, take: (run: Measured) => number | undefined): Pair {
  const of = (runs: readonly Measured[]) => {
    const values = runs.flatMap((run) => take(run) ?? []);
    return values.length ? meanOf(values) : null;
  };
  return [of(baseline), of(candidate)];
}

import type { RunArchive } from '../archive/archive.ts';
import { budgetsOf } from './budgets.ts';
import { repeatsFor } from './change.ts';
import { claimsOf, endpointsIn, latencyOfEndpoint, latencyTogether, throughputOfRun } from './claims.ts';
import type { Comparison } from './comparison.ts';
import { meanOf } from './estimate.ts';
import { differencesOf } from './facts.ts';
import { gapsOf, incompleteIn } from './gaps.ts';
import { type Claim, type Finding, findingsOf } from './judge.ts';
import { judgementOf } from './judgement.ts';
import type { Measured } from './measured.ts';
import { unknownNoise } from './noise.ts';
import { obstaclesTo } from './obstacles.ts';
import { endpointRow, errorRow, latencyRow, pressureRows, resourceRows, throughputRow } from './rows.ts';
import { type Figure, noiseIn, type Sides, sidesOf } from './sides.ts';

export interface CompareOptions {
  /** The smallest change of latency or throughput that is a regression, as a share: 0.05 is 5 %. */
  readonly failOn: number;
  /** Runs of the same load test, for how much runs of one build differ; those of the sides may be among them. */
  readonly history?: readonly RunArchive[];
}

/** Holds the runs of one build against those of another. Each side has at least one, and none is on both. */
export function comparisonOf(
  baseline: readonly RunArchive[],
  candidate: readonly RunArchive[],
  { failOn, history = [] }: CompareOptions,
): Comparison {
  const sides = sidesOf(baseline, candidate, history);
  const differences = differencesOf(baseline, candidate);
  const claims = claimsOf(sides, failOn);
  const findings = findingsOf(claims);
  const keys = endpointsIn(sides);
  const tables = {
    latency: findings.has(latencyTogether) ? latencyRow(findings.get(latencyTogether)) : null,
    endpoints: keys.map((key) => endpointRow(sides, findings, key)),
    errors: keys.flatMap((key) => errorRow(sides, findings, key)),
    throughput: throughputRow(sides, findings),
    budgets: budgetsOf(baseline, candidate),
  };
  const judged = judgementOf(tables, failOn, obstaclesTo(sides, differences), incompleteIn(sides));
  return {
    ...{ format: 'loadscope.comparison', version: 1, loadTest: baseline[0]?.run.loadTest ?? null },
    ...{ verdict: judged.verdict, reasons: judged.reasons, failOn },
    baseline: sides.baseline.map(comparedRun),
    candidate: sides.candidate.map(comparedRun),
    differences,
    noise: noiseOver(sides, keys),
    repeats: judged.verdict === 'undecided' ? repeatsOf(sides, claims, findings) : null,
    ...judged.tables,
    resources: resourceRows(sides),
    pressures: pressureRows(sides),
    gaps: gapsOf(sides),
  };
}

function comparedRun({ archive: { run, verdict }, from }: Measured): Comparison['baseline'][number] {
  const [start, end] = [run.start, run.end].map((time) => new Date(time * 1000).toISOString());
  return {
    ...{ testid: run.testid, start: start ?? '', end: end ?? '', warmUp: from - run.start },
    verdict: verdict?.verdict ?? null,
  };
}

const latencyFigure =
  (key: string) =>
  ({ endpoints }: Measured) =>
    endpoints.get(key)?.latency?.estimate;

function noiseOver(sides: Sides, keys: readonly string[]): Comparison['noise'] {
  const variances = keys.map((key) => noiseIn(sides, latencyFigure(key)).variance);
  const groups = sides.groups.filter(({ length }) => length > 1);
  return {
    deviation: Math.sqrt(variances.length ? meanOf(variances) : unknownNoise.deviation ** 2),
    runs: groups.reduce((sum, { length }) => sum + length, 0),
  };
}

/**
 * Runs that each side needs for all figures that are undecided; more than it has, where the change itself is near the margin.
 *
 * @returns null where no figure is: more runs would not tell what is missing in these
 */
function repeatsOf(
  sides: Sides,
  claims: ReadonlyMap<string, Claim>,
  findings: ReadonlyMap<string, Finding>,
): number | null {
  const figures: (readonly [name: string, figure: Figure])[] = [
    [latencyTogether, (run) => sides.together.get(run)],
    ...endpointsIn(sides).map((key) => [latencyOfEndpoint(key), latencyFigure(key)] as const),
    [throughputOfRun, ({ throughput }) => throughput?.estimate],
  ];
  const needed = figures.flatMap(([name, figure]) => {
    const claim = claims.get(name);
    return claim && findings.get(name)?.state === 'undecided'
      ? [repeatsFor(claim.margin, noiseIn(sides, figure).perRun, claims.size)]
      : [];
  });
  return needed.length ? Math.max(Math.min(sides.baseline.length, sides.candidate.length) + 1, ...needed) : null;
}

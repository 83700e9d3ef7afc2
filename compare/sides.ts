import type { RunArchive } from '../archive/archive.ts';
import { type Change, changeOf } from './change.ts';
import { type Estimate, meanOf } from './estimate.ts';
import { likeness, loadOf } from './facts.ts';
import { togetherOf } from './latency.ts';
import { type Measured, measured } from './measured.ts';
import { type Noise, noiseOf } from './noise.ts';

/** The runs of two builds, and others that tell how much runs of one build differ. */
export interface Sides {
  readonly baseline: readonly Measured[];
  readonly candidate: readonly Measured[];
  /** Runs that should be alike, each side's own among them. */
  readonly groups: readonly (readonly Measured[])[];
  /** Latency of the endpoints that every run of both sides has, together, by run. */
  readonly together: ReadonlyMap<Measured, Estimate>;
}

/** Takes one figure of a run. */
export type Figure = (run: Measured) => Estimate | undefined;

/** @param history other runs; of those under the baseline's load, those of no side are told apart by their build */
export function sidesOf(
  baseline: readonly RunArchive[],
  candidate: readonly RunArchive[],
  history: readonly RunArchive[],
): Sides {
  const sides = [baseline.map(measured), candidate.map(measured)] as const;
  const groups: Measured[][] = sides.map((side) => [...side]);
  const keys = [baseline, candidate].map(([first]) => (first ? likeness(first) : ''));
  const known = new Set([...baseline, ...candidate].map(({ run }) => run.testid));
  const load = baseline[0] && loadOf(baseline[0]);
  for (const archive of history) {
    // Runs of another load say little of how much those of this one differ.
    if (known.has(archive.run.testid) || archive.verdict?.verdict === 'invalid' || loadOf(archive) !== load) continue;
    const key = likeness(archive);
    if (!keys.includes(key)) keys.push(key);
    const index = keys.indexOf(key);
    groups[index] = [...(groups[index] ?? []), measured(archive)];
  }
  return { baseline: sides[0], candidate: sides[1], groups, together: togetherIn(sides.flat(), groups.flat()) };
}

function togetherIn(runs: readonly Measured[], all: readonly Measured[]): ReadonlyMap<Measured, Estimate> {
  const keys = [...(runs[0]?.endpoints.keys() ?? [])].filter((key) =>
    runs.every(({ endpoints }) => endpoints.get(key)?.latency?.estimate),
  );
  // Of one endpoint it would be the same claim twice.
  if (keys.length < 2) return new Map();
  return new Map(
    all.flatMap((run) => {
      const slices = keys.map((key) => run.endpoints.get(key)?.slices ?? []);
      const estimate = slices.every(({ length }) => length > 0) ? togetherOf(slices) : undefined;
      return estimate ? [[run, estimate]] : [];
    }),
  );
}

const estimatesOf = (runs: readonly Measured[], figure: Figure) => runs.flatMap((run) => figure(run) ?? []);

/** A figure's noise between runs, and what one run of a side varies in all: the variance of its logarithm. */
export function noiseIn({ baseline, candidate, groups }: Sides, figure: Figure): Noise & { readonly perRun: number } {
  const noise = noiseOf(groups.map((runs) => estimatesOf(runs, figure)));
  const within = estimatesOf([...baseline, ...candidate], figure).map(({ variance }) => variance);
  return { ...noise, perRun: noise.variance + (within.length ? meanOf(within) : 0) };
}

/** @returns undefined where a side has no run with that figure */
export function changeIn(sides: Sides, figure: Figure): Change | undefined {
  const [before, after] = [estimatesOf(sides.baseline, figure), estimatesOf(sides.candidate, figure)];
  return before.length && after.length ? changeOf(before, after, noiseIn(sides, figure)) : undefined;
}

import { type Difference, mixedIn } from './facts.ts';
import type { Sides } from './sides.ts';

/** Why two sides cannot be compared, each a sentence; none: they can. */
export function obstaclesTo({ baseline, candidate }: Sides, differences: readonly Difference[]): string[] {
  const sides = [
    ['baseline', baseline.map(({ archive }) => archive)],
    ['candidate', candidate.map(({ archive }) => archive)],
  ] as const;
  return [
    ...sides
      .flatMap(([, runs]) => runs)
      .flatMap(({ run, verdict }) =>
        verdict?.verdict === 'invalid' ? [`Run ${run.testid} is invalid: ${verdict.reasons.join('; ')}.`] : [],
      ),
    ...differences.flatMap(({ kind, what, baseline: before, candidate: after }) => {
      if (before.length === 0 || after.length === 0) return [];
      const values = `${what} is ${before.join(', ')} and ${after.join(', ')}`;
      if (kind === 'load test') return [`The sides are not runs of the same load test: ${values}.`];
      return kind === 'load' ? [`The sides had another load, so latency is not comparable: ${values}.`] : [];
    }),
    ...sides.flatMap(([side, runs]) =>
      mixedIn(runs).map(({ what }) => `The runs of the ${side} are no repetitions of each other: ${what} differs.`),
    ),
    ...sides.flatMap(([side, runs]) =>
      runs.some(({ endpoints }) => endpoints.some(({ latency }) => latency.length > 0))
        ? []
        : [`The ${side} has no latency histograms: its Prometheus keeps no native ones.`],
    ),
  ];
}

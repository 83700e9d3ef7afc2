import { meanOf } from './estimate.ts';
import { type Difference, mixedIn } from './facts.ts';
import type { Measured } from './measured.ts';
import type { Sides } from './sides.ts';
import { figureOf } from './window.ts';

/** Lengths of runs differ by chance up to these seconds, or else this share of the longer. */
const sameLength = { seconds: 15, share: 0.05 } as const;

/** Most virtual users differ by chance up to this share of the larger. */
const samePeak = 0.1;

/** Why two sides cannot be compared, each a sentence; none: they can. */
export function obstaclesTo({ baseline, candidate }: Sides, differences: readonly Difference[]): string[] {
  const sides = [
    ['baseline', baseline],
    ['candidate', candidate],
  ] as const;
  return [
    ...[...baseline, ...candidate].flatMap(({ archive: { run, verdict } }) =>
      verdict?.verdict === 'invalid' ? [`Run ${run.testid} is invalid: ${verdict.reasons.join('; ')}.`] : [],
    ),
    ...differences.filter(isKnown).flatMap(({ kind, what, baseline: before, candidate: after }) => {
      const values = `${what} is ${before.join(', ')} and ${after.join(', ')}`;
      if (kind === 'load test') return [`The sides are not runs of the same load test: ${values}.`];
      return kind === 'load' ? [`The sides had another load, so latency is not comparable: ${values}.`] : [];
    }),
    ...otherLength(baseline, candidate, differences),
    ...otherPeak(baseline, candidate),
    ...sides.flatMap(([side, runs]) =>
      mixedIn(runs.map(({ archive }) => archive)).map(
        ({ what }) => `The runs of the ${side} are no repetitions of each other: ${what} differs.`,
      ),
    ),
    ...sides.flatMap(([side, runs]) =>
      runs.flatMap(({ archive: { run, endpoints }, throughput }) => {
        if (!endpoints.some(({ latency }) => latency.length > 0))
          return [`Run ${run.testid} of the ${side} has no latency histograms: Prometheus kept or gave none.`];
        return throughput?.value === 0 ? [`Run ${run.testid} of the ${side} has no request after its warm-up.`] : [];
      }),
    ),
  ];
}

const isKnown = ({ baseline, candidate }: Difference) => baseline.length > 0 && candidate.length > 0;

/** A run that was broken off has the record of one that was not. */
function otherLength(
  baseline: readonly Measured[],
  candidate: readonly Measured[],
  differences: readonly Difference[],
): string[] {
  if (differences.some((one) => one.what === 'duration' && isKnown(one))) return [];
  const [before, after] = [meanOf(baseline.map(lengthOf)), meanOf(candidate.map(lengthOf))];
  return Math.abs(after - before) > Math.max(sameLength.seconds, sameLength.share * Math.max(before, after))
    ? [`The runs lasted for ${Math.round(before)} s and ${Math.round(after)} s, so they had another load.`]
    : [];
}

const lengthOf = ({ archive: { run } }: Measured) => run.end - run.start;

/** Where nobody has written down what was asked for, there is what there was. */
function otherPeak(baseline: readonly Measured[], candidate: readonly Measured[]): string[] {
  const isAsked = ({ archive: { run } }: Measured) => run.vus !== undefined || run.rate !== undefined;
  if ([...baseline, ...candidate].every(isAsked)) return [];
  const [before, after] = [meanOf(baseline.map(peakOf)), meanOf(candidate.map(peakOf))];
  return before && after && Math.abs(after - before) > samePeak * Math.max(before, after)
    ? [`The runs had ${Math.round(before)} and ${Math.round(after)} virtual users at most, so they had another load.`]
    : [];
}

const peakOf = ({ archive }: Measured) =>
  figureOf(archive, 'vus').reduce<number>((most, value) => Math.max(most, value ?? 0), 0);

import { asNormal, type Change } from './change.ts';
import type { Measured } from './measured.ts';
import { figureOf, isWarm } from './window.ts';

/** Requests of one endpoint, over the runs of a side. */
export interface Outcome {
  readonly requests: number;
  readonly failed: number;
}

/** More failed requests than these, as a share of all, are a regression. */
export const errorMargin = 0.001;

/** More than these that may be chance are not passed over: the comparison is undecided. */
export const errorDoubt = 10 * errorMargin;

/** In how many parts a run is cut to see whether its errors come in bursts. */
const parts = 10;

/**
 * By what factor failed requests vary more than they would if each failed by itself: Pearson's χ² over the parts of each
 * run, by its degrees of freedom; at least 1. Of the baseline alone: that the candidate fails in a burst is no excuse for it.
 */
export function overdispersion(baseline: readonly Measured[]): number {
  let square = 0;
  let df = 0;
  for (const run of baseline) {
    const counts = partsOf(run);
    const requests = counts.reduce((sum, one) => sum + one.requests, 0);
    const share = counts.reduce((sum, one) => sum + one.failed, 0) / requests;
    if (!(share > 0 && share < 1)) continue;
    for (const one of counts) square += (one.failed - one.requests * share) ** 2 / (one.requests * share * (1 - share));
    df += counts.length - 1;
  }
  return df > 0 ? Math.max(1, square / df) : 1;
}

function partsOf({ archive, from }: Measured): Outcome[] {
  const warm = isWarm(archive, from);
  const ratios = figureOf(archive, 'error_ratio');
  const points = figureOf(archive, 'requests').flatMap((rate, index) => {
    const ratio = ratios[index] ?? null;
    const requests = (rate ?? 0) * archive.axis.step;
    return warm[index] && ratio !== null && requests > 0 ? [{ requests, failed: requests * ratio }] : [];
  });
  const size = Math.max(1, Math.ceil(points.length / parts));
  return Array.from({ length: Math.ceil(points.length / size) }, (_, part) =>
    points
      .slice(part * size, (part + 1) * size)
      .reduce((sum, { requests, failed }) => ({ requests: sum.requests + requests, failed: sum.failed + failed }), {
        requests: 0,
        failed: 0,
      }),
  );
}

/**
 * The difference of two shares of failed requests, after Agresti and Caffo: with one failed and one good request added to each
 * side, the interval is right also where next to nothing fails.
 */
export function errorChange(baseline: Outcome, candidate: Outcome, dispersion: number): Change {
  const [before, after] = [shareOf(baseline, dispersion), shareOf(candidate, dispersion)];
  return { value: after.share - before.share, error: Math.sqrt(before.variance + after.variance), df: asNormal };
}

function shareOf({ requests, failed }: Outcome, dispersion: number) {
  const trials = requests / dispersion + 2;
  const share = (failed / dispersion + 1) / trials;
  return { share, variance: (share * (1 - share)) / trials };
}

import { type Estimate, meanOf } from './estimate.ts';

/** How much the logarithm of a figure differs between runs of the same build, beyond what differs within each. */
export interface Noise {
  readonly variance: number;
  /** Degrees of freedom of that variance. */
  readonly df: number;
}

/**
 * What is averaged in where runs were repeated: the standard deviation of the logarithm of latency, and as how many degrees of
 * freedom it counts beside them.
 */
export const noiseFloor = { deviation: 0.01, df: 10 } as const;

/**
 * What is taken for the noise between runs where none was repeated. Too small a value calls noise a regression, and too large
 * a one says that more runs are needed: of a shop that answers in 3 ms on two busy cores, recorded runs gave 0.07
 * (`npm run bench:compare -- --dir DIR` prints what yours give).
 */
export const unknownNoise = { deviation: 0.05, df: 10 } as const;

/**
 * The noise between runs, from groups of runs that should be alike. A variance of few runs says little by itself (of two, it
 * is near 0 in one case of ten), so the floor is averaged in with the weight of its degrees of freedom, as a moderated
 * t-test does (Smyth 2004); but where runs say that there is more noise, so much there is.
 */
export function noiseOf(groups: readonly (readonly Estimate[])[]): Noise {
  const { variance, df } = betweenRuns(groups);
  if (df === 0) return { variance: unknownNoise.deviation ** 2, df: unknownNoise.df };
  const all = noiseFloor.df + df;
  const moderated = (noiseFloor.df * noiseFloor.deviation ** 2 + df * variance) / all;
  return { variance: Math.max(moderated, variance), df: all };
}

/** The standard deviation between runs that these groups alone tell; 0 where there is no group of two. */
export const deviationOf = (groups: readonly (readonly Estimate[])[]): number =>
  Math.sqrt(betweenRuns(groups).variance);

/** What runs of a group differ by, less what each by itself may be off. */
function betweenRuns(groups: readonly (readonly Estimate[])[]): Noise {
  const repeated = groups.filter(({ length }) => length > 1);
  const df = repeated.reduce((sum, { length }) => sum + length - 1, 0);
  if (df === 0) return { variance: 0, df };
  const squares = repeated.reduce((sum, group) => {
    const mean = meanOf(group.map(({ log }) => log));
    return sum + group.reduce((part, { log }) => part + (log - mean) ** 2, 0);
  }, 0);
  const within = meanOf(repeated.flat().map(({ variance }) => variance));
  return { variance: Math.max(0, squares / df - within), df };
}

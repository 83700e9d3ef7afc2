import { boundsOf, type Change, chanceOfAbove, detectable, holm, risk } from './change.ts';

/**
 * What is found of one change. `no difference`: one above the margin is ruled out. `undecided`: it is neither shown nor
 * ruled out.
 */
export type State = 'regression' | 'improvement' | 'no difference' | 'undecided';

/** That something got worse, and by more than its margin: a difference of logarithms, or of shares. */
export interface Claim {
  /** Positive: worse. */
  readonly change: Change;
  readonly margin: number;
}

export interface Finding {
  readonly state: State;
  /** On the scale of the claim; each bound holds with 95 % confidence. */
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** How likely it would look as bad as this if it were no worse at all, after Holm. */
  readonly chance: number;
  /** The smallest true change that would be called a regression in 19 of 20 such comparisons. */
  readonly detectable: number;
}

/**
 * Holds several claims at once, each under its name. A regression is larger than its margin, and not chance: of builds that do
 * not differ, any is found in at most 5 % of comparisons (Holm over all of them). That there is none is wrong as seldom: it
 * is said where each by itself is ruled out, which needs no correction (an intersection-union test, Berger 1982).
 */
export function findingsOf(claims: ReadonlyMap<string, Claim>): ReadonlyMap<string, Finding> {
  const all = [...claims.values()];
  const worse = holm(all.map(({ change }) => chanceOfAbove(change, 0)));
  const better = holm(all.map(({ change }) => chanceOfAbove({ ...change, value: -change.value }, 0)));
  return new Map(
    [...claims].map(([name, { change, margin }], index) => {
      const [lower, upper] = boundsOf(change);
      const chance = worse[index] ?? 1;
      const { value } = change;
      const isWorse = chance < risk && value > margin;
      const isBetter = (better[index] ?? 1) < risk && -value > margin;
      const state = isWorse ? 'regression' : isBetter ? 'improvement' : upper < margin ? 'no difference' : 'undecided';
      return [name, { state, value, lower, upper, chance, detectable: detectable(change, margin, all.length) }];
    }),
  );
}

import type { Difference } from './facts.ts';
import type { State } from './judge.ts';

/**
 * The document of `loadscope compare --json`; docs/compare.md describes it. Durations are seconds, sizes bytes, shares from 0
 * to 1, times ISO 8601; of each pair the first is the baseline's, the mean of its runs. Null: it was not to be had. A change
 * that is not an addition needs another version.
 */
export interface Comparison {
  readonly format: 'loadscope.comparison';
  readonly version: 1;
  readonly loadTest: string | null;
  /** `undecided`: no regression was found, and one above `failOn` is not ruled out. `invalid`: there is no comparing. */
  readonly verdict: 'no-regression' | 'regression' | 'undecided' | 'invalid';
  /** Sentences: what got worse, what keeps it from being decided, or why it is invalid. */
  readonly reasons: readonly string[];
  /** The smallest change of latency or throughput that is a regression, as a share. */
  readonly failOn: number;
  readonly baseline: readonly ComparedRun[];
  readonly candidate: readonly ComparedRun[];
  readonly differences: readonly Difference[];
  readonly noise: ComparedNoise;
  /** Runs that each side should have before figures that are `undecided` are decided; null: there are none. */
  readonly repeats: number | null;
  /** Of all endpoints together, each of which counts the same; null: there are not two that can be compared. */
  readonly latency: ComparedLatency | null;
  readonly endpoints: readonly ComparedEndpoint[];
  readonly errors: readonly ComparedErrors[];
  /** Requests per second; null: one side has no figure of it. */
  readonly throughput: ComparedAmount | null;
  readonly resources: readonly ComparedResource[];
  /** Highest pressure: 1 is the knee. */
  readonly pressures: readonly { readonly of: string; readonly peak: Pair }[];
  readonly budgets: readonly ComparedBudget[];
  /** What was not compared, and why, each a sentence. */
  readonly gaps: readonly string[];
}

export type Pair = readonly [baseline: number | null, candidate: number | null];

export interface ComparedRun {
  readonly testid: string;
  readonly start: string;
  readonly end: string;
  /** Seconds from its start that were left out. */
  readonly warmUp: number;
  readonly verdict: 'pass' | 'fail' | 'invalid' | null;
}

/** How much latency differs between runs of one build: the mean over endpoints. */
export interface ComparedNoise {
  /** Standard deviation, as a share. */
  readonly deviation: number;
  /** Runs it was estimated from, those of both sides among them; 1 or fewer of each kind: it is the default. */
  readonly runs: number;
}

/** A change as a share of the baseline, with bounds that each hold with 95 % confidence. */
export interface ComparedAmount {
  readonly values: Pair;
  readonly change: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Null: it is shown, and decides nothing. */
  readonly state: State | null;
}

/** A change of the middle of a distribution, from the 10th percentile to the 90th. Null: it was not compared. */
export interface ComparedLatency extends Omit<ComparedAmount, 'values'> {
  /** p-value of a regression, corrected for how many claims were tested. */
  readonly chance: number | null;
  /** The smallest change that would be called a regression in 19 of 20 such comparisons. */
  readonly detectable: number | null;
}

export interface ComparedEndpoint extends ComparedLatency {
  readonly name: string;
  readonly method: string;
  readonly requests: Pair;
  readonly p50: Pair;
  readonly p95: Pair;
  readonly p99: Pair;
}

export interface ComparedErrors {
  readonly name: string;
  readonly method: string;
  /** Share of requests. */
  readonly ratio: Pair;
  /** Of the ratio, absolute; its bounds are after Agresti and Caffo. */
  readonly change: number;
  readonly lower: number;
  readonly upper: number;
  readonly chance: number;
  readonly state: State;
}

export interface ComparedResource {
  readonly service: string;
  /** CPU seconds per request. */
  readonly cpu: ComparedAmount | null;
  /** Bytes. */
  readonly memory: ComparedAmount | null;
}

export interface ComparedBudget {
  readonly budget: string;
  readonly job: string;
  readonly severity: 'warning' | 'critical';
  readonly indicator: string;
  readonly good: 'below' | 'above';
  readonly bound: Pair;
  readonly value: Pair;
  /** Of the runs of each side, the worst. */
  readonly state: readonly [baseline: string | null, candidate: string | null];
}

import type { Stage } from '../../model/stage.ts';

/** Which resource held a run up, and by what one can tell. Times are Unix seconds, durations seconds. */
export interface Attribution {
  /**
   * `named`: the first candidate. `none`: nothing got worse. `undetermined`: something did, and what is known does not
   * say why. `invalid`: the run measured its load generator.
   */
  readonly outcome: 'named' | 'none' | 'undetermined' | 'invalid';
  /** When the run began, which times are told from. */
  readonly start: number;
  /** Null unless something is named. */
  readonly confidence: 'high' | 'medium' | 'low' | null;
  /** Null: nothing got worse. */
  readonly degradation: Degradation | null;
  /** The likeliest first. */
  readonly candidates: readonly Candidate[];
  /** What filled up after the first candidate had. */
  readonly followed: readonly Followed[];
  /** Where the time of a request grew, the largest part first. */
  readonly growth: readonly StageGrowth[];
  readonly evidence: readonly Evidence[];
}

export interface Degradation {
  readonly began: number;
  readonly until: number;
  readonly signs: readonly Sign[];
  /** What it is held against. */
  readonly baseline: Baseline;
}

export interface Baseline {
  /** `before`: the time before it began. `best`: the lowest decile of the run. `none`: it was so all along. */
  readonly method: 'before' | 'best' | 'none';
  readonly from: number;
  readonly until: number;
}

export type SignKey = 'budget' | 'latency' | 'throughput' | 'errors' | 'lag' | 'restarts' | 'exhausted';

/** By what one sees that it got worse. */
export interface Sign {
  readonly key: SignKey;
  readonly at: number;
  readonly until: number;
  /** What it was before, and at its worst; of a budget, its bound and the worst. */
  readonly before: number;
  readonly worst: number;
  /** A budget, a consumer group, a service, or whose `resource` it is. */
  readonly of?: string;
  readonly resource?: string;
}

/** A resource that may be the cause. */
export interface Candidate {
  readonly resource: string;
  /** A service, a node, or a data system by its `instance`. */
  readonly of: string;
  /** The stage of a request that waits for it; null: none does, or all do. */
  readonly stage: Stage | null;
  readonly depth: number | null;
  /** When it came to its knee, for good or for long; null: it has no pressure, or did not get there. */
  readonly crossedAt: number | null;
  /** Seconds from then to the beginning of the degradation. */
  readonly lead: number | null;
  /** Highest pressure while it was worse: 1 is the knee. Of errors, the ratio. Null: nothing measures it. */
  readonly peak: number | null;
  /** Seconds at its knee while it was worse. */
  readonly timeAtKnee: number;
  /** Of the growth of latency, or of errors, what it explains; null: no request waits for it, or nobody knows. */
  readonly share: number | null;
  readonly facets: readonly { readonly facet: string; readonly peak: number }[];
  /** What it is only a consequence of, such as `cpu of mysql`; left out: nothing that is known. */
  readonly explainedBy?: string;
}

export interface Followed {
  readonly resource: string;
  readonly of: string;
  readonly crossedAt: number;
  /** Seconds after the first candidate. */
  readonly after: number;
}

/** Seconds of a user's request that are spent in a stage of a service, over all calls that the request leads to. */
export interface StageGrowth {
  readonly service: string;
  readonly stage: Stage;
  readonly before: number;
  readonly after: number;
  /** Of all that requests take longer. */
  readonly share: number;
  /** How many times as long one visit takes as before. */
  readonly factor: number;
}

/** A fact, for the conclusion to put into words. */
export interface Evidence {
  readonly key:
    | 'verdict-invalid'
    | 'generator-saturated'
    | 'no-data'
    | 'budgets-left'
    | 'first'
    | 'late'
    | 'explains'
    | 'explains-errors'
    | 'explains-little'
    | 'held'
    | 'held-briefly'
    | 'rival'
    | 'near-knee'
    | 'no-baseline'
    | 'no-resource'
    | 'errors-begin-here'
    | 'off-path'
    | 'restarted'
    | 'no-candidate'
    | 'not-measured';
  readonly values: Readonly<Record<string, string | number>>;
}

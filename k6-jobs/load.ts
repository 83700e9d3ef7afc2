/** How much is asked of all runners of a run together. They get it as JSON, in the variable LOAD. */
export interface Load {
  /** Virtual users at the peak. */
  readonly vus: number;
  /** Iterations per second at the peak, for scenarios that start them by the clock. */
  readonly rate: number;
  /** Seconds, all stages together. */
  readonly duration: number;
  /** One after the other, each a straight line from the level before it, which is 0 at first. */
  readonly stages: readonly Stage[];
  /** Whether the first budget that breaks ends the run. */
  readonly untilBroken: boolean;
}

export interface Stage {
  readonly seconds: number;
  /** At its end: 0 to 1, of the peak. */
  readonly level: number;
}

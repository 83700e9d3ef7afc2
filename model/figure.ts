/** What an archive keeps of a run by name, for what computes with it: attribution, cost and trends. */
export interface Figure {
  readonly name: FigureName;
  /** PromQL just now, with the run as $testid; its labels are those that the archive keeps. */
  readonly expr: string;
}

export type FigureName =
  | 'vus'
  | 'requests'
  | 'error_ratio'
  | 'dropped'
  | 'p50'
  | 'p90'
  | 'p95'
  | 'p99'
  | 'client_mean'
  | 'stage'
  | 'pressure'
  | 'verdict_score'
  | 'calls'
  | 'call_rate'
  | 'served'
  | 'server_errors'
  | 'lag'
  | 'produce_throttle'
  | 'cpu'
  | 'memory'
  | 'restarts';

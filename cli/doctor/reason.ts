/** Why a query has nothing to show. docs/doctor.md has what to do about each. */
export type ReasonCode =
  | 'target_down'
  | 'no_target'
  | 'nothing_pushed'
  | 'metric_absent'
  | 'label_mismatch'
  /** Of a rule it is well: what it looks out for has not happened. */
  | 'all_excluded'
  | 'not_recorded'
  | 'no_traffic'
  | 'condition_not_met'
  /** It could not be found out. */
  | 'unknown'
  // These need nothing to be done.
  | 'not_yet'
  | 'not_firing'
  | 'no_run'
  | 'firing'
  | 'not_chosen';

export interface Reason {
  readonly code: ReasonCode;
  /** One line, which begins with the code in words. */
  readonly text: string;
}

export const reason = (code: ReasonCode, text: string): Reason => ({
  code,
  text: text ? `${words[code]}: ${text}` : words[code],
});

const words: Readonly<Record<ReasonCode, string>> = {
  target_down: 'target down',
  no_target: 'no target',
  nothing_pushed: 'nothing pushed yet',
  metric_absent: 'metric absent',
  label_mismatch: 'label mismatch',
  all_excluded: 'label mismatch',
  not_recorded: 'nothing is recorded as',
  no_traffic: 'no traffic yet',
  condition_not_met: 'nothing to show: condition not met',
  unknown: 'reason not found',
  not_yet: 'none yet',
  not_firing: 'not firing',
  no_run: 'no load test is running',
  firing: 'condition met',
  not_chosen: 'not asked',
};

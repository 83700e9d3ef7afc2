import type { Alert } from './alert.ts';
import type { IndicatorName, Subject } from './budget.ts';
import type { Matchers } from './promql.ts';

type Expression = (matchers: Matchers<string>, by: readonly string[]) => string;

/** How a target measures what a budget is about. */
export interface Indicator {
  readonly indicator: IndicatorName;
  /** Of which resource, where it is about one. */
  readonly resource?: string;
  /** What a budget may be narrowed to, and the label that says so. */
  readonly subjects: Readonly<Partial<Record<Subject, string>>>;
  /** Labels by which values are told apart, whatever the budget is narrowed to. */
  readonly each: readonly string[];
  /** PromQL of the value just now, by labels. */
  readonly now: Expression;
  /** PromQL of the value over a run that ends now, with the run as $testid, its length as $__range, and as a number $__range_s. */
  readonly ofRun: Expression;
  /** Fires while a budget is broken, with the severity of the budget. Left out where something else tells of it. */
  readonly alert?: Pick<Alert, 'alert' | 'for' | 'description'> & {
    /** Whose value it is, in the words of a summary: `load test {{ $labels.testid }}`. */
    readonly of: string;
    /** PromQL without which the value says nothing: a failure of a single request is not a rate. */
    readonly guard?: Expression;
  };
  /** Of availability: PromQL of the share of failures over a window, of all that there is. */
  readonly failures?: (window: string) => string;
}

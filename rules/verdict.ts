import { type Budget, boundText, goodIs, nameOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { measured } from './measured.ts';

/** A budget as a question about a run that has ended. */
export interface Question {
  /** Such as `p95 of endpoint product_list`. */
  readonly budget: string;
  /** The target that measures it. */
  readonly job: string;
  readonly indicator: Budget['indicator'];
  /** Whether it is asked because the config says nothing else: where nothing answers, nothing is missed. */
  readonly isDefault: boolean;
  readonly severity: Budget['severity'];
  /** On which side of the bound, itself included, is good. */
  readonly good: 'below' | 'above';
  readonly bound: number;
  /** The bound as people write it. */
  readonly shown: string;
  /** PromQL at the end of the run, with its id as $testid, its length as $__range, and as a number $__range_s. */
  readonly expr: string;
}

/** What a verdict asks of Prometheus: every budget, of each target that measures it, over the whole of a run. */
export const verdictQuestions = (config: Config, targets: readonly Target[]): Question[] =>
  measured(config.budgets, targets).map(({ budget, target, indicator, matchers, by }) => ({
    budget: nameOf(budget),
    job: target.name,
    indicator: budget.indicator,
    isDefault: budget.isDefault ?? false,
    severity: budget.severity,
    good: goodIs(budget),
    bound: budget.bound,
    shown: boundText(budget),
    expr: indicator.ofRun(matchers, by),
  }));

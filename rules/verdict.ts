import { type Budget, boundText, goodIs, nameOf, subjectsOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { measured } from './measured.ts';

/** A budget as a question about a run that has ended. */
export interface Question {
  /** Such as `p95 of endpoint product_list`. */
  readonly budget: string;
  /** The target that measures it. */
  readonly job: string;
  /** What the budget is narrowed to, where it is. */
  readonly service?: string;
  readonly endpoint?: string;
  readonly topic?: string;
  /** Services with a bound of their own, which it leaves out. */
  readonly exceptServices?: readonly string[];
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
    ...subjects(budget, config.budgets),
    indicator: budget.indicator,
    isDefault: budget.isDefault ?? false,
    severity: budget.severity,
    good: goodIs(budget),
    bound: budget.bound,
    shown: boundText(budget),
    expr: indicator.ofRun(matchers, by),
  }));

/** Whom a budget is about, apart from what its expression says. */
function subjects(
  budget: Budget,
  budgets: readonly Budget[],
): Pick<Question, 'service' | 'endpoint' | 'topic' | 'exceptServices'> {
  const { service, endpoint, topic } = budget;
  const own = (one: Budget) => JSON.stringify([one.indicator, one.severity, one.resource, ...others(one)]);
  const others = (one: Budget) => subjectsOf(one).flatMap((name) => (name === 'service' ? [] : [name, one[name]]));
  const excepted = service === undefined ? budgets.filter((other) => own(other) === own(budget)) : [];
  const exceptServices = excepted.flatMap((other) => other.service ?? []);
  return {
    ...(service === undefined ? {} : { service }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(topic === undefined ? {} : { topic }),
    ...(exceptServices.length ? { exceptServices } : {}),
  };
}

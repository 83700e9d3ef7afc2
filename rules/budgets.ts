import { boundText, goodIs, humanize, nameOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { measured } from './measured.ts';
import { type AlertRule, ruleOf } from './rule.ts';

/** An alert for each budget and each target that measures it. */
export const budgetAlerts = (config: Config, targets: readonly Target[]): AlertRule[] =>
  measured(config.budgets, targets).flatMap(({ budget, target, indicator, matchers, by }) => {
    if (!indicator.alert) return [];
    const { alert, of, description, guard, for: duration } = indicator.alert;
    const [beyond, word] = goodIs(budget) === 'below' ? ['>', 'above'] : ['<', 'below'];
    const broken = `(${indicator.now(matchers, by)}) ${beyond} ${budget.bound}`;
    return ruleOf(
      config,
      {
        alert,
        expr: guard ? `${broken} and ${guard(matchers, by)}` : broken,
        for: duration,
        severity: budget.severity,
        summary: `${nameOf(budget)} ${word} ${boundText(budget)}: ${of}`,
        description: `It is {{ $value | ${humanize(budget)} }}, and the budget is ${boundText(budget)}. ${description}`,
      },
      `loadscope-${target.name}`,
      { budget: nameOf(budget) },
    );
  });

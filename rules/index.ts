import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { bottleneck } from './bottleneck.ts';
import { budgetAlerts } from './budgets.ts';
import { burnRates } from './burn-rate.ts';
import { resourcePressure } from './resources.ts';
import { type Rule, ruleOf } from './rule.ts';
import { targetAlerts } from './targets.ts';

interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/**
 * Prometheus' rule file, as an object: a group for each target with what is recorded of it and its alerts, one for how
 * near each resource is to its limit, those of the budgets, and one for the targets in general.
 */
export function ruleFile(config: Config, targets: readonly Target[]): { groups: RuleGroup[] } {
  const groups: RuleGroup[] = [
    { name: 'targets', rules: targetAlerts(config) },
    ...targets.map(({ name, recordings = [], alerts = [] }) => ({
      name,
      rules: [...recordings, ...alerts.map((alert) => ruleOf(config, alert, `loadscope-${name}`))],
    })),
    { name: 'resources', rules: resourcePressure(targets) },
    { name: 'bottleneck', rules: bottleneck(config, targets) },
    { name: 'budgets', rules: budgetAlerts(config, targets) },
    ...burnRates(config, targets),
  ];
  return { groups: groups.filter(({ rules }) => rules.length > 0) };
}

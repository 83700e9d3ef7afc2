import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { ruleFile } from '../rules/index.ts';
import { bottleneck } from './bottleneck.ts';
import { overview } from './overview.ts';
import { runbooks } from './runbooks.ts';
import { ofTarget } from './target.ts';

/** Every dashboard of the stack: the two that a load test is watched on, one for each target, and what to do about alerts. */
export const dashboards = (config: Config, targets: readonly Target[]): Dashboard[] => [
  overview(targets),
  bottleneck(targets),
  ...targets.filter(({ panels = [] }) => panels.length > 0).map((target) => ofTarget(target, targets)),
  // A team that has a wiki reads there.
  ...(config.alerting.runbookUrl ? [] : [runbooks(alertsOf(config, targets))]),
];

const alertsOf = (config: Config, targets: readonly Target[]) =>
  ruleFile(config, targets).groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? rule.alert : [])));

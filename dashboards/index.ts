import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Target } from '../model/target.ts';
import { bottleneck } from './bottleneck.ts';
import { overview } from './overview.ts';
import { ofTarget } from './target.ts';

/** Every dashboard of the stack: the two that a load test is watched on, and one for each target. */
export const dashboards = (targets: readonly Target[]): Dashboard[] => [
  overview(targets),
  bottleneck(targets),
  ...targets.filter(({ panels = [] }) => panels.length > 0).map((target) => ofTarget(target, targets)),
];

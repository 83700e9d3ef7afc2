import { type Budget, type Subject, subjectsOf } from '../model/budget.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Matchers } from '../model/promql.ts';
import type { Target } from '../model/target.ts';

/** A budget, and one of the ways in which it is measured. */
export interface Measured {
  readonly budget: Budget;
  readonly target: Target;
  readonly indicator: Indicator;
  /** What series it is of. */
  readonly matchers: Matchers<string>;
  /** By what labels its values are told apart. */
  readonly by: readonly string[];
}

/** Every way in which each budget is measured. */
export const measured = (budgets: readonly Budget[], targets: readonly Target[]): Measured[] =>
  budgets.flatMap((budget) =>
    targets.flatMap((target) =>
      (target.indicators ?? [])
        .filter((indicator) => measures(indicator, budget))
        .map((indicator) => ({ budget, target, indicator, ...narrowed(budget, indicator, budgets) })),
    ),
  );

const measures = ({ indicator, resource, subjects }: Indicator, budget: Budget) =>
  indicator === budget.indicator &&
  resource === budget.resource &&
  subjectsOf(budget).every((name) => subjects[name] !== undefined);

/** The wider of two budgets leaves out what the narrower is about: a bound of its own is an exception. */
function narrowed({ ...budget }: Budget, { subjects, each }: Indicator, budgets: readonly Budget[]) {
  const labelOf = (name: Subject) => subjects[name] ?? '';
  const own = subjectsOf(budget);
  const matchers: Record<string, `=${string}` | `!~${string}`> = {};
  for (const name of own) matchers[labelOf(name)] = `=${budget[name]}`;
  for (const [name, label] of Object.entries(subjects) as [Subject, string][]) {
    if (own.includes(name) || !each.includes(label)) continue;
    const exceptions = budgets.filter(
      (other) =>
        other.indicator === budget.indicator &&
        other.resource === budget.resource &&
        other.severity === budget.severity &&
        other[name] !== undefined &&
        subjectsOf(other).every((field) => field === name || other[field] === budget[field]) &&
        own.every((field) => other[field] === budget[field]),
    );
    if (exceptions.length) matchers[label] = `!~${exceptions.map((other) => literal(other[name] ?? '')).join('|')}`;
  }
  return { matchers, by: [...new Set([...each, ...own.map(labelOf)])] };
}

/** A name as a regular expression that only it matches. */
const literal = (text: string) => text.replaceAll(/[.*+?^$()|[\]]/g, '\\$&');

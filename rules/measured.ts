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
        .map((indicator) => ({ budget, target, ...narrowed(budget, indicator, budgets) })),
    ),
  );

const measures = ({ indicator, resource, subjects }: Indicator, budget: Budget) =>
  indicator === budget.indicator &&
  resource === budget.resource &&
  subjectsOf(budget).every((name) => subjects[name] !== undefined);

/** The wider of two budgets leaves out what the narrower is about: a bound of its own is an exception. */
function narrowed(budget: Budget, indicator: Indicator, budgets: readonly Budget[]) {
  const { subjects, each } = indicator;
  const labelOf = (name: Subject) => subjects[name] ?? '';
  const own = subjectsOf(budget);
  const further = (other: Budget) => subjectsOf(other).filter((name) => !own.includes(name));
  const exceptions = budgets.filter(
    (other) =>
      other.indicator === budget.indicator &&
      other.resource === budget.resource &&
      other.severity === budget.severity &&
      own.every((name) => other[name] === budget[name]) &&
      // Of what is put together, such as all endpoints of a service, no part can be left out.
      further(other).every((name) => each.includes(labelOf(name))),
  );

  const matchers: Record<string, `=${string}` | `!~${string}`> = {};
  for (const name of own) matchers[labelOf(name)] = `=${budget[name]}`;
  for (const name of Object.keys(subjects) as Subject[]) {
    const excepted = exceptions.filter((other) => further(other).length === 1 && further(other)[0] === name);
    // What has no such label is no subject either: an indicator that asks for one would lose its matcher to this.
    if (excepted.length)
      matchers[labelOf(name)] = `!~${['', ...excepted.map((other) => literal(other[name] ?? ''))].join('|')}`;
  }
  const rest = exceptions
    .filter((other) => further(other).length > 1)
    .map((other) => Object.fromEntries(further(other).map((name) => [labelOf(name), `=${other[name]}` as const])));
  return {
    indicator: { ...indicator, now: without(indicator.now, rest), ofRun: without(indicator.ofRun, rest) },
    matchers,
    by: [...new Set([...each, ...own.map(labelOf)])],
  };
}

/** Exceptions by two labels at once, such as a consumer group on one topic, which no matcher can tell. */
const without =
  (expression: Indicator['now'], exceptions: readonly Matchers<string>[]): Indicator['now'] =>
  (matchers, by) =>
    exceptions.length
      ? [matchers, ...exceptions.map((exception) => ({ ...matchers, ...exception }))]
          .map((of) => `(${expression(of, by)})`)
          .join(' unless ')
      : expression(matchers, by);

/** A name as a regular expression that only it matches. */
const literal = (text: string) => text.replaceAll(/[.*+?^$()|[\]{}]/g, '\\$&');

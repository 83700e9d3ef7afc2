import type { RunArchive } from '../archive/archive.ts';
import type { ComparedBudget } from './comparison.ts';
import { meanOf } from './estimate.ts';

type Budget = NonNullable<RunArchive['verdict']>['budgets'][number];

/** From the worst. */
const states = ['broken', 'no data', 'held'] as const;

/** The budgets that runs were held against, with the mean of what the runs of each side had. */
export function budgetsOf(baseline: readonly RunArchive[], candidate: readonly RunArchive[]): ComparedBudget[] {
  const [before, after] = [byName(baseline), byName(candidate)];
  return [...new Map([...before, ...after])].flatMap(([key, [any]]) => {
    if (!any) return [];
    const sides = [before.get(key) ?? [], after.get(key) ?? []] as const;
    return [
      {
        ...{ budget: any.budget, job: any.job, severity: any.severity, indicator: any.indicator, good: any.good },
        bound: [boundOf(sides[0]), boundOf(sides[1])],
        value: [meanValue(sides[0]), meanValue(sides[1])],
        state: [stateOf(sides[0]), stateOf(sides[1])],
      },
    ];
  });
}

function byName(archives: readonly RunArchive[]): Map<string, Budget[]> {
  const found = new Map<string, Budget[]>();
  for (const { verdict } of archives)
    for (const budget of verdict?.budgets ?? []) {
      const key = JSON.stringify([budget.budget, budget.job, budget.severity]);
      found.set(key, [...(found.get(key) ?? []), budget]);
    }
  return found;
}

const boundOf = (budgets: readonly Budget[]) => budgets[0]?.bound ?? null;

function meanValue(budgets: readonly Budget[]): number | null {
  const values = budgets.flatMap(({ value }) => value ?? []);
  return values.length ? meanOf(values) : null;
}

const stateOf = (budgets: readonly Budget[]) =>
  states.find((state) => budgets.some((budget) => budget.state === state)) ?? null;

import { type Budget, type IndicatorName, nameOf, type Subject, subjectsOf } from './budget.ts';
import type { Query } from './panel.ts';

/** The bounds of budgets that are about a part of what a panel shows; those about all of it are its thresholds. */
export const budgetLines = (budgets: readonly Budget[], indicator: IndicatorName, subject: Subject): Query[] =>
  budgets
    .filter((budget) => budget.indicator === indicator && subjectsOf(budget).includes(subject))
    .map((budget) => ({ expr: `vector(${budget.bound})`, legend: `budget: ${nameOf(budget)}`, dashed: true }));

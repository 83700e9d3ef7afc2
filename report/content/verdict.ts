import { shown, unitOfIndicator } from '../quantity.ts';
import type { Report } from '../schema.ts';
import type { Texts } from '../texts/texts.ts';
import { type Block, type Cell, figure, paragraph, table } from './block.ts';

type Verdict = NonNullable<Report['verdict']>;

export function verdictBlocks({ verdict }: Report, texts: Texts): Block[] {
  if (!verdict) return [paragraph(texts.noVerdict)];
  const { columns, captions } = texts;
  return [
    ...(verdict.reasons.length ? [{ kind: 'list', items: verdict.reasons } as const] : []),
    ...table(
      captions.budgets,
      [columns.budget, columns.by, columns.value, columns.bound, columns.margin, columns.state],
      verdict.budgets.map((budget) => budgetRow(budget, texts)),
    ),
    ...table(
      captions.checks,
      [columns.check, columns.found, columns.state],
      verdict.checks.map(({ name, text, state }) => [name, text, { state, text: texts.states[state] }]),
    ),
    ...(verdict.runnersMissing ? [paragraph(texts.runnersMissing(verdict.runnersMissing))] : []),
    ...table(
      captions.runners,
      [columns.runner, columns.requests, columns.failed, columns.iterations, columns.dropped, columns.state],
      verdict.runners.map((one) => [
        one.runner,
        ...[one.requests, one.failed, one.iterations, one.dropped].map((count) => figure(shown(count, 'short', texts))),
        one.missing ? { state: 'broken', text: one.missing } : '',
      ]),
    ),
  ];
}

function budgetRow(budget: Verdict['budgets'][number], texts: Texts): Cell[] {
  const unit = unitOfIndicator(budget.indicator);
  const of = [budget.job, budget.of].filter(Boolean).join(' ');
  return [
    `${budget.budget} (${texts.severities[budget.severity]})`,
    of,
    figure(shown(budget.value, unit, texts)),
    figure(`${budget.good === 'below' ? '≤' : '≥'} ${shown(budget.bound, unit, texts)}`),
    figure(
      budget.margin === null ? '–' : `${budget.margin > 0 ? '+' : ''}${shown(budget.margin, 'percentunit', texts)}`,
    ),
    { state: budget.state, text: texts.states[budget.state] },
  ];
}

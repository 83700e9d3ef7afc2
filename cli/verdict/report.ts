import { boundText } from '../../model/budget.ts';
import { plain } from '../lib/plain.ts';
import type { Judged, Verdict } from './judge.ts';
import type { Run } from './run.ts';

/** A verdict for people: a line for each budget, and the verdict in the last. */
export function reportOf({ testid, start, end }: Run, { verdict, reasons, budgets }: Verdict): string {
  const rows = budgets.map((judged) => {
    const { state, question } = judged;
    const { budget, good, shown, job, severity } = question;
    return [
      state,
      severity,
      `${budget} ${good} ${shown}`,
      job,
      valueText(judged),
      state === 'broken' ? whose(judged) : '',
    ].map((cell) => plain(cell));
  });
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    `Run ${testid}: ${iso(start)} to ${iso(end)}, ${Math.round(end - start)} s`,
    '',
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    '',
    plain(`verdict: ${verdict}${reasons.length ? `: ${reasons.join('; ')}` : ''}`),
  ]
    .join('\n')
    .concat('\n');
}

/** The document of --json; docs/verdict.md describes it. A change that is not an addition needs another version. */
export const documentOf = ({ testid, start, end }: Run, { verdict, reasons, budgets }: Verdict) => ({
  version: 1,
  testid,
  start: iso(start),
  end: iso(end),
  verdict,
  reasons,
  budgets: budgets.map(({ question, state, value, labels }) => ({
    budget: question.budget,
    job: question.job,
    severity: question.severity,
    good: question.good,
    bound: question.bound,
    value: value ?? null,
    labels: labels ?? null,
    state,
  })),
});

const valueText = ({ value, question: { indicator } }: Judged) =>
  value === undefined ? '' : boundText({ indicator, bound: Number(value.toPrecision(3)) });

const whose = ({ labels = {} }: Judged) =>
  Object.entries(labels)
    .filter(([name]) => !['testid', 'job', 'namespace'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

const iso = (time: number) => new Date(time * 1000).toISOString();

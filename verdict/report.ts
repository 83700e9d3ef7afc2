import { plain } from '../clients/plain.ts';
import { boundText } from '../model/budget.ts';
import { iso, whose } from './document.ts';
import type { Judged } from './judge.ts';
import type { Run } from './run.ts';
import type { Verdict } from './verdict.ts';

export { documentOf, terminationMessage, type VerdictDocument } from './document.ts';
export { markdownOf } from './markdown.ts';

/** A verdict for people: a line for each budget and each check of the data, and the verdict in the last. */
export function reportOf({ testid, start, end }: Run, { verdict, reasons, budgets, checks }: Verdict): string {
  const rows = budgets.map((judged) => {
    const { state, question } = judged;
    const { budget, good, shown, job, severity } = question;
    return [
      state,
      severity,
      `${budget} ${good} ${shown}`,
      job,
      valueText(judged),
      state === 'broken' ? whose(judged.labels) : '',
    ].map((cell) => plain(cell));
  });
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    `Run ${testid}: ${iso(start)} to ${iso(end)}, ${Math.round(end - start)} s`,
    '',
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
    ...checks.map(
      ({ state, name, text }) => `  ${state.padEnd(widths[0] ?? 0)}  ${plain([name, text].filter(Boolean).join(': '))}`,
    ),
    '',
    plain(`verdict: ${verdict}${reasons.length ? `: ${reasons.join('; ')}` : ''}`, longestVerdict),
  ]
    .join('\n')
    .concat('\n');
}

/** A reason is a sentence that says what to do, and there may be several. */
const longestVerdict = 3000;

const valueText = ({ value, question: { indicator } }: Judged) =>
  value === undefined ? '' : boundText({ indicator, bound: Number(value.toPrecision(3)) });

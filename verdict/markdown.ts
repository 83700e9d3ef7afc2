import { code, inline, table } from '../clients/markdown.ts';
import { boundText } from '../model/budget.ts';
import { type VerdictDocument, whose } from './document.ts';

type Budget = VerdictDocument['budgets'][number];

/** A verdict as Markdown, for the summary of a pipeline and the comment on a change. */
export function markdownOf(document: VerdictDocument): string {
  const { testid, service, scenario, start, end, verdict, reasons, budgets, checks, runners } = document;
  const seconds = Math.round((Date.parse(end) - Date.parse(start)) / 1000);
  const of = [scenario && `scenario ${code(scenario)}`, service && `service ${code(service)}`].filter(Boolean);
  return [
    `## Load test ${code(testid)}: ${verdict}`,
    `${start} to ${end}, ${seconds} s${of.length ? `, ${of.join(', ')}` : ''}`,
    reasons.map((reason) => `- ${inline(reason)}`).join('\n'),
    tableUnlessEmpty(
      ['Budget', 'By', 'Value', 'Bound', 'Used', 'State'],
      budgets.map((budget) => [
        `${inline(budget.budget)}${budget.severity === 'warning' ? ' (warning)' : ''}`,
        budget.job,
        `${shownValue(budget)}${budget.state === 'broken' && whose(budget.labels) ? ` ${code(whose(budget.labels))}` : ''}`,
        `${budget.good === 'below' ? '≤' : '≥'} ${boundText(budget)}`,
        budget.used === null ? '' : `${Math.round(budget.used * 100)} %`,
        budget.state === 'broken' ? '**broken**' : budget.state,
      ]),
    ),
    tableUnlessEmpty(
      ['Consistency', 'Found', 'State'],
      checks.map(({ name, text, state }) => [inline(name), inline(text), state === 'held' ? state : `**${state}**`]),
    ),
    ...ofRunners(runners),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

function ofRunners(runners: VerdictDocument['runners']): string[] {
  if (runners === null) return [];
  if ('missing' in runners) return [`Runners: ${inline(runners.missing)}`];
  const rows = runners.map((one) =>
    'missing' in one
      ? [one.runner, `**${inline(one.missing)}**`, '', '', '', '']
      : [
          one.runner,
          ...[one.requests, one.failed, one.iterations, one.dropped].map(String),
          inline(one.broken.join(', ')),
        ],
  );
  const whole = tableUnlessEmpty(['Runner', 'Requests', 'Failed', 'Iterations', 'Dropped', 'Broken thresholds'], rows);
  // Two hundred lines of figures that are all alike would hide the rest.
  return rows.length > mostRows
    ? [`<details><summary>${rows.length} runners</summary>\n\n${whole}\n\n</details>`]
    : [whole];
}

const mostRows = 10;

const shownValue = ({ value, indicator }: Budget) =>
  value === null ? '' : boundText({ indicator, bound: Number(value.toPrecision(3)) });

const tableUnlessEmpty = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  rows.length ? table(head, rows) : '';

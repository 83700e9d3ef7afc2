import { styleText } from 'node:util';
import { plain } from '../../clients/plain.ts';
import { type Report, summaryOf } from './document.ts';
import type { Finding } from './examine.ts';

const colors = { ok: 'green', empty: 'yellow', failed: 'red', skipped: 'gray' } as const;

/** What was found out, for people: a table for each dashboard. */
export function table({ connection, range, preflight, findings }: Report, colored: boolean): string {
  const paint = (color: Parameters<typeof styleText>[0], text: string) =>
    colored ? styleText(color, text, { validateStream: false }) : text;
  const { product, version, notes, targets } = preflight;
  const length = range.end - range.start;
  const troubled = targets.filter(({ state }) => state !== 'up');

  const labels = findings.map(labelOf);
  const width = Math.max(...labels.map(({ length }) => length));
  const rows = (group: string) =>
    findings.flatMap((finding, index) => {
      if (finding.check.group !== group) return [];
      const { state, series } = finding;
      const cells = [
        paint(colors[state], state.padEnd(7)),
        (labels[index] ?? '').padEnd(width),
        `${series}`.padStart(6),
      ];
      return [`  ${[...cells, noteOf(finding)].join('  ').trimEnd()}`];
    });

  const { queries, ok, empty, failed, skipped } = summaryOf(findings);
  return [
    plain(`${product} ${version ?? ''}`).concat(
      ` at ${connection.url.href}, the last ${length % 60 ? `${length} s` : `${length / 60} min`}`,
    ),
    ...notes.map((note) => paint('yellow', plain(`note: ${note}`))),
    '',
    paint('bold', `Targets: ${targets.length - troubled.length} of ${targets.length} up`),
    ...troubled.map(
      ({ job, instance, state, lastError }) =>
        `  ${paint('yellow', state.padEnd(7))}  ${plain([job, instance].filter(Boolean).join('/'))}${lastError ? `: ${plain(lastError)}` : ''}`,
    ),
    ...[...new Set(findings.map(({ check }) => check.group))].flatMap((group) => [
      '',
      paint('bold', group),
      ...rows(group),
    ]),
    '',
    `${queries} queries: ${ok} ok, ${empty} empty, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
  ]
    .join('\n')
    .concat('\n');
}

const labelOf = ({ check: { kind, name, refId } }: Finding) =>
  plain(kind === 'panel' ? `${name} ${refId}` : kind === 'variable' ? `variable $${name}` : `${kind} ${name}`);

const noteOf = ({ reason, error, warnings }: Finding) =>
  plain([reason?.text ?? error ?? '', ...warnings.map((warning) => `warning: ${warning}`)].filter(Boolean).join('; '));

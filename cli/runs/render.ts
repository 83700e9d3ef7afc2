import { plain } from '../../clients/plain.ts';
import type { RunStatus } from '../../runs/record.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import { endOf, suiteOf } from './objects.ts';
import type { Look } from './runs.ts';

/** How far a run is, for people and for programs. */

/** Seconds as people say them: `45s`, `1m30s`, `2h05m`. */
export function lengthOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (amount: number) => String(amount).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${pad(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${pad(Math.floor((whole % 3600) / 60))}m`;
}

const latency = (seconds: number) => (seconds < 1 ? `${Math.round(seconds * 1000)}ms` : `${seconds.toFixed(2)}s`);
const amount = (value: number) => (value < 10 ? Number(value.toFixed(1)).toString() : Math.round(value).toString());

/** What was measured just now, each part only where there is a figure. */
function figures({ vus, requests, iterations, target, p95, errorRatio, dropped }: RunStatus) {
  const rate =
    target !== undefined && iterations !== undefined
      ? `${amount(iterations)} of ${amount(target)} iterations/s`
      : requests !== undefined
        ? `${amount(requests)} requests/s`
        : undefined;
  return [
    vus === undefined ? [] : [`${vus} VUs`],
    rate === undefined ? [] : [rate],
    p95 === undefined ? [] : [`p95 ${latency(p95)}`],
    errorRatio === undefined ? [] : [`${(errorRatio * 100).toFixed(2)}% failed`],
    dropped === undefined ? [] : [`${dropped} dropped`],
  ].flat();
}

/** Share of a bound from which a budget is worth a look. */
const near = 0.8;

function budgetText({ nearest }: RunStatus): string | undefined {
  if (!nearest) return undefined;
  const { budget, used } = nearest;
  const state = used > 1 ? 'broken' : used >= near ? 'in danger' : 'nearest';
  return `${state}: ${budget}, at ${Math.round(used * 100)}% of its bound`;
}

const timeText = ({ stage, elapsed, remaining }: RunStatus) =>
  stage === 'load' ? ` ${lengthOf(elapsed)} of ${lengthOf(elapsed + remaining)}` : '';

type Outcome = Pick<VerdictDocument, 'verdict' | 'reasons'>;

/** `verdict: fail: p95 by k6` */
export const verdictLine = ({ verdict, reasons }: Outcome): string =>
  plain(['verdict', verdict, reasons.join('; ')].filter(Boolean).join(': '), 1000);

/** Where in its suite a run is. */
const placeText = ({ isSuite, records, steps }: Look) =>
  isSuite ? ` (run ${records.length} of ${steps?.length ?? '?'})` : '';

/** A launch of which nothing is written yet. */
function unwritten({ job }: Look): string {
  if (!job) return 'gone';
  const end = endOf(job);
  return end
    ? `over, without a record (${[end.type, end.reason].filter(Boolean).join(': ')})`
    : 'waits for its coordinator';
}

/** One line, such as for the log of a pipeline. */
export function lineOf(look: Look): string {
  const record = look.records.at(-1);
  if (!record) return plain(`${look.id}: ${unwritten(look)}`);
  const { run, status } = record;
  const parts = record.verdict
    ? [verdictLine(record.verdict)]
    : [...figures(status), budgetText(status), status.message].filter(Boolean);
  const far = `${run.testid}${placeText(look)}: ${status.stage}${timeText(status)}`;
  return plain([far, parts.join(', ')].filter(Boolean).join(': '), 500);
}

/** A few lines, for a terminal. */
export function linesOf(look: Look): string[] {
  const record = look.records.at(-1);
  if (!record) return [lineOf(look)];
  const { run, status } = record;
  const { stage, elapsed, remaining } = status;
  const head = `${run.testid}${placeText(look)}: ${run.loadTest}, profile ${run.profile}, ${run.runners} ${run.runners === 1 ? 'runner' : 'runners'}`;
  const far =
    stage === 'load' ? `load     ${bar(elapsed, remaining)} ${lengthOf(elapsed)}, ${lengthOf(remaining)} to go` : stage;
  const budget = budgetText(status);
  return [
    head,
    `  ${far}`,
    ...(figures(status).length && !record.verdict ? [`  ${figures(status).join(', ')}`] : []),
    ...(budget && !record.verdict ? [`  ${budget}`] : []),
    ...(status.message && !record.verdict ? [`  ${status.message}`] : []),
    ...(record.verdict ? [`  ${verdictLine(record.verdict)}`] : []),
  ].map((line) => (line.startsWith('  ') ? `  ${plain(line)}` : plain(line)));
}

const barWidth = 24;

function bar(elapsed: number, remaining: number): string {
  const full = Math.round((barWidth * elapsed) / Math.max(elapsed + remaining, 1));
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`;
}

/** A line of --json; docs/launch.md describes it. A change that is not an addition needs another version. */
export function jsonOf(look: Look): string {
  const record = look.records.at(-1);
  return JSON.stringify({
    version: 1,
    id: look.id,
    suite: look.job ? (suiteOf(look.job) ?? null) : (record?.run.suite ?? null),
    job: look.job ? (endOf(look.job)?.type ?? 'Active') : 'Gone',
    run: record?.run ?? null,
    status: record?.status ?? null,
    verdict: record?.verdict ?? null,
  });
}

/** Text of others with its lines as they are, and without what a terminal would obey. */
export const harmless = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours, which would leave their digits behind.
        .replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, '')
        .replaceAll(/\t/g, '    ')
        .replaceAll(/[\p{Cc}\p{Cf}]+/gu, '')
        .trimEnd(),
    )
    .join('\n');

/** Rows of cells, one below the other. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map((cell) => plain(cell)));
  const widths = shown[0]?.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0))) ?? [];
  return shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

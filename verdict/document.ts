import { plain } from '../clients/plain.ts';
import { usedOf } from './judge.ts';
import type { Run } from './run.ts';
import type { Verdict } from './verdict.ts';

export type VerdictDocument = ReturnType<typeof documentOf>;

/** The document of --json; docs/verdict.md describes it. A change that is not an addition needs another version. */
export const documentOf = (run: Run, { verdict, reasons, budgets, checks, fleet }: Verdict) => ({
  version: 1,
  testid: run.testid,
  service: run.service ?? null,
  scenario: run.scenario ?? null,
  start: iso(run.start),
  end: iso(run.end),
  verdict,
  reasons,
  budgets: budgets.map((judged) => {
    const { question, state, value, labels } = judged;
    return {
      budget: question.budget,
      job: question.job,
      indicator: question.indicator,
      severity: question.severity,
      good: question.good,
      bound: question.bound,
      value: value ?? null,
      used: usedOf(judged) ?? null,
      labels: labels ?? null,
      state,
    };
  }),
  checks,
  runners: fleet ?? null,
});

/** The labels of a value that tell it from others of the same run. */
export const whose = (labels: Readonly<Record<string, string>> | null = {}) =>
  Object.entries(labels ?? {})
    .filter(([name]) => !['testid', 'job', 'namespace'].includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

export const iso = (time: number) => new Date(time * 1000).toISOString();

/** What Kubernetes keeps of what a container says when it ends, in bytes. */
const mostBytes = 4096;

/** A verdict in short, as JSON that fits into the status of a pod: reasons are cut, and the last ones left out. */
export function terminationMessage({ verdict, testid, reasons, budgets }: VerdictDocument): string {
  const broken = budgets
    .filter(({ state, severity }) => state === 'broken' && severity === 'critical')
    .map(({ budget, job }) => `${budget} by ${job}`);
  const message = (most: number) => {
    const cut = (texts: readonly string[]) => [
      ...texts.slice(0, most).map((text) => plain(text)),
      ...(texts.length > most ? [`and ${texts.length - most} more`] : []),
    ];
    return JSON.stringify({ verdict, testid, reasons: cut(reasons), broken: cut(broken) });
  };
  // Each message is longer than those with fewer of each.
  for (let most = Math.max(reasons.length, broken.length); most > 0; most--)
    if (Buffer.byteLength(message(most)) <= mostBytes) return message(most);
  return message(0);
}

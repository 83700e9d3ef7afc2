import type { Connection } from '../../clients/connection.ts';
import type { Range } from '../../clients/prometheus.ts';
import type { Finding } from './examine.ts';
import type { Preflight } from './preflight.ts';

/** What was found out. */
export interface Report {
  readonly connection: Connection;
  readonly range: Range;
  readonly preflight: Preflight;
  readonly findings: readonly Finding[];
}

/** How many queries are in each state. */
export function summaryOf(findings: readonly Finding[]) {
  const count = (wanted: Finding['state']) => findings.filter(({ state }) => state === wanted).length;
  return {
    queries: findings.length,
    ok: count('ok'),
    empty: count('empty'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}

/** The document of --json; docs/doctor.md describes it. A change that is not an addition needs another version. */
export const documentOf = ({ connection: { url }, range: { start, end }, preflight, findings }: Report) => ({
  version: 1,
  prometheus: { url: url.href, product: preflight.product, version: preflight.version ?? null, notes: preflight.notes },
  range: { start: iso(start), end: iso(end) },
  targets: preflight.targets.map(({ job, instance, state, lastError }) => ({
    job,
    instance: instance ?? null,
    state,
    lastError: lastError ?? null,
  })),
  queries: findings.map(({ check, state, series, reason, error, warnings }) => ({
    group: check.group,
    kind: check.kind,
    name: check.name,
    refId: check.refId ?? null,
    written: check.written,
    asked: check.question ?? null,
    state,
    series,
    reason: reason ?? null,
    error: error ?? null,
    warnings,
  })),
  summary: summaryOf(findings),
});

const iso = (time: number) => new Date(time * 1000).toISOString();

import type { Report } from './schema.ts';

/** A report as tables for other programs, by file name: RFC 4180, in base units, empty where nothing is known. */
export function csvOf(report: Report): Record<string, string> {
  const { verdict, endpoints, latency, events, charts } = report;
  return {
    'budgets.csv': csv(
      ['budget', 'job', 'indicator', 'severity', 'of', 'value', 'bound', 'good', 'margin', 'state'],
      (verdict?.budgets ?? []).map((one) => [
        ...[one.budget, one.job, one.indicator, one.severity, one.of],
        ...[one.value, one.bound, one.good, one.margin, one.state],
      ]),
    ),
    'endpoints.csv': csv(
      [
        ...['endpoint', 'method', 'requests', 'share', 'requests_per_second', 'failed', 'failed_ratio'],
        ...['mean_seconds', 'p50_seconds', 'p90_seconds', 'p95_seconds', 'p99_seconds', 'max_seconds'],
      ],
      endpoints.map((one) => [
        ...[one.name, one.method, one.requests, one.share, one.rate, one.failed, one.failedRatio],
        ...[one.mean, one.p50, one.p90, one.p95, one.p99, one.max],
      ]),
    ),
    'distribution.csv': csv(['lower_seconds', 'upper_seconds', 'requests'], latency.buckets),
    'events.csv': csv(
      ['seconds_since_start', 'until_seconds', 'kind', 'of', 'text'],
      events.map(({ at, until, kind, of, text }) => [at, until, kind, of, text]),
    ),
    'series.csv': csv(
      ['chart', 'row', 'title', 'unit', 'series', 'seconds_since_start', 'value'],
      charts.flatMap(({ id, row, title, unit, series }) =>
        series.flatMap(({ name, points }) => points.map(([at, value]) => [id, row, title, unit, name, at, value])),
      ),
    ),
  };
}

type Field = string | number | null;

const csv = (head: readonly string[], rows: readonly (readonly Field[])[]): string =>
  [head, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');

function field(value: Field): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  // Spreadsheets take such text for a formula, and would run it.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

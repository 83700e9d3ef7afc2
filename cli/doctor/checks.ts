import { type RuleFile, rulesOf } from '../../contract/rules.ts';
import { type DashboardJson, type OpenedQuery, type Opening, openedQueries } from '../lib/grafana-queries.ts';

/** A query that is held against Prometheus, and where it stands. */
export interface Check extends Omit<OpenedQuery, 'kind'> {
  /** Title of its dashboard, or the rules. */
  readonly group: string;
  readonly kind: OpenedQuery['kind'] | 'alert' | 'record';
}

/** Every query of the dashboards, as Grafana sends them, and of the rules, as Prometheus evaluates them. */
export const checksOf = (dashboards: readonly DashboardJson[], rules: RuleFile, opening: Opening): Check[] => [
  ...dashboards.flatMap((dashboard) =>
    openedQueries(dashboard, opening).map((query): Check => ({ ...query, group: dashboard.title })),
  ),
  ...rulesOf(rules).map(
    ({ rule: { alert, record, expr, labels = {} } }): Check => ({
      group: 'Rules',
      ...(alert ? { kind: 'alert', name: alert } : { kind: 'record', name: seriesName(record, labels) }),
      written: expr,
      question: { type: 'instant', expr },
    }),
  ),
];

/** Several rules may record under one name and differ in their labels. */
const seriesName = (record = '', labels: Readonly<Record<string, string>>) =>
  `${record}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}}`;

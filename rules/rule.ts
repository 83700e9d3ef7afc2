import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { dashboardUrl, runbookUrl } from '../model/link.ts';
import type { Recording } from '../model/recording.ts';

/** A rule as Prometheus reads it. */
export type Rule = Recording | AlertRule;

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a dashboard can be narrowed to by a link. */
const chosen = ['service', 'testid'];

/**
 * An alert with the ways to its dashboard and its runbook.
 *
 * @param uid of the dashboard that shows what it is about
 * @param labels beside its severity
 */
export function ruleOf(
  config: Config,
  alert: Alert,
  uid: string,
  labels: Readonly<Record<string, string>> = {},
): AlertRule {
  const { severity, summary, description, alert: name, expr, for: duration } = alert;
  const variables = chosen
    .filter((label) => `${summary}${description}`.includes(`$labels.${label} `))
    .map((label) => `var-${label}={{ $labels.${label} }}`);
  return {
    alert: name,
    expr,
    for: duration,
    labels: { severity, ...labels },
    annotations: {
      summary,
      description,
      dashboard_url: [dashboardUrl(config, uid), ...variables].join('&').replace('&', '?'),
      runbook_url: runbookUrl(config, name),
    },
  };
}

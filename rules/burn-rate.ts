import { boundText, nameOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import { selector } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { measured } from './measured.ts';
import { type Rule, ruleOf } from './rule.ts';

/**
 * Windows in pairs, and how many times faster than allowed the error budget of a month is spent over both: from the
 * chapter "Alerting on SLOs" of Google's SRE workbook. The short window ends the alert soon after the failure.
 */
const pairs = [
  { long: '1h', short: '5m', factor: 14.4, for: '2m', severity: 'critical' },
  { long: '6h', short: '30m', factor: 6, for: '15m', severity: 'critical' },
  { long: '1d', short: '2h', factor: 3, for: '1h', severity: 'warning' },
  { long: '3d', short: '6h', factor: 1, for: '3h', severity: 'warning' },
] as const;

const windows = [...new Set(pairs.flatMap(({ long, short }) => [short, long]))];

const recorded = (window: string) => `job:http_failures:ratio_rate${window}`;

/** Alerts of budgets of availability, by how fast what may fail in a month is used up. */
export function burnRates(config: Config, targets: readonly Target[]): { name: string; rules: Rule[] }[] {
  const budgets = measured(config.budgets, targets).filter(({ indicator }) => indicator.failures);
  const { failures } = budgets[0]?.indicator ?? {};
  if (!failures) return [];
  return [
    {
      name: 'availability',
      rules: [
        // Recorded, because the long windows read too much for an alert that is asked every few seconds.
        ...windows.map((window) => ({ record: recorded(window), expr: failures(window) })),
        ...budgets.flatMap(({ budget, target, matchers }) => {
          const over = (window: string) => selector(recorded(window), matchers);
          const allowed = Number((1 - budget.bound).toPrecision(12));
          return pairs.map(({ long, short, factor, for: duration, severity }) => {
            const bound = Number((factor * allowed).toPrecision(12));
            return ruleOf(
              config,
              {
                alert: 'ErrorBudgetBurn',
                expr: `${over(long)} > ${bound} and ${over(short)} > ${bound}`,
                for: duration,
                severity: budget.severity === 'warning' ? 'warning' : severity,
                summary: `${nameOf(budget)} heading below ${boundText(budget)}: service {{ $labels.service }} burns its error budget more than ${factor}x as fast as allowed`,
                description: `{{ $value | humanizePercentage }} of its answers in the last ${long} were server errors, and the budget allows ${boundText({ indicator: 'error_ratio', bound: allowed })}. Look at its errors by endpoint first, then at its traces and its log.`,
              },
              `loadscope-${target.name}`,
              { budget: nameOf(budget), window: long },
            );
          });
        }),
      ],
    },
  ];
}

import { type Budget, percentiles } from '../../model/budget.ts';

/**
 * The budgets that a load test fails by, as k6 writes thresholds, by metric. k6 knows good and bad only, so those that
 * warn are left to alerts and verdicts.
 *
 * @param service that the load test goes to
 * @param endpoints names of its requests
 */
export function k6Thresholds(
  budgets: readonly Budget[],
  service: string,
  endpoints: readonly string[],
): Record<string, string[]> {
  const thresholds: Record<string, string[]> = {};
  const own = budgets.filter(
    (budget) =>
      budget.severity === 'critical' &&
      (budget.service === undefined || budget.service === service) &&
      // k6 lets a threshold pass that no sample was held against.
      (budget.endpoint === undefined || endpoints.includes(budget.endpoint)) &&
      [budget.uri, budget.topic, budget.consumerGroup].every((subject) => subject === undefined),
  );
  for (const budget of own) {
    const expression = expressionOf(budget);
    if (!expression || (budget.service === undefined && own.some((other) => isOfServiceAlone(other, budget)))) continue;
    const { metric, bound } = expression;
    const key = budget.endpoint === undefined ? metric : `${metric}{name:${budget.endpoint}}`;
    thresholds[key] = [...(thresholds[key] ?? []), bound];
  }
  return thresholds;
}

/** Whether one budget says of its service what another says of all: it is the one that holds. */
const isOfServiceAlone = (one: Budget, other: Budget): boolean =>
  one.service !== undefined && one.indicator === other.indicator && one.endpoint === other.endpoint;

function expressionOf({ indicator, bound }: Budget): { metric: string; bound: string } | undefined {
  // k6 counts time in milliseconds.
  const milliseconds = Number((bound * 1000).toPrecision(12));
  switch (indicator) {
    case 'avg':
      return { metric: 'http_req_duration', bound: `avg<=${milliseconds}` };
    case 'p50':
    case 'p90':
    case 'p95':
    case 'p99':
    case 'p99.9':
      return {
        metric: 'http_req_duration',
        bound: `p(${Number((percentiles[indicator] * 100).toPrecision(12))})<=${milliseconds}`,
      };
    case 'error_ratio':
      return { metric: 'http_req_failed', bound: `rate<=${bound}` };
    case 'throughput':
      return { metric: 'http_reqs', bound: `rate>=${bound}` };
    default:
      return undefined;
  }
}

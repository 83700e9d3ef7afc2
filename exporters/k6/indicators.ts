import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { last, type Matchers, rate, ratio, ruleWindow, sum } from '../../model/promql.ts';
import type { Latency } from './latency.ts';
import { metrics } from './metrics.ts';
import { ofScenarios } from './run.ts';

/** What a load test measures of those whom it loads, as their users would. */
export function indicators(config: Config, latency: Latency): Indicator[] {
  const window = ruleWindow(config);
  const subjects = { service: 'service', endpoint: 'name' };
  const each = ['testid', 'service'];
  const of = 'load test {{ $labels.testid }} of {{ $labels.service }}';
  const requests = (matchers: Matchers<string>, by: readonly string[]) =>
    sum(rate(metrics.requests, { ...ofScenarios, ...matchers }, window), ...by);
  const requestsOfWholeRun = (matchers: Matchers<string>, by: readonly string[]) =>
    sum(last(metrics.requests, { testid: '=$testid', ...ofScenarios, ...matchers }, '$__range'), ...by);
  /** One failure of a few requests is no share. */
  const guard: Indicator['now'] = (matchers, by) => `${requests(matchers, by)} > 1`;
  const share =
    (count: typeof requests): Indicator['now'] =>
    (matchers, by) =>
      ratio(
        `(${count({ ...matchers, expected_response: '=false' }, by)} or 0 * ${count(matchers, by)})`,
        count(matchers, by),
      );
  return [
    ...latency.indicators.map(({ indicator, now, ofRun }) => ({
      indicator,
      now,
      ofRun: (matchers: Matchers<string>, by: readonly string[]) => ofRun({ testid: '=$testid', ...matchers }, by),
      subjects,
      each,
      alert: {
        alert: 'LoadTestLatencyHigh',
        for: '1m',
        of,
        guard,
        description:
          'This is how long users of the service would wait. Look at the ranking of the resources first, then at the traces of the slowest endpoint.',
      },
    })),
    {
      indicator: 'error_ratio',
      now: share(requests),
      ofRun: share(requestsOfWholeRun),
      subjects,
      each,
      alert: {
        alert: 'LoadTestErrorRateHigh',
        for: '30s',
        of,
        guard,
        description:
          'This share of the answers was not what the scenario expects. Look at the errors by endpoint first, then at the log of the service behind the endpoint that fails most.',
      },
    },
    {
      indicator: 'throughput',
      now: requests,
      ofRun: (matchers, by) => `${requestsOfWholeRun(matchers, by)} / $__range_s`,
      subjects,
      each,
      alert: {
        alert: 'LoadTestThroughputLow',
        for: '2m',
        of,
        description:
          'No more requests than this are answered. If iterations are dropped or the generator is at its own limit, the load is too small; if not, the system cannot answer more.',
      },
    },
  ];
}

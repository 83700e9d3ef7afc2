import { type Percentile, percentiles } from '../../model/budget.ts';
import type { Indicator } from '../../model/indicator.ts';
import { partsOf } from '../../model/metric.ts';
import { increase, type Matchers, quantile, rate, ratio, selector, sum } from '../../model/promql.ts';
import type { Recording } from '../../model/recording.ts';
import { metrics } from './metrics.ts';

/** Rate, errors and duration of the requests that services answer, without the scrapes of Prometheus. */

const { bucket, sum: time, count } = partsOf(metrics.requests);
const answered = { uri: '!~/actuator.*' } as const;
const failed = { outcome: '=SERVER_ERROR' } as const;

const ofService = ['namespace', 'job', 'service'] as const;
const ofEndpoint = [...ofService, 'uri'] as const;

type OfRequests = Matchers<'service' | 'uri'>;
type By = readonly string[];

/** Five minutes, as the names say: shorter ones are for panels, which look closer. */
const window = '5m';

export const requestRate = (matchers: OfRequests, by: By, over = window) =>
  sum(rate(count, { ...answered, ...matchers }, over), ...by);
const failureRate = (matchers: OfRequests, by: By, over = window) =>
  sum(rate(count, { ...answered, ...failed, ...matchers }, over), ...by);
/** 0 where nothing has failed yet, since a service without a failure has no series of failures. */
export const failureShare = (matchers: OfRequests, by: By, over = window) =>
  ratio(
    `(${failureRate(matchers, by, over)} or 0 * ${requestRate(matchers, by, over)})`,
    requestRate(matchers, by, over),
  );

export const recordings: readonly Recording[] = [
  // Shared by the budgets of every percentile, for which it is the dear part.
  {
    record: 'job_le:http_server_requests_seconds_bucket:rate5m',
    expr: sum(rate(bucket, answered, window), ...ofService, 'le'),
  },
  { record: 'job:http_latency_p95:rate5m', expr: quantile(0.95, 'job_le:http_server_requests_seconds_bucket:rate5m') },
  // Shared by every budget that asks whether there is traffic at all.
  { record: 'job:http_requests:rate5m', expr: requestRate({}, ofService) },
  // From the metrics themselves, in which the metric contract sees that failures are a part of the requests.
  { record: 'job:http_errors:ratio_rate5m', expr: failureShare({}, ofService) },
  // The table of endpoints sorts by them, over all endpoints of all services.
  { record: 'job_uri:http_requests:rate5m', expr: requestRate({}, ofEndpoint) },
  { record: 'job_uri:http_errors:ratio_rate5m', expr: failureShare({}, ofEndpoint) },
  {
    record: 'job_uri:http_latency_p95:rate5m',
    expr: quantile(0.95, sum(rate(bucket, answered, window), ...ofEndpoint, 'le')),
  },
];

const subjects = { service: 'service', uri: 'uri' };
const of = 'service {{ $labels.service }}';

/** What is recorded of services, or the same of an endpoint, of which only the budget's own is worked out. */
const either =
  (record: string, expression: Indicator['now']): Indicator['now'] =>
  (matchers, by) =>
    by.includes('uri') ? expression(matchers, by) : selector(record, matchers);

const traffic = either('job:http_requests:rate5m', requestRate);
const guard: Indicator['now'] = (matchers, by) => `${traffic(matchers, by)} > 1`;

const latency = (indicator: 'avg' | Percentile, now: Indicator['now'], ofRun: Indicator['now']): Indicator => ({
  indicator,
  subjects,
  each: ofService,
  now,
  ofRun,
  alert: {
    alert: 'HttpLatencyHigh',
    for: '1m',
    of,
    guard,
    description:
      'Its answers take this long by its own count. If the services that it calls are slow too, start with the last one in the chain: those in front of it only wait.',
  },
});

const mean =
  (over: 'rate' | 'increase', range: string): Indicator['now'] =>
  (matchers, by) => {
    const of = over === 'rate' ? rate : increase;
    return ratio(
      sum(of(time, { ...answered, ...matchers }, range), ...by),
      sum(of(count, { ...answered, ...matchers }, range), ...by),
    );
  };

const quantileOf =
  (indicator: Percentile, of: typeof rate, range: string): Indicator['now'] =>
  (matchers, by) =>
    quantile(percentiles[indicator], sum(of(bucket, { ...answered, ...matchers }, range), ...by, 'le'));

/** The one that most budgets are about is recorded itself. */
const recordedQuantile = (indicator: Percentile): Indicator['now'] => {
  const ofEndpoint = quantileOf(indicator, rate, window);
  if (indicator === 'p95') return either('job:http_latency_p95:rate5m', ofEndpoint);
  return (matchers, by) =>
    by.includes('uri')
      ? ofEndpoint(matchers, by)
      : quantile(percentiles[indicator], selector('job_le:http_server_requests_seconds_bucket:rate5m', matchers));
};

/** What of budgets services measure themselves. */
export const indicators: readonly Indicator[] = [
  latency('avg', mean('rate', window), mean('increase', '$__range')),
  ...(Object.keys(percentiles) as Percentile[]).map((indicator) =>
    latency(indicator, recordedQuantile(indicator), quantileOf(indicator, increase, '$__range')),
  ),
  {
    indicator: 'error_ratio',
    subjects,
    each: ofService,
    now: either('job:http_errors:ratio_rate5m', failureShare),
    ofRun: (matchers, by) => failureShare(matchers, by, '$__range'),
    alert: {
      alert: 'HttpErrorRateHigh',
      for: '1m',
      of,
      guard,
      description:
        'This share of its answers are server errors. Look at its errors by endpoint first, then at its traces and its log.',
    },
  },
  {
    indicator: 'availability',
    subjects: { service: 'service' },
    each: ofService,
    now: (matchers) => `1 - ${selector('job:http_errors:ratio_rate5m', matchers)}`,
    ofRun: (matchers, by) => `1 - ${failureShare(matchers, by, '$__range')}`,
    failures: (over) => failureShare({}, ofService, over),
  },
];

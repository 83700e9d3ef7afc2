import type { Config } from '../model/config.ts';
import { counter, gauge, nativeHistogram } from '../model/metric.ts';
import { increase, labelValues, orZero, quantile, rate, ratio, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';

/** Tags of a whole run, which every series carries. */
const run = ['job', 'testid', 'service'] as const;
const request = [...run, 'scenario', 'name', 'method', 'status', 'proto', 'expected_response', 'error_code'] as const;

const metrics = {
  requests: counter('k6_http_reqs_total', request, 'Requests.'),
  duration: nativeHistogram(
    'k6_http_req_duration_seconds',
    request,
    'Time from sending a request to the end of its answer.',
  ),
  vus: gauge('k6_vus', run, 'Virtual users at work.'),
  vusMax: gauge('k6_vus_max', run, 'Virtual users that were made.'),
};

const ofRun = { testid: '=~$testid' } as const;
const perSecond = sum(rate(metrics.requests, ofRun));
const byName = sum(rate(metrics.duration, ofRun), 'name');

/** The load generators, which push by remote write. */
export function k6({ loadTests }: Config): Target | undefined {
  if (loadTests.length === 0) return undefined;
  return {
    name: 'k6',
    metrics,
    variables: [{ name: 'testid', label: 'Run', query: labelValues(metrics.requests, 'testid'), order: 'descending' }],
    overview: [
      {
        title: 'k6: total requests per second',
        description:
          'Requests of all runners together. On a scenario with a fixed arrival rate, a needle below that rate means dropped iterations: the generator or the system cannot keep up.',
        type: 'gauge',
        unit: 'reqps',
        queries: [{ expr: perSecond, legend: 'requests' }],
      },
      {
        title: 'k6: error rate',
        description:
          'Share of answers that the scenario did not expect; statuses it declares as normal (404, sold out) are not among them. Look at the endpoints below for which one it is.',
        type: 'stat',
        unit: 'percentunit',
        thresholds: { warning: 0.01, critical: 0.1 },
        queries: [
          {
            expr: ratio(orZero(sum(rate(metrics.requests, { ...ofRun, expected_response: '=false' }))), perSecond),
            legend: 'errors',
          },
        ],
      },
      {
        title: 'k6: active virtual users',
        description:
          'Users at work, over all runners. Active that meets allocated on an arrival-rate scenario means the generator ran out of users: from there on latency is under-reported.',
        type: 'timeseries',
        unit: 'short',
        queries: [
          { expr: sum(select(metrics.vus, ofRun)), legend: 'active' },
          { expr: sum(select(metrics.vusMax, ofRun)), legend: 'allocated' },
        ],
      },
      {
        title: 'k6: response time',
        description:
          'How answers spread over time: darker is more of them. Two bands are two populations, such as cache hits and misses, or one slow pod among fast ones.',
        type: 'heatmap',
        unit: 's',
        queries: [{ expr: sum(rate(metrics.duration, ofRun)), legend: 'requests' }],
      },
      {
        title: 'k6: p95 latency by endpoint',
        description:
          'One request in twenty took longer than this. Merged from the histograms of all runners, not an average of percentiles.',
        type: 'timeseries',
        unit: 's',
        thresholds: { warning: 0.5, critical: 1 },
        queries: [{ expr: quantile(0.95, byName), legend: '{{name}}' }],
      },
      {
        title: 'k6: p99 latency by endpoint',
        description:
          'One request in a hundred took longer than this. Shown where the window holds at least 100 requests: of fewer, it is only the slowest one.',
        type: 'timeseries',
        unit: 's',
        thresholds: { warning: 0.5, critical: 1 },
        queries: [
          {
            expr: `${quantile(0.99, byName)} and histogram_count(${sum(increase(metrics.duration, ofRun), 'name')}) >= 100`,
            legend: '{{name}}',
          },
        ],
      },
    ],
  };
}

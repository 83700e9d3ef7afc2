import { budgets, none } from '../model/budgets.ts';
import type { Config } from '../model/config.ts';
import { counter, gauge, sparse } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { group, labelValues, last, max, min, orZero, rate, ratio, ruleWindow, select, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { cpuOfLimit } from './containers.ts';
import { type Latency, nativeLatency, trendStatsLatency } from './k6-latency.ts';
import { ofRun, request, requestsOfRun, run } from './k6-run.ts';

const metrics = {
  requests: counter('k6_http_reqs_total', request, 'Requests.'),
  vus: gauge('k6_vus', run, 'Virtual users at work.'),
  vusMax: gauge('k6_vus_max', run, 'Virtual users that were made.'),
  iterations: counter(
    'k6_iterations_total',
    [...run, 'scenario'],
    'Times that a virtual user did what a scenario says.',
  ),
  dropped: sparse(
    counter('k6_dropped_iterations_total', [...run, 'scenario'], 'Iterations that were due and had no virtual user.'),
  ),
  checks: gauge('k6_checks_rate', [...run, 'scenario', 'check'], 'Share of a check that held, since the start.'),
};

const failed = { ...requestsOfRun, expected_response: '=false' } as const;
const perSecond = sum(rate(metrics.requests, requestsOfRun));
const ofWholeRun = sum(last(metrics.requests, requestsOfRun));

/** The load generators, which push by remote write. */
export function k6(config: Config): Target | undefined {
  if (config.loadTests.length === 0) return undefined;
  const latency = (config.nativeHistograms ? nativeLatency : trendStatsLatency)(config);
  const window = ruleWindow(config);
  const droppedRate = sum(rate(metrics.dropped, {}, window), 'testid');
  const doneRate = sum(rate(metrics.iterations, {}, window), 'testid');
  return {
    name: 'k6',
    title: 'k6',
    metrics: { ...metrics, ...latency.metrics },
    resources: [
      {
        resource: 'load-generator',
        facet: 'errors',
        of: 'testid',
        // More than one in a hundred iterations that were not made: from there on a run measures its generator.
        pressure: `${ratio(droppedRate, `(${doneRate} + ${droppedRate})`)} / 0.01`,
      },
    ],
    variables: [
      { name: 'testid', label: 'Run', query: labelValues(metrics.requests, 'testid'), order: 'descending' },
      {
        name: 'baseline',
        label: 'Baseline',
        // Of the whole retention, since an earlier run is seldom in the time that the dashboard shows.
        query: `query_result(${group(last(metrics.vus, {}, config.retention.time), 'testid')} or label_replace(vector(0), "testid", "none", "", ""))`,
        regex: '/testid="([^"]+)"/',
        order: 'descending',
        single: 'none',
      },
    ],
    annotations: [
      {
        name: 'Load tests',
        expr: `${max(select(metrics.vus, ofRun), 'testid')} > 0`,
        title: 'Load test {{testid}}',
        color: 'blue',
      },
    ],
    panels: panels(latency),
  };
}

const panels = (latency: Latency): Panel[] => [
  {
    title: 'k6: total requests per second',
    description:
      'Requests of all runners together. On a scenario with a fixed arrival rate, a needle below that rate means dropped iterations: the generator or the system cannot keep up.',
    type: 'gauge',
    unit: 'reqps',
    boards: ['overview'],
    queries: [{ expr: perSecond, legend: 'requests' }],
  },
  {
    title: 'k6: error rate',
    description:
      'Share of answers that the scenario did not expect; statuses it declares as normal (404, sold out) are not among them. Look at the endpoints below for which one it is.',
    type: 'stat',
    unit: 'percentunit',
    thresholds: budgets.errorRatio,
    boards: ['overview'],
    queries: [{ expr: ratio(orZero(sum(rate(metrics.requests, failed))), perSecond), legend: 'errors' }],
  },
  {
    title: 'k6: active virtual users',
    description:
      'Users at work, over all runners. Active that meets allocated on an arrival-rate scenario means the generator ran out of users: from there on latency is under-reported.',
    type: 'timeseries',
    unit: 'short',
    boards: ['overview'],
    queries: [
      { expr: sum(select(metrics.vus, ofRun)), legend: 'active' },
      { expr: sum(select(metrics.vusMax, ofRun)), legend: 'allocated', dashed: true },
    ],
  },
  ...latency.overview,
  {
    title: 'Requests of the run',
    description:
      'Of its scenarios, without their setup. Counters start at 0 with each run, so the last value is the total, down to a run of two seconds.',
    type: 'stat',
    unit: 'short',
    boards: ['verdict'],
    queries: [{ expr: ofWholeRun, legend: 'requests', instant: true }],
  },
  latency.ofRun,
  {
    title: 'Errors of the run',
    description: 'Share of all requests of the run whose answer the scenario did not expect.',
    type: 'stat',
    unit: 'percentunit',
    thresholds: budgets.errorRatio,
    boards: ['verdict'],
    queries: [
      {
        expr: ratio(orZero(sum(last(metrics.requests, failed))), ofWholeRun),
        legend: 'errors',
        instant: true,
      },
    ],
  },
  {
    title: 'Worst check of the run',
    description:
      'How often the check that failed most often failed. The rate of a check is that of its whole run; the mean over checks of different counts would say nothing.',
    type: 'stat',
    unit: 'percentunit',
    thresholds: budgets.failedChecks,
    boards: ['verdict'],
    queries: [{ expr: `1 - ${min(last(metrics.checks, ofRun))}`, legend: 'failed', instant: true }],
  },
  {
    title: 'Dropped iterations of the run',
    description:
      'Iterations that were due and had no virtual user. Above 0 the latency of this run is too good: give the scenario more users, or more runners.',
    type: 'stat',
    unit: 'short',
    thresholds: none,
    boards: ['verdict'],
    queries: [{ expr: orZero(sum(last(metrics.dropped, ofRun))), legend: 'dropped', instant: true }],
  },
  {
    title: 'Endpoints of the run',
    description:
      'Each endpoint over the whole run, and its p95 in the baseline. Start with the one that has moved furthest from it.',
    type: 'table',
    unit: 's',
    queries: [
      ...latency.columns,
      { expr: sum(last(metrics.requests, requestsOfRun), 'name', 'method'), legend: 'requests', unit: 'short' },
      {
        expr: ratio(
          `(${sum(last(metrics.requests, failed), 'name', 'method')} or 0 * ${sum(last(metrics.requests, requestsOfRun), 'name', 'method')})`,
          sum(last(metrics.requests, requestsOfRun), 'name', 'method'),
        ),
        legend: 'errors',
        unit: 'percentunit',
      },
    ],
  },
  {
    title: 'Iterations done and dropped',
    description:
      'What the scenario asked for and got, per second. Dropped ones that start while latency still looks good are the first sign that the system does not keep up.',
    type: 'timeseries',
    unit: 'cps',
    boards: ['bottleneck'],
    row: 'Load generator',
    queries: [
      { expr: sum(rate(metrics.iterations, ofRun)), legend: 'done' },
      { expr: orZero(sum(rate(metrics.dropped, ofRun))), legend: 'dropped' },
    ],
  },
  latency.phases,
  {
    title: 'CPU of the load generators',
    description:
      'Of the limit of each runner. A generator above 80 % measures itself: the run says nothing about the services. Empty where k6 runs outside the cluster.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: budgets.cpu,
    boards: ['bottleneck'],
    row: 'Load generator',
    queries: [{ expr: max(cpuOfLimit({ container: '=~k6-.+' }), 'pod'), legend: '{{pod}}' }],
  },
];

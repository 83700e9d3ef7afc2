import { limitsOf } from '../../model/budget.ts';
import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import type { Panel } from '../../model/panel.ts';
import { last, max, min, orZero, rate, ratio, select, sum } from '../../model/promql.ts';
import { cpuOfLimit } from '../containers/use.ts';
import { heldShare } from './checks.ts';
import { ofGenerators } from './generator.ts';
import type { Latency } from './latency.ts';
import { counted, countedIn, metrics } from './metrics.ts';
import { ofRun, requestsOfRun } from './run.ts';

const failed = { ...requestsOfRun, expected_response: '=false' } as const;
const perSecond = sum(rate(metrics.requests, requestsOfRun));
const ofWholeRun = sum(last(metrics.requests, requestsOfRun));

/** Of the checks of a run: the scenarios' own threshold is one in a hundred. */
const failedChecks = { warning: 0.001, critical: 0.01 };

/** What a run was asked for, what it got, and how good that was. */
export const panels = (config: Config, latency: Latency): Panel[] => [
  {
    title: 'k6: total requests per second',
    description:
      'Requests of all runners together. On a scenario with a fixed arrival rate, a needle below that rate means dropped iterations: the generator or the system cannot keep up.',
    type: 'gauge',
    unit: 'reqps',
    thresholds: limitsOf(config.budgets, 'throughput'),
    boards: ['overview'],
    queries: [{ expr: perSecond, legend: 'requests' }],
  },
  {
    title: 'k6: error rate',
    description:
      'Share of answers that the scenario did not expect; statuses it declares as normal (404, sold out) are not among them. Look at the endpoints below for which one it is.',
    type: 'stat',
    unit: 'percentunit',
    thresholds: limitsOf(config.budgets, 'error_ratio'),
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
  ...outcomes(config),
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
    thresholds: limitsOf(config.budgets, 'error_ratio'),
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
      'How often the check that failed most often failed, over all runners by what each has done. The mean over checks of different counts would say nothing.',
    type: 'stat',
    unit: 'percentunit',
    thresholds: failedChecks,
    boards: ['verdict'],
    queries: [
      {
        expr: `1 - ${min(heldShare(last(metrics.checks, ofRun), ofRun, '$__range'))}`,
        legend: 'failed',
        instant: true,
      },
    ],
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
    thresholds: limitsOf(config.budgets, 'utilization', 'cpu'),
    boards: ['bottleneck'],
    row: 'Load generator',
    queries: [{ expr: max(cpuOfLimit(ofGenerators(config)), 'pod'), legend: '{{pod}}' }],
  },
];

/** How what the virtual users asked for ended, where a scenario counts it. */
function outcomes(config: Config): Panel[] {
  const { coupons, acknowledged } = countedIn(config);
  /** Before the first, a zero under the label that they would have. */
  const by = (label: string, total: string) =>
    `(${sum(total, label)} or on () 0 * label_replace(vector(1), "${label}", "none", "", ""))`;
  return [
    ...(coupons
      ? [
          {
            title: 'k6: outcomes of coupons',
            description:
              'How requests for a coupon have ended, over the whole run. No more may be issued than there are, and each user gets one: hold it against the checks of the data.',
            type: 'stat',
            unit: 'short',
            boards: ['overview'],
            queries: [{ expr: by('outcome', last(counted.coupons, ofRun)), legend: '{{outcome}}', instant: true }],
          } as const,
        ]
      : []),
    ...(acknowledged
      ? [
          {
            title: 'k6: outcomes of orders',
            description:
              'Orders that were acknowledged and refused, over the whole run, the latter by their reason. Each that was acknowledged has to be in the database: the checks of the data ask for it.',
            type: 'stat',
            unit: 'short',
            boards: ['overview'],
            queries: [
              { expr: orZero(sum(last(counted.acknowledged, ofRun))), legend: 'acknowledged', instant: true },
              { expr: by('reason', last(counted.refused, ofRun)), legend: 'refused: {{reason}}', instant: true },
            ],
          } as const,
        ]
      : []),
  ];
}

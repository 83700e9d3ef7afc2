import { limitsOf, type Percentile, percentiles } from '../../model/budget.ts';
import { budgetLines } from '../../model/budget-lines.ts';
import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { tracesOfEndpoint, tracesOfService } from '../../model/link.ts';
import { gauge, type Metric, nativeHistogram } from '../../model/metric.ts';
import type { Panel, Query } from '../../model/panel.ts';
import { increase, last, max, quantile, rate, ruleWindow, select, sum } from '../../model/promql.ts';
import { ofScenarios, request, requestsOfBaseline, requestsOfRun } from './run.ts';

/** How long requests took, in the one of two forms that k6 pushes. */
export interface Latency {
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Response time, p95 and p99 by endpoint. */
  readonly overview: readonly Panel[];
  /** p95 of the whole run. */
  readonly ofRun: Panel;
  /** Columns of the table of endpoints. */
  readonly columns: readonly Query[];
  /** Where the time goes. */
  readonly phases: Panel;
  /** Of each indicator of latency that there is, just now and over a run. */
  readonly indicators: readonly Pick<Indicator, 'indicator' | 'now' | 'ofRun'>[];
}

/** What k6 measures of each request, from waiting for a connection to the last byte. */
const phases = ['blocked', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'] as const;

const help = 'Time from sending a request to the end of its answer.';
const byEndpoint = ['service', 'name'] as const;

const titles = {
  response: 'k6: response time',
  p95: 'k6: p95 latency by endpoint',
  p99: 'k6: p99 latency by endpoint',
  run: 'p95 of the run',
  phases: 'Where the client waits',
};
const readPhases =
  'Mean time of each part of a request. Blocked or connecting that grow mean that connections run out, in front of the services or in the generator; waiting is the services themselves.';
const readRun =
  'Over all requests of the run, and of the baseline where one is chosen: what the budget is held against.';

/** Histograms, which are put together over runners, endpoints and time without loss. */
export function nativeLatency(config: Config): Latency {
  const duration = nativeHistogram('k6_http_req_duration_seconds', request, help);
  const phase = Object.fromEntries(
    phases.map((name) => [
      name,
      nativeHistogram(`k6_http_req_${name}_seconds`, request, `Part of a request's time: ${name}.`),
    ]),
  );
  const byName = sum(rate(duration, requestsOfRun), ...byEndpoint);
  const links = [tracesOfService(config), tracesOfEndpoint(config)];
  const earlier = last(duration, requestsOfBaseline, config.retention.time);
  const column = (q: number): Query => ({
    expr: quantile(q, sum(last(duration, requestsOfRun), 'name', 'method')),
    legend: `p${q * 100}`,
  });
  return {
    metrics: { duration, ...phase },
    overview: [
      {
        title: titles.response,
        description:
          'How answers spread over time: darker is more of them. Two bands are two populations, such as cache hits and misses, or one slow pod among fast ones.',
        type: 'heatmap',
        unit: 's',
        boards: ['overview'],
        queries: [{ expr: sum(rate(duration, requestsOfRun)), legend: 'requests' }],
      },
      {
        title: titles.p95,
        description:
          'One request in twenty took longer than this. Merged from the histograms of all runners, not an average of percentiles. The dashed line is the baseline, over its whole run. A click leads to the traces.',
        type: 'timeseries',
        unit: 's',
        thresholds: limitsOf(config.budgets, 'p95'),
        boards: ['overview', 'verdict'],
        links,
        queries: [
          { expr: quantile(0.95, byName), legend: '{{name}}' },
          { expr: quantile(0.95, sum(earlier, ...byEndpoint)), legend: '{{name}} baseline', dashed: true },
          ...budgetLines(config.budgets, 'p95', 'endpoint'),
        ],
      },
      {
        title: titles.p99,
        description:
          'One request in a hundred took longer than this. Shown where the window holds at least 100 requests: of fewer, it is only the slowest one. A click leads to the traces.',
        type: 'timeseries',
        unit: 's',
        thresholds: limitsOf(config.budgets, 'p99'),
        boards: ['overview'],
        links,
        queries: [
          {
            expr: `${quantile(0.99, byName)} and histogram_count(${sum(increase(duration, requestsOfRun), ...byEndpoint)}) >= 100`,
            legend: '{{name}}',
          },
          ...budgetLines(config.budgets, 'p99', 'endpoint'),
        ],
      },
    ],
    ofRun: {
      title: titles.run,
      description: readRun,
      type: 'stat',
      unit: 's',
      thresholds: limitsOf(config.budgets, 'p95'),
      boards: ['verdict'],
      queries: [
        { expr: quantile(0.95, sum(last(duration, requestsOfRun))), legend: 'this run', instant: true },
        { expr: quantile(0.95, sum(earlier)), legend: 'baseline', instant: true },
      ],
    },
    columns: [
      column(0.5),
      column(0.95),
      { expr: quantile(0.95, sum(earlier, 'name', 'method')), legend: 'p95 of the baseline' },
      column(0.99),
    ],
    phases: {
      title: titles.phases,
      description: readPhases,
      type: 'timeseries',
      unit: 's',
      stacked: true,
      boards: ['bottleneck'],
      row: 'Load generator',
      queries: Object.entries(phase).map(([name, metric]) => ({
        expr: `histogram_avg(${sum(rate(metric, requestsOfRun))})`,
        legend: name.replace('_', ' '),
      })),
    },
    indicators: [
      { indicator: 'avg' as const, of: (histogram: string) => `histogram_avg(${histogram})` },
      ...(Object.keys(percentiles) as Percentile[]).map((indicator) => ({
        indicator,
        of: (histogram: string) => quantile(percentiles[indicator], histogram),
      })),
    ].map(({ indicator, of }) => ({
      indicator,
      now: (matchers, by) => of(sum(rate(duration, { ...ofScenarios, ...matchers }, ruleWindow(config)), ...by)),
      ofRun: (matchers, by) => of(sum(last(duration, { ...ofScenarios, ...matchers }, '$__range'), ...by)),
    })),
  };
}

/**
 * Percentiles as each runner has worked them out since it started, for a remote end without native histograms. They
 * cannot be put together: the panels show the slowest runner.
 */
export function trendStatsLatency(config: Config): Latency {
  const stat = (name: string) => gauge(`k6_http_req_duration_${name}`, request, `${name} of: ${help}`);
  const metrics = { avg: stat('avg'), p50: stat('p50'), p95: stat('p95'), p99: stat('p99') };
  const phase = Object.fromEntries(
    phases.map((name) => [name, gauge(`k6_http_req_${name}_avg`, request, `Mean part of a request's time: ${name}.`)]),
  );
  const note = ' Of the slowest runner, from its start to then: k6 pushes percentiles, which cannot be put together.';
  const links = [tracesOfService(config), tracesOfEndpoint(config)];
  const baseline = (...by: string[]) => max(last(metrics.p95, requestsOfBaseline, config.retention.time), ...by);
  const line = (name: keyof typeof metrics): Query => ({
    expr: max(select(metrics[name], requestsOfRun), ...byEndpoint),
    legend: '{{name}}',
  });
  const column = (name: keyof typeof metrics): Query => ({
    expr: max(last(metrics[name], requestsOfRun), 'name', 'method'),
    legend: name,
  });
  return {
    metrics: { ...metrics, ...phase },
    overview: [
      {
        title: titles.response,
        description: `Half of the requests, nineteen in twenty and ninety-nine in a hundred were answered in this time.${note}`,
        type: 'timeseries',
        unit: 's',
        boards: ['overview'],
        queries: (['p50', 'p95', 'p99'] as const).map((name) => ({
          expr: max(select(metrics[name], requestsOfRun)),
          legend: name,
        })),
      },
      {
        title: titles.p95,
        description: `One request in twenty took longer than this; the dashed line is the baseline.${note}`,
        type: 'timeseries',
        unit: 's',
        thresholds: limitsOf(config.budgets, 'p95'),
        boards: ['overview', 'verdict'],
        links,
        queries: [
          line('p95'),
          { expr: baseline(...byEndpoint), legend: '{{name}} baseline', dashed: true },
          ...budgetLines(config.budgets, 'p95', 'endpoint'),
        ],
      },
      {
        title: titles.p99,
        description: `One request in a hundred took longer than this.${note}`,
        type: 'timeseries',
        unit: 's',
        thresholds: limitsOf(config.budgets, 'p99'),
        boards: ['overview'],
        links,
        queries: [line('p99'), ...budgetLines(config.budgets, 'p99', 'endpoint')],
      },
    ],
    ofRun: {
      title: titles.run,
      description: `${readRun}${note}`,
      type: 'stat',
      unit: 's',
      thresholds: limitsOf(config.budgets, 'p95'),
      boards: ['verdict'],
      queries: [
        { expr: max(last(metrics.p95, requestsOfRun)), legend: 'this run', instant: true },
        { expr: baseline(), legend: 'baseline', instant: true },
      ],
    },
    columns: [
      column('p50'),
      column('p95'),
      { expr: baseline('name', 'method'), legend: 'p95 of the baseline' },
      column('p99'),
    ],
    phases: {
      title: titles.phases,
      description: `${readPhases}${note}`,
      type: 'timeseries',
      unit: 's',
      stacked: true,
      boards: ['bottleneck'],
      row: 'Load generator',
      queries: Object.entries(phase).map(([name, metric]) => ({
        expr: max(select(metric, requestsOfRun)),
        legend: name.replace('_', ' '),
      })),
    },
    indicators: (Object.keys(metrics) as (keyof typeof metrics)[]).map((indicator) => ({
      indicator,
      now: (matchers, by) => max(select(metrics[indicator], { ...ofScenarios, ...matchers }), ...by),
      ofRun: (matchers, by) => max(last(metrics[indicator], { ...ofScenarios, ...matchers }, '$__range'), ...by),
    })),
  };
}

import { limitsOf } from '../../model/budget.ts';
import type { Config } from '../../model/config.ts';
import { none } from '../../model/limits.ts';
import { failedTracesOfService, slowTracesOfService, tracesOfRoute, tracesOfService } from '../../model/link.ts';
import { partsOf } from '../../model/metric.ts';
import type { Panel } from '../../model/panel.ts';
import { max, quantile, rate, ratio, select, selector, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

const requests = partsOf(metrics.requests);
const clientRequests = partsOf(metrics.clientRequests);

const chosen = { service: '=~$service' } as const;
/** Without the scrapes of Prometheus, each of which is a request. */
const answered = { ...chosen, uri: '!~/actuator.*' } as const;
const serverErrors = { ...answered, outcome: '=SERVER_ERROR' } as const;

const requestRate = sum(rate(requests.count, answered), 'service');
const byBucket = sum(rate(requests.bucket, answered), 'service', 'le');

/** Requests: how many, how long, how many fail, and where they go on to. */
export const requestPanels = (config: Config): Panel[] => [
  {
    title: 'Latency by service',
    description:
      'p95 over time, a line for each service: the one that turns red first is where to look, since those in front of it wait for it and turn red after it. A click leads to its traces.',
    type: 'status-history',
    unit: 's',
    thresholds: limitsOf(config.budgets, 'p95'),
    boards: ['bottleneck'],
    row: 'Requests',
    links: [tracesOfService(config), ...slowTracesOfService(config)],
    queries: [{ expr: quantile(0.95, byBucket), legend: '{{service}}' }],
  },
  {
    title: 'Requests per second',
    description:
      'As the services count them. A service that gets many more than those in front of it is asked in a loop.',
    type: 'timeseries',
    unit: 'reqps',
    boards: ['bottleneck'],
    row: 'Requests',
    queries: [{ expr: requestRate, legend: '{{service}}' }],
  },
  {
    title: 'Server errors',
    description:
      'Share of the answers with a status of 500 or more. Look at the traces of the service, then at its log.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: limitsOf(config.budgets, 'error_ratio'),
    boards: ['bottleneck'],
    row: 'Requests',
    links: [failedTracesOfService(config), tracesOfService(config)],
    queries: [
      {
        expr: ratio(`(${sum(rate(requests.count, serverErrors), 'service')} or 0 * ${requestRate})`, requestRate),
        legend: '{{service}}',
      },
    ],
  },
  {
    title: 'Latency: p50, p95, p99',
    description:
      'From the histograms of all pods together. p99 that leaves p50 behind is a queue or a lock that some requests meet; all three rising is work that got slower. A click leads to the traces.',
    type: 'timeseries',
    unit: 's',
    thresholds: limitsOf(config.budgets, 'p95'),
    boards: ['bottleneck'],
    row: 'Requests',
    links: [tracesOfService(config), ...slowTracesOfService(config)],
    queries: [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, byBucket), legend: `{{service}} p${q * 100}` })),
  },
  {
    title: 'Endpoints',
    description:
      'Each endpoint over the last five minutes, the slowest first. The one to begin with is not the slowest but the one that has many requests and is slower than usual. A click leads to its traces.',
    type: 'table',
    unit: 's',
    thresholds: limitsOf(config.budgets, 'p95'),
    row: 'Requests',
    links: [tracesOfRoute(config)],
    queries: [
      { expr: max(selector('job_uri:http_latency_p95:rate5m', chosen), 'service', 'uri'), legend: 'p95' },
      {
        expr: sum(selector('job_uri:http_requests:rate5m', chosen), 'service', 'uri'),
        legend: 'requests',
        unit: 'reqps',
      },
      {
        expr: max(selector('job_uri:http_errors:ratio_rate5m', chosen), 'service', 'uri'),
        legend: 'errors',
        unit: 'percentunit',
      },
    ],
  },
  {
    title: 'Requests in flight',
    description:
      'How many requests were worked on at once, on average: the time that they took in a second. Compare with the threads that there are.',
    type: 'timeseries',
    unit: 'short',
    row: 'Requests',
    queries: [{ expr: sum(rate(requests.sum, answered), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Slowest requests',
    description: 'Longest time to answer a request in the last two minutes, which no quantile shows.',
    type: 'timeseries',
    unit: 's',
    row: 'Requests',
    links: [tracesOfService(config), ...slowTracesOfService(config)],
    queries: [{ expr: max(select(metrics.requestsMax, answered), 'service'), legend: '{{service}}' }],
  },
  {
    title: 'Time in other services',
    description:
      'Mean time until another service answered, by who asked whom. What grows here is not the fault of the one who asks.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    row: 'Requests',
    links: [tracesOfService(config)],
    queries: [
      {
        expr: ratio(
          sum(rate(clientRequests.sum, chosen), 'service', 'client_name'),
          sum(rate(clientRequests.count, chosen), 'service', 'client_name'),
        ),
        legend: '{{service}} to {{client_name}}',
      },
    ],
  },
  {
    title: 'Open circuit breakers',
    description:
      'Breakers that let nothing through, by what they protect. One that is open answers at once with an error or a substitute: the latency looks good, and what stands behind it is down.',
    type: 'timeseries',
    unit: 'short',
    thresholds: none,
    boards: ['bottleneck'],
    row: 'Requests',
    queries: [
      {
        expr: sum(select(metrics.breakerState, { ...chosen, state: '=~open|forced_open' }), 'service', 'name'),
        legend: '{{service}} {{name}}',
      },
    ],
  },
];

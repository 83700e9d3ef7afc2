import { type Config, hasRuns } from '../model/config.ts';
import { tracesOfRun } from '../model/link.ts';
import { gauge } from '../model/metric.ts';
import { group, last, max, ratio, select } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import type { Variable } from '../model/variable.ts';
import { metrics as ofK6 } from './k6/metrics.ts';
import { metrics as ofKafkaBot } from './kafka-bot/metrics.ts';

const run = ['job', 'testid', 'service'] as const;
const budget = [...run, 'budget', 'severity', 'measured_by', 'state'] as const;

/** What is known of a run once it is over: one sample of each, when its verdict is found. */
export const metrics = {
  verdict: gauge('loadscope_run_verdict', [...run, 'load_test', 'verdict'], 'What a run ended as; always 1.'),
  value: gauge('loadscope_run_budget_value', budget, 'What a run had of what a budget is about.'),
  bound: gauge('loadscope_run_budget_bound', budget, 'The last value that is still good.'),
};

const ofRun = { testid: '=~$testid' } as const;
const value = max(last(metrics.value, ofRun), 'testid', 'budget', 'severity', 'measured_by', 'state');
const bound = max(last(metrics.bound, ofRun), 'testid', 'budget', 'severity', 'measured_by', 'state');

/** What there is of a run as long as it makes load. */
const signsOf = ({ loadTests, kafkaBots }: Config) => [
  ...(loadTests.length ? [ofK6.vus] : []),
  ...(kafkaBots.length ? [ofKafkaBot.targetRate] : []),
];

/** The runs that are looked at, and one of k6's to compare them with. */
const variables = (config: Config): Variable[] => [
  {
    name: 'testid',
    label: 'Run',
    query: `query_result(${signsOf(config)
      .map((sign) => group(last(sign), 'testid'))
      .join(' or ')})`,
    regex: '/testid="([^"]+)"/',
    order: 'descending',
  },
  {
    name: 'baseline',
    label: 'Baseline',
    // Of the whole retention, since an earlier run is seldom in the time that the dashboard shows.
    query: `query_result(${group(last(ofK6.vus, {}, config.retention.time), 'testid')} or label_replace(vector(0), "testid", "none", "", ""))`,
    regex: '/testid="([^"]+)"/',
    order: 'descending',
    single: 'none',
  },
];

/** The runs themselves, of which their coordinators push the verdicts. */
export const runs = (config: Config): Target | undefined =>
  !hasRuns(config)
    ? undefined
    : {
        name: 'loadscope',
        title: 'Runs',
        metrics,
        variables: variables(config),
        annotations: [
          {
            name: 'Load tests',
            expr: signsOf(config)
              .map((sign) => `${max(select(sign, ofRun), 'testid')} > 0`)
              .join(' or '),
            title: 'Load test {{testid}}',
            color: 'blue',
          },
        ],
        panels: [
          {
            title: 'Verdicts',
            description:
              'What each run in this time ended as, the latest first. An invalid one says nothing of the services: something was wrong with the run itself, and its report says what.',
            type: 'table',
            unit: 'dateTimeFromNow',
            boards: ['verdict'],
            links: [tracesOfRun(config)],
            queries: [
              {
                // Its time is when it was found: the value says no more than that there is one.
                expr: `1000 * ${max(`max_over_time(timestamp(${select(metrics.verdict, ofRun)})[$__range:15s])`, 'testid', 'service', 'load_test', 'verdict')}`,
                legend: 'found',
              },
            ],
          },
          {
            title: 'Budgets of the runs',
            description:
              'What each run had, and what its budgets allow, in seconds, shares or requests per second. Past 100 % of the bound it is broken, but for throughput and availability, which are broken below.',
            type: 'table',
            unit: 'short',
            boards: ['verdict'],
            queries: [
              { expr: ratio(value, bound), legend: 'of the bound', unit: 'percentunit' },
              { expr: value, legend: 'value' },
              { expr: bound, legend: 'bound' },
            ],
          },
        ],
      };

import { type IndicatorName, type Percentile, percentiles } from '../../model/budget.ts';
import type { Config } from '../../model/config.ts';
import type { Indicator } from '../../model/indicator.ts';
import { partsOf } from '../../model/metric.ts';
import { last, type Matchers, max, quantile, rate, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

const parts = partsOf(metrics.duration);
const each = ['testid', 'service'] as const;

/** For how long alerts remember what is known only at the end of a run, soon after which the bot is gone. */
export const memory = '5m';

type Expression = Indicator['now'];
type Counted = typeof metrics.sent | typeof metrics.failed | (typeof parts)[keyof typeof parts];
/** What a counter has per second just now, or in all of a run. */
type Amount = (counter: Counted, matchers: Matchers<string>, by: readonly string[]) => string;

/** The counters of each bot start at 0 with the run, so that the last value is the total. */
const ofWholeRun: Amount = (counter, matchers, by) =>
  sum(last(counter, { testid: '=$testid', ...matchers }, '$__range'), ...by);

const meanOf =
  (amount: Amount): Expression =>
  (matchers, by) =>
    ratio(amount(parts.sum, matchers, by), amount(parts.count, matchers, by));

const quantileOf =
  (q: number, amount: Amount): Expression =>
  (matchers, by) =>
    quantile(q, amount(parts.bucket, matchers, [...by, 'le']));

const failureShare = (failed: string, sent: string) => ratio(failed, `${failed} + ${sent}`);

/** 0 where nothing was given up. */
export const shareOfGivenUp =
  (amount: Amount): Expression =>
  (matchers, by) => {
    const sent = amount(metrics.sent, matchers, by);
    return failureShare(`(${amount(metrics.failed, matchers, by)} or 0 * ${sent})`, sent);
  };

const latencies: readonly { indicator: IndicatorName; made: (amount: Amount) => Expression }[] = [
  { indicator: 'avg', made: meanOf },
  ...(Object.keys(percentiles) as Percentile[]).map((indicator) => ({
    indicator,
    made: (amount: Amount) => quantileOf(percentiles[indicator], amount),
  })),
];

export const perSecondOf =
  (config: Config): Amount =>
  (counter, matchers, by) =>
    sum(rate(counter, matchers, ruleWindow(config)), ...by);

/** What of budgets a Kafka bot measures: the messages that it sends, as those would who wait for them. */
export function indicators(config: Config): Indicator[] {
  const perSecond = perSecondOf(config);
  const common = { subjects: { service: 'service', topic: 'topic' }, each };
  const of = 'Kafka bot {{ $labels.testid }}';
  return [
    ...latencies.map(({ indicator, made }) => ({
      ...common,
      indicator,
      now: made(perSecond),
      ofRun: made(ofWholeRun),
      alert: {
        alert: 'KafkaBotLatencyHigh',
        for: '1m',
        of,
        // A percentile of a few messages is one of them.
        guard: (matchers: Matchers<string>, by: readonly string[]) => `${perSecond(metrics.sent, matchers, by)} > 1`,
        description:
          'This is how long a message takes from when it was due until the brokers have acknowledged it. If the backlog of the bot grows with it, they take less than is sent; if not, look at their disks, and at replicas that are behind.',
      },
    })),
    {
      ...common,
      indicator: 'error_ratio',
      // Nothing before the first is given up, where a whole run has 0.
      now: (matchers, by) =>
        failureShare(perSecond(metrics.failed, matchers, by), perSecond(metrics.sent, matchers, by)),
      ofRun: shareOfGivenUp(ofWholeRun),
      alert: {
        alert: 'KafkaBotErrorRateHigh',
        for: '30s',
        of,
        // One failure of a few messages is no share.
        guard: (matchers, by) =>
          `(${perSecond(metrics.sent, matchers, by)} > 1 or ${perSecond(metrics.failed, matchers, by)} > 1)`,
        description:
          'This share of the messages was given up. Look at the errors by reason first, then at the log of the bot.',
      },
    },
    {
      ...common,
      indicator: 'throughput',
      now: (matchers, by) => perSecond(metrics.sent, matchers, by),
      // Not of the whole time that the bot runs: behind the load it reads what it sent, and waits for consumers.
      ofRun: (matchers, by) => {
        const length = max(last(metrics.loadSeconds, { testid: '=$testid' }, '$__range'), ...each);
        return `${ofWholeRun(metrics.sent, matchers, by)} / on (${each.join(', ')}) group_left () (${length} > 0)`;
      },
      alert: {
        alert: 'KafkaBotThroughputLow',
        for: '2m',
        of,
        // Behind the load nothing is due, and nothing is sent.
        guard: () => `on (${each.join(', ')}) ${max(select(metrics.targetRate), ...each)} > 0`,
        description:
          'No more messages than this are acknowledged. If the bot has a backlog, the brokers take no more; if it has none, it is asked for no more.',
      },
    },
    {
      ...common,
      indicator: 'loss',
      now: (matchers, by) => sum(last(metrics.lost, matchers, memory), ...by),
      ofRun: (matchers, by) => sum(last(metrics.lost, { testid: '=$testid', ...matchers }, '$__range'), ...by),
      alert: {
        alert: 'KafkaBotMessagesLost',
        for: '0s',
        of,
        description:
          'The brokers acknowledged these messages, and the topic does not have them. Nobody who sends to this cluster can rely on an acknowledgment: look at how many copies that waits for, and whether a broker was lost.',
      },
    },
  ];
}

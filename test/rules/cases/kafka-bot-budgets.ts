import type { AlertCase, RuleCase } from '../case.ts';

/** The default budgets of what a Kafka bot measures: mean 500 ms, p95 1 s, 1 % of errors, 100 messages a second, no loss. */

type Series = Readonly<Record<string, string>>;
/** Samples of a counter that grows by so much between two of them. */
type Samples = (growth: number) => string;

interface Load {
  /** Messages between two samples that are acknowledged, over both topics: 15 are 1/s. */
  readonly messages: number;
  /** Mean seconds. @default 0.05 */
  readonly mean?: number;
  /** Of a thousand messages, those up to half a second, up to a second, and up to two. @default all the fastest */
  readonly thousand?: readonly [number, number, number];
  /** Messages that are given up, for each that is acknowledged. @default 0 */
  readonly failed?: number;
  /** What is asked for just now. @default something */
  readonly target?: string;
}

const steady: Samples = (growth) => `0+${growth}x20`;
const ended: Samples = (growth) => `0+${growth}x20 stale`;
/** Of a bot that gets rid of nothing any more. */
const hung: Samples = (growth) => `${growth}x20`;

const labels = (index = 0, testid = 'run-1') =>
  `job="kafka-bot",instance="${testid}-load-${index}",testid="${testid}",service="shop"`;

/** A bot that sends to two topics, one of which takes most of the time; and its verifier, which reads everything at once. */
function bot(load: Load, samples = steady, of = labels()): Series {
  const { messages, mean = 0.05, thousand = [1000, 0, 0], failed = 0, target = '500x20' } = load;
  const counted = (n: number) => samples(Number(n.toPrecision(9)));
  const topic = (name: string, share: number, slow: number): Series => {
    const series = (what: string, more = '') => `kafka_bot_${what}{${of},topic="${name}"${more}}`;
    const n = messages * share;
    const upTo = (buckets: number) => (thousand.slice(0, buckets).reduce((a, b) => a + b, 0) * n) / 1000;
    return {
      [series('messages_sent_total')]: counted(n),
      ...(failed ? { [series('messages_failed_total', ',reason="timeout"')]: counted(n * failed) } : {}),
      [series('send_duration_seconds_sum')]: counted(messages * mean * slow),
      [series('send_duration_seconds_count')]: counted(n),
      ...Object.fromEntries(
        ['0.5', '1', '2', '+Inf'].map((le, index) => [
          series('send_duration_seconds_bucket', `,le="${le}"`),
          counted(upTo(index + 1)),
        ]),
      ),
    };
  };
  return {
    ...topic('orders', 0.6, 0.2),
    ...topic('audit', 0.4, 0.8),
    [`kafka_bot_target_rate{${of}}`]: target,
    [`kafka_bot_target_rate{${labels(9)}}`]: '0x20',
    [`kafka_bot_messages_sent_total{${labels(9)},topic="orders"}`]: '0x20',
  };
}

/** A run of two bots, each with its own load. */
const bots = (...loads: readonly Load[]): Series =>
  Object.assign({}, ...loads.map((load, index) => bot(load, steady, labels(index))));

const alerts = (alert: string, budget: string, severity: string) => ({
  fires: (when: string, series: Series, at = '5m'): AlertCase => ({
    alert,
    when: `${budget}: fires ${when}`,
    series,
    at,
    fires: [{ testid: 'run-1', service: 'shop', severity, budget }],
  }),
  silent: (when: string, series: Series, at = '5m'): AlertCase => ({
    alert,
    when: `${budget}: is silent ${when}`,
    series,
    at,
    fires: [],
  }),
});

const mean = alerts('KafkaBotLatencyHigh', 'avg', 'critical');
const p95 = alerts('KafkaBotLatencyHigh', 'p95', 'critical');
const errors = alerts('KafkaBotErrorRateHigh', 'error_ratio', 'critical');
const throughput = alerts('KafkaBotThroughputLow', 'throughput', 'warning');
const loss = alerts('KafkaBotMessagesLost', 'loss', 'critical');

/** What is the same for each budget that says nothing of a few messages. */
const common = (
  { fires, silent }: ReturnType<typeof alerts>,
  beyond: Omit<Load, 'messages'>,
  [last, first]: readonly [string, string],
) => [
  fires('of a little more than a message in a second', bot({ messages: 15.75, ...beyond })),
  silent('at one message in a second', bot({ messages: 15, ...beyond })),
  silent('at a little less than one message in a second', bot({ messages: 14.1, ...beyond })),
  silent(`${last} after the start`, bot({ messages: 1500, ...beyond }), last),
  fires(`${first} after the start`, bot({ messages: 1500, ...beyond }), first),
  silent('while nothing goes through', bot({ messages: 1500, ...beyond }, hung)),
  silent('after the run', bot({ messages: 1500, ...beyond }, ended), '6m15s'),
  fires('of one run beside another', {
    ...bot({ messages: 150, ...beyond }),
    ...bot({ messages: 15000 }, steady, labels(0, 'run-2')),
  }),
];

/** A bot that gets nothing through, and tries no more. */
const givenUp = (messages: number): Series => ({
  [`kafka_bot_messages_sent_total{${labels()},topic="orders"}`]: '0x20',
  [`kafka_bot_messages_failed_total{${labels()},topic="orders",reason="message_too_large"}`]: steady(messages * 0.6),
  [`kafka_bot_messages_failed_total{${labels()},topic="audit",reason="message_too_large"}`]: steady(messages * 0.4),
});

const lost = (topic: string, index = 0) => `kafka_bot_messages_lost{${labels(index)},topic="${topic}"}`;

export const kafkaBotBudgets: readonly RuleCase[] = [
  mean.fires('of all bots together', bots({ messages: 1500, mean: 0.4 }, { messages: 3000, mean: 0.56 })),
  mean.silent('where a slow one had few', bots({ messages: 1500, mean: 0.9 }, { messages: 6000, mean: 0.39 })),
  mean.fires('just beyond', bot({ messages: 1500, mean: 0.51 })),
  mean.silent('at the bound', bot({ messages: 1500, mean: 0.5 })),
  mean.silent('just within', bot({ messages: 1500, mean: 0.49 })),
  ...common(mean, { mean: 0.51 }, ['1m', '1m15s']),

  p95.fires('of all bots together', bots({ messages: 1500 }, { messages: 1500, thousand: [500, 396, 104] })),
  p95.silent('where a slow one had few', bots({ messages: 4500 }, { messages: 1500, thousand: [500, 390, 110] })),
  p95.fires('just beyond', bot({ messages: 1500, thousand: [500, 448, 52] })),
  p95.silent('at the bound', bot({ messages: 2000, thousand: [0, 950, 50] })),
  p95.silent('just within', bot({ messages: 1500, thousand: [500, 468, 32] })),
  ...common(p95, { thousand: [500, 448, 52] }, ['1m', '1m15s']),

  errors.fires('of all bots together', bots({ messages: 1500 }, { messages: 1500, failed: 0.0208 })),
  errors.silent('where one that failed had few', bots({ messages: 1500 }, { messages: 750, failed: 0.0294 })),
  errors.fires('just beyond', bot({ messages: 1500, failed: 0.0104 })),
  errors.silent('at the bound', bot({ messages: 7425, failed: 1 / 99 })),
  errors.silent('just within', bot({ messages: 1500, failed: 0.01 })),
  errors.fires('where all is given up, from a message in a second on', givenUp(16)),
  errors.silent('where one in a second is', givenUp(15)),
  errors.silent('without an error', bot({ messages: 1500 })),
  ...common(errors, { failed: 0.0104 }, ['30s', '45s']),

  throughput.fires('of all bots together', bots({ messages: 735 }, { messages: 750 })),
  throughput.silent('where each has few', bots({ messages: 750 }, { messages: 765 })),
  throughput.fires('just beyond', bot({ messages: 1485 })),
  throughput.silent('just within', bot({ messages: 1515 })),
  throughput.silent('2m after the start', bot({ messages: 15 }), '2m'),
  throughput.fires('2m15s after the start', bot({ messages: 15 }), '2m15s'),
  throughput.fires('while nothing goes through', bot({ messages: 1500 }, hung)),
  throughput.fires('of however little is asked for', bot({ messages: 1, target: '0.05x20' })),
  throughput.silent('behind the load', bot({ messages: 1500, target: '500x10 0x10' }, hung)),
  throughput.silent('after the run', bot({ messages: 15, target: '500x20 stale' }, ended), '6m15s'),
  throughput.fires('of one run beside another', {
    ...bot({ messages: 1485 }),
    ...bot({ messages: 1515 }, steady, labels(0, 'run-2')),
  }),

  loss.fires('at the first message, in whichever topic', { [lost('orders')]: '0x20', [lost('audit')]: '_x19 0.05' }),
  loss.silent('where all are there', { [lost('orders')]: '0x20', [lost('audit')]: '0x20' }),
  loss.silent('as long as nobody knows', bot({ messages: 1500 })),
  loss.fires('for five minutes after the bot', { [lost('orders')]: '3x2 stale' }),
  loss.silent('then', { [lost('orders')]: '3x2 stale' }, '5m45s'),
];

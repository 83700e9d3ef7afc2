import { targets } from '../../exporters/index.ts';
import { verdictQuestions } from '../../rules/verdict.ts';
import { ask } from '../../verdict/ask.ts';
import { configOf, fullConfig } from '../config-fixture.ts';
import type { RecordingCase } from '../rules/case.ts';
import { unitTest } from '../rules/unit-test.ts';
import { findTool, testWithTool } from '../tool.ts';

/** What the budgets of a run of Kafka bots are held against, on simulated series. */

const promtool = findTool('promtool', '--version');

const config = configOf({
  ...fullConfig,
  kafkaBots: [{ name: 'bot', cluster: 'events' }],
  budgets: [{ indicator: 'p95', bound: '20ms', topic: 'orders' }],
});
const questions = verdictQuestions(config, targets(config)).filter(({ job }) => job === 'kafka-bot');

/** Half a minute of load and as long a time in which it is read; three seconds behind a scrape. */
const [start, seconds] = [573, 60];

async function askedOf(budget: string): Promise<{ query: string; time: number }> {
  const question = questions.find((one) => one.budget === budget);
  if (!question) throw new Error(`there is no budget ${budget}`);
  let asked = { query: '', time: 0 };
  await ask(
    question.expr,
    { testid: 'run-1', start, end: start + seconds },
    {
      instant: async (query, time) => {
        asked = { query, time };
        return { result: [], warnings: [] };
      },
    },
  );
  return asked;
}

const labels = (index = 0, testid = 'run-1') =>
  `job="kafka-bot",instance="${testid}-load-${index}",testid="${testid}",service="shop"`;
const ofTopic = (name: string, topic: string, more = '', ...of: Parameters<typeof labels>) =>
  `kafka_bot_${name}{${labels(...of)},topic="${topic}"${more}}`;
const sent = (topic: string, ...of: Parameters<typeof labels>) => ofTopic('messages_sent_total', topic, '', ...of);
const loadSeconds = (...of: Parameters<typeof labels>) => `kafka_bot_load_seconds{${labels(...of)}}`;
const bucket = (topic: string, le: string, ...of: Parameters<typeof labels>) =>
  ofTopic('send_duration_seconds_bucket', topic, `,le="${le}"`, ...of);
const lost = (topic: string, ...of: Parameters<typeof labels>) => ofTopic('messages_lost', topic, '', ...of);

const run = { testid: 'run-1', service: 'shop' };
const nothing: RecordingCase['gives'] = [];
const value = (number: number, more = {}): RecordingCase['gives'] => [{ labels: { ...run, ...more }, value: number }];

testWithTool(promtool).each<[budget: string, when: string, RecordingCase['series'], RecordingCase['gives']]>([
  [
    'p95',
    'of all messages of all bots, those of one that has ended among them',
    {
      [bucket('orders', '0.01')]: '_x38 0 500 900 stale',
      [bucket('orders', '0.02')]: '_x38 0 500 900 stale',
      [bucket('orders', '+Inf')]: '_x38 0 500 1000 stale',
      [bucket('audit', '0.01', 1)]: '_x38 0x2 1000x5',
      [bucket('audit', '0.02', 1)]: '_x38 0x2 1000x5',
      [bucket('audit', '+Inf', 1)]: '_x38 0x2 1000x5',
      [bucket('orders', '0.01', 0, 'run-2')]: '_x38 0x9',
      [bucket('orders', '+Inf', 0, 'run-2')]: '_x38 9999x9',
    },
    value(0.01),
  ],
  [
    'p95 of topic orders',
    'of its messages alone',
    {
      [bucket('orders', '0.01')]: '_x38 0 500 900 stale',
      [bucket('orders', '0.02')]: '_x38 0 600 1000 stale',
      [bucket('orders', '+Inf')]: '_x38 0 600 1000 stale',
      [bucket('audit', '0.01')]: '_x38 0x2 1000x5',
      [bucket('audit', '+Inf')]: '_x38 0x2 1000x5',
    },
    value(0.015, { topic: 'orders' }),
  ],
  [
    'avg',
    'of all messages',
    {
      [ofTopic('send_duration_seconds_sum', 'orders')]: '_x38 0 4x5',
      [ofTopic('send_duration_seconds_count', 'orders')]: '_x38 0 100x5',
      [ofTopic('send_duration_seconds_sum', 'audit', '', 1)]: '_x38 0 2x5',
      [ofTopic('send_duration_seconds_count', 'audit', '', 1)]: '_x38 0 200x5',
    },
    value(0.02),
  ],
  ['avg', 'is not known where none was acknowledged', { [sent('orders')]: '_x38 0x5' }, nothing],
  [
    'error_ratio',
    'of messages that are over',
    {
      [sent('orders')]: '_x38 0 490x5',
      [sent('audit', 1)]: '_x38 0 500x5',
      [ofTopic('messages_failed_total', 'orders', ',reason="timeout"')]: '_x40 4x5',
      [ofTopic('messages_failed_total', 'orders', ',reason="message_too_large"')]: '_x40 6x5',
    },
    value(0.01),
  ],
  ['error_ratio', 'is 0 before the first', { [sent('orders')]: '_x38 0 490x5' }, value(0)],
  [
    'throughput',
    'by the length of the load, whatever comes behind it',
    {
      [sent('orders')]: '_x38 0 2000 3000x5',
      [sent('audit', 1)]: '_x38 0 500 1500x5',
      [loadSeconds()]: '_x38 0 15 30x5',
      [loadSeconds(1)]: '_x38 0 14 29.5x5',
      // The verifier sends nothing.
      [sent('orders', 2)]: '_x38 0x7',
      [loadSeconds(2)]: '_x38 0x7',
    },
    value(150),
  ],
  [
    'throughput',
    'is not known where nothing was due',
    { [sent('orders')]: '_x38 0x7', [loadSeconds()]: '_x38 0x7' },
    nothing,
  ],
  ['loss', 'is not known before all is read', { [sent('orders')]: '_x38 0 490x5' }, nothing],
  ['loss', 'is 0 when nothing is missing', { [lost('orders')]: '_x42 0x2', [lost('audit')]: '_x42 0x2' }, value(0)],
  [
    'loss',
    'is of all topics, and of no other run',
    { [lost('orders')]: '_x42 2 stale', [lost('audit')]: '_x42 1 stale', [lost('audit', 0, 'run-2')]: '_x42 5x2' },
    value(3),
  ],
])('%s %s', async (budget, when, series, gives) => {
  if (!promtool) return;
  const { query, time } = await askedOf(budget);
  const asked = { record: 'value', when, series, query: `round(${query}, 0.0001)`, at: `${time}s`, gives };
  expect(unitTest(promtool, [], [asked])).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
});

test('every budget that bots measure by default is asked of them', () => {
  expect(questions.filter(({ isDefault }) => isDefault).map(({ budget, severity }) => `${budget} ${severity}`)).toEqual(
    ['avg critical', 'p95 critical', 'error_ratio critical', 'throughput warning', 'loss critical'],
  );
});

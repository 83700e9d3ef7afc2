import { targets } from '../../exporters/index.ts';
import { type Doubt, doubts } from '../../rules/validity.ts';
import { asks } from '../../synth/dropped-reads.ts';
import { readsOfStack } from '../../synth/keep-lists.ts';
import { ask } from '../../verdict/ask.ts';
import { configOf, demoConfig, fullConfig, operatorConfig } from '../config-fixture.ts';
import type { RecordingCase } from '../rules/case.ts';
import { unitTest } from '../rules/unit-test.ts';
import { findTool, testWithTool } from '../tool.ts';

/** What makes a run invalid, on simulated series: when each doubt answers, and when not. */

const promtool = findTool('promtool', '--version');

/** Three seconds behind a scrape; before that and behind the load are scrapes without. */
const start = 573;
type Series = RecordingCase['series'];

interface Case {
  readonly when: string;
  /** @default 30 */
  readonly seconds?: number;
  readonly series: Series;
  readonly gives: RecordingCase['gives'];
}

const withBot = { ...fullConfig, kafkaBots: [{ name: 'bot', cluster: 'events' }] };
const config = configOf(withBot);
const all = doubts(config, targets(config));

/** The one doubt whose reason has a word in it, as Prometheus is asked. */
async function askedOf(word: string, seconds: number): Promise<{ query: string; time: number }> {
  const [doubt, ...others] = all.filter(({ reason }) => reason.includes(word));
  if (!doubt || others.length) throw new Error(`${others.length} other doubts have "${word}"`);
  let asked = { query: '', time: 0 };
  await ask(
    doubt.expr,
    { testid: 'run-1', service: 'shop', start, end: start + seconds },
    {
      instant: async (query, time) => {
        asked = { query, time };
        return { result: [], warnings: [] };
      },
    },
  );
  return asked;
}

const told = (word: string, cases: readonly Case[]) =>
  testWithTool(promtool).each(cases.map((one) => [one.when, one] as const))(`"${word}": %s`, async (when, one) => {
    if (!promtool) return;
    const { query, time } = await askedOf(word, one.seconds ?? 30);
    const rounded = `round(${query}, 0.01)`;
    const { series, gives } = one;
    expect(unitTest(promtool, [], [{ record: 'doubt', when, series, query: rounded, at: `${time}s`, gives }])).toEqual({
      status: 0,
      output: expect.stringContaining('SUCCESS'),
    });
  });

const nothing: Case['gives'] = [];
const value = (number: number, labels = {}): Case['gives'] => [{ labels, value: number }];

/** Scrapes are every 15 s: that of the start is before the run, two are in it, and the one after it still counts. */
const tags = (instance = 0, testid = 'run-1') =>
  `job="k6",testid="${testid}",service="shop",instance_id="${instance}",scenario="browse"`;
const count = (what: string, ...of: Parameters<typeof tags>) => `k6_${what}_total{${tags(...of)}}`;

told('of the iterations that were due', [
  {
    when: 'more than one in a hundred, over all runners',
    series: {
      [count('dropped_iterations')]: '_x39 11x5',
      [count('iterations')]: '_x39 489x5',
      [count('iterations', 1)]: '_x39 500x5',
    },
    gives: value(1.1),
  },
  {
    when: 'one in a hundred',
    series: {
      [count('dropped_iterations')]: '_x39 10x5',
      [count('iterations')]: '_x39 490x5',
      [count('iterations', 1)]: '_x39 500x5',
    },
    gives: nothing,
  },
  { when: 'none was done', series: { [count('dropped_iterations')]: '_x39 1x5' }, gives: value(100) },
  { when: 'none', series: { [count('iterations')]: '_x39 100x5' }, gives: nothing },
  {
    when: 'of another run',
    series: { [count('dropped_iterations', 0, 'run-2')]: '_x39 50x5', [count('iterations')]: '_x39 100x5' },
    gives: nothing,
  },
]);

const ofBot = (index = 0, testid = 'run-1') =>
  `job="kafka-bot",instance="${testid}-load-${index}",testid="${testid}",service="shop"`;
const messages = (what: string, ...of: Parameters<typeof ofBot>) => `kafka_bot_messages_${what}_total{${ofBot(...of)}}`;
const ofTopic = (what: string, topic: string, ...of: Parameters<typeof ofBot>) =>
  `kafka_bot_messages_${what}_total{${ofBot(...of)},topic="${topic}"}`;

told('of the messages that were due were dropped', [
  {
    when: 'more than one in a hundred, over all bots',
    series: {
      [messages('dropped')]: '_x39 11x5',
      [messages('due')]: '_x39 500x5',
      [messages('dropped', 1)]: '_x39 0x5',
      [messages('due', 1)]: '_x39 500x5',
    },
    gives: value(1.1),
  },
  {
    when: 'one in a hundred',
    series: {
      [messages('dropped')]: '_x39 10x5',
      [messages('due')]: '_x39 500x5',
      [messages('due', 1)]: '_x39 500x5',
    },
    gives: nothing,
  },
  {
    when: 'before any was due',
    series: { [messages('dropped')]: '_x39 0x5', [messages('due')]: '_x39 0x5' },
    gives: nothing,
  },
  {
    when: 'of another run',
    series: {
      [messages('dropped', 0, 'run-2')]: '_x39 50x5',
      [messages('due', 0, 'run-2')]: '_x39 100x5',
      [messages('dropped')]: '_x39 0x5',
      [messages('due')]: '_x39 100x5',
    },
    gives: nothing,
  },
  { when: 'of a run of k6', series: { [count('dropped_iterations')]: '_x39 50x5' }, gives: nothing },
]);

told('neither acknowledged nor given up', [
  {
    when: 'more than one in a hundred, over all bots and topics',
    series: {
      [messages('due')]: '_x39 1000x5',
      [messages('dropped')]: '_x39 5x5',
      [ofTopic('sent', 'orders')]: '_x39 500x5',
      [ofTopic('sent', 'audit')]: '_x39 474x5',
      [ofTopic('failed', 'orders')]: '_x39 10x5',
      [messages('due', 1)]: '_x39 1000x5',
      [messages('dropped', 1)]: '_x39 0x5',
      [ofTopic('sent', 'orders', 1)]: '_x39 985x5',
    },
    gives: value(1.3),
  },
  {
    when: 'one in a hundred',
    series: {
      [messages('due')]: '_x39 1000x5',
      [messages('dropped')]: '_x39 100x5',
      [ofTopic('sent', 'orders')]: '_x39 840x5',
      [ofTopic('failed', 'orders')]: '_x39 50x5',
    },
    gives: nothing,
  },
  {
    when: 'where none is given up, and all of its last messages go through behind the load',
    series: {
      [messages('due')]: '_x39 1000x5',
      [messages('dropped')]: '_x39 0x5',
      [ofTopic('sent', 'orders')]: '_x39 900 1000x4',
    },
    gives: nothing,
  },
  {
    when: 'of one that ended in the midst',
    series: {
      [messages('due')]: '_x39 1000 stale',
      [messages('dropped')]: '_x39 0 stale',
      [ofTopic('sent', 'orders')]: '_x39 900 stale',
    },
    gives: value(10),
  },
  { when: 'of a run of k6', series: { [count('iterations')]: '_x39 50x5' }, gives: nothing },
]);

const pod = (index = 0, run = 'run-1', container = 'k6') =>
  `namespace="loadscope",pod="${run}-load-${index}-abcde",container="${container}"`;
const cpu = (what: string, of = pod()) => `container_cpu_${what}_total{job="containers",id="/a",${of}}`;
const limit = (of = pod()) => `kube_pod_container_resource_limits{resource="cpu",${of}}`;
const [periods, stopped, used] = ['cfs_periods', 'cfs_throttled_periods', 'usage_seconds'];
const of = (index = 0) => ({ pod: `run-1-load-${index}-abcde` });

told('was stopped by its CPU limit', [
  {
    when: 'of a run of 30 s, which three scrapes have seen',
    series: {
      [cpu(periods)]: '_x37 10 160 310 460',
      [cpu(stopped)]: '_x37 9 25 41 57',
      [cpu(periods, pod(1))]: '_x37 10 160 310 460',
      [cpu(stopped, pod(1))]: '_x37 9 20 30 40',
    },
    gives: value(10.67, of()),
  },
  {
    when: 'at a tenth, beside how k6 started',
    series: { [cpu(periods)]: '_x37 10 160 310 460', [cpu(stopped)]: '_x37 9 24 39 53.9' },
    gives: nothing,
  },
  {
    when: 'of a Kafka bot',
    series: {
      [cpu(periods, pod(0, 'run-1', 'kafka-bot'))]: '_x37 10 160 310 460',
      [cpu(stopped, pod(0, 'run-1', 'kafka-bot'))]: '_x37 9 25 41 57',
    },
    gives: value(10.67, of()),
  },
  {
    when: 'that one scrape alone has seen',
    series: { [cpu(periods)]: '_x39 250 stale', [cpu(stopped)]: '_x39 30 stale' },
    gives: value(12, of()),
  },
  {
    when: 'in the middle of a long one',
    seconds: 600,
    series: { [cpu(periods)]: '_x37 0+150x50', [cpu(stopped)]: '_x37 0x10 0+90x15 1350x30' },
    gives: value(21.99, of()),
  },
  {
    when: 'what makes no load of this run',
    series: {
      [cpu(periods, pod(0, 'run-2'))]: '_x37 0+150x4',
      [cpu(stopped, pod(0, 'run-2'))]: '_x37 0+90x4',
      [cpu(periods, pod(0, 'run-1', 'proxy'))]: '_x37 0+150x4',
      [cpu(stopped, pod(0, 'run-1', 'proxy'))]: '_x37 0+90x4',
    },
    gives: nothing,
  },
  { when: 'that has no limit', series: { [cpu(used)]: '_x37 0+15x4' }, gives: nothing },
]);

told('of its CPU limit, so', [
  {
    when: 'more than four fifths, of two cores',
    series: {
      [cpu(periods)]: '_x37 10+150x3',
      [cpu(used)]: '_x37 1+24.6x3',
      [limit()]: '2x60',
      [cpu(periods, pod(1))]: '_x37 10+150x3',
      [cpu(used, pod(1))]: '_x37 1+24.6x3',
      [limit(pod(1))]: '4x60',
    },
    gives: value(82, of()),
  },
  {
    when: 'four fifths',
    series: { [cpu(periods)]: '_x37 10+150x3', [cpu(used)]: '_x37 1+12x3', [limit()]: '1x60' },
    gives: nothing,
  },
  {
    when: 'of one that had little to do, and used it up when it had',
    series: { [cpu(periods)]: '_x37 10+20x3', [cpu(used)]: '_x37 1+1.8x3', [limit()]: '1x60' },
    gives: value(90, of()),
  },
  {
    when: 'looks at the container that come at other times than the scrapes',
    series: { [cpu(periods)]: '_x37 10 110 310', [cpu(used)]: '_x37 1 6 16', [limit()]: '1x60' },
    gives: nothing,
  },
]);

const writes = (code: string, handler = '/api/v1/write') =>
  `prometheus_http_requests_total{job="prometheus",instance="prometheus",handler="${handler}",code="${code}"}`;

told('Prometheus refused', [
  { when: 'for the first time', series: { [writes('400')]: '_x39 1x10' }, gives: value(1, { code: '400' }) },
  { when: 'as before, and again', series: { [writes('400')]: '7x38 9x10' }, gives: value(2, { code: '400' }) },
  { when: 'before the run only', series: { [writes('400')]: '0x30 9x20' }, gives: nothing },
  {
    when: 'behind a restart',
    series: { [writes('500')]: '90x38 0 2x10' },
    gives: [{ labels: { code: '500' }, value: 2.2 }],
  },
  {
    when: 'nothing of what was written',
    series: { [writes('204')]: '0+9x60', [writes('400', '/api/v1/query')]: '0+9x60' },
    gives: nothing,
  },
]);

const up = (job: string, instance: string, more = '') => `up{job="${job}",instance="${instance}"${more}}`;
const shop = (instance: string, service = 'shop') => up('service', instance, `,service="${service}"`);

told('no pod of service', [
  { when: 'for two scrapes, when it is gone', series: { [shop('a')]: '1x38 stale _ 1x10' }, gives: value(2) },
  { when: 'for two scrapes, when it does not answer', series: { [shop('a')]: '1x38 0 0 1x10' }, gives: value(2) },
  { when: 'for one scrape', series: { [shop('a')]: '1x38 0 1x10' }, gives: nothing },
  {
    when: 'while another does',
    series: { [shop('a')]: '1x36 stale', [shop('b')]: '0x40 1x10', [shop('c')]: '1x60' },
    gives: nothing,
  },
  { when: 'for the whole run', series: { [shop('a', 'auth')]: '1x60' }, gives: value(3) },
  { when: 'before the run', series: { [shop('a')]: '0x20 1x40' }, gives: nothing },
]);

const scraped = (mysql: string, given = '1x60') => ({
  'mysql_up{job="mysql",instance="made"}': mysql,
  'mysql_up{job="mysql",instance="given"}': given,
});

told('(MySQL) did not answer', [
  { when: 'for two scrapes of three', series: scraped('1x38 0 0 1x20'), gives: value(100, { instance: 'made' }) },
  { when: 'for one scrape of a short run', series: scraped('1x38 0 1x20'), gives: nothing },
  {
    when: 'for more than a tenth of a long one',
    seconds: 600,
    series: scraped('1x45 0x4 1x60'),
    gives: value(12.5, { instance: 'made' }),
  },
  { when: 'for a tenth of it', seconds: 600, series: scraped('1x45 0x3 1x60'), gives: nothing },
  {
    when: 'since nobody could ask it',
    series: scraped('1x60', '1x30 stale'),
    gives: value(100, { instance: 'given' }),
  },
]);

told('(Containers) did not answer', [
  {
    when: 'a node of two',
    series: { [up('containers', 'node-1')]: '1x37 0x20', [up('containers', 'node-2')]: '1x60' },
    gives: value(100, { instance: 'node-1' }),
  },
]);

const alerts = (reason: string, testid = 'run-1', alertname = 'LoadTestInvalid') =>
  `ALERTS{alertname="${alertname}",alertstate="firing",testid="${testid}",service="shop",reason="${reason}"}`;

told('LoadTestInvalid', [
  {
    when: 'for each of its reasons, also where it is over',
    series: { [alerts('IterationsDropped')]: '_x39 1 stale', [alerts('LoadTestSilent')]: '_x39 1x10' },
    gives: ['IterationsDropped', 'LoadTestSilent'].map((reason) => ({ labels: { reason }, value: 1 })),
  },
  {
    when: 'of another run, another alert',
    series: { [alerts('a', 'run-2')]: '1x60', [alerts('a', 'run-1', 'CheckFailing')]: '1x60' },
    gives: nothing,
  },
]);

test('a bot that has ended is none that is away', () => {
  expect(all.filter(({ expr }) => expr.includes('up{job="kafka-bot"}'))).toEqual([]);
});

describe('of a config', () => {
  const reasons = (fields: object): string[] => doubts(configOf(fields), targets(configOf(fields))).map(titleOf);
  const titleOf = ({ reason }: Doubt) => reason.split(/,| so | because /)[0] ?? '';

  test('they are about what it has', () => {
    expect(reasons(fullConfig).filter((reason) => reason.includes('{{instance}}'))).toEqual([
      '{{instance}} (Containers) did not answer for {{value}} % of the run',
      '{{instance}} (MySQL) did not answer for {{value}} % of the run',
      '{{instance}} (Redis) did not answer for {{value}} % of the run',
      '{{instance}} (Kafka) did not answer for {{value}} % of the run',
      '{{instance}} (Kubernetes) did not answer for {{value}} % of the run',
    ]);
    expect(reasons({ ...fullConfig, mysql: [] }).join()).not.toContain('MySQL');
    expect(reasons({ ...fullConfig, loadTests: [] })).toEqual([]);
    expect(reasons(fullConfig).join()).not.toContain('messages');
    expect(reasons({ ...withBot, loadTests: [] }).join()).not.toContain('iterations');
  });

  test('nobody can tell whose writes a cluster’s own Prometheus refuses', () => {
    expect(reasons(fullConfig).join()).toContain('Prometheus refused');
    expect(reasons(operatorConfig).join()).not.toContain('Prometheus refused');
  });

  test('everything that they read is stored', () => {
    const of = configOf(demoConfig);
    const declared = targets(of);
    const reads = readsOfStack(of, declared);
    for (const { expr } of doubts(of, declared))
      for (const { name: job, metrics, scrape } of declared)
        for (const { name } of scrape ? Object.values(metrics) : [])
          if (asks(expr, name, job))
            expect({ job, name, stored: reads.get(job)?.has(name) }).toEqual({ job, name, stored: true });
  });
});

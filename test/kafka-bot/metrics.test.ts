import { SendError } from '../../bots/kafka-bot/drivers/driver.ts';
import type { SentBatch } from '../../bots/kafka-bot/lane.ts';
import { Metrics } from '../../bots/kafka-bot/metrics.ts';
import type { Status } from '../../bots/kafka-bot/observer.ts';
import { Schedule } from '../../bots/kafka-bot/schedule.ts';
import { buckets, metrics as declared } from '../../exporters/kafka-bot/metrics.ts';

/** What the bot exposes, as Prometheus reads it. */

const made = (producer = 0, producers = 1) =>
  new Metrics({
    run: { testid: 'run-1', service: 'shop', producer, producers },
    topics: ['orders', 'audit'],
    client: 'kafkajs',
    delivery: { acks: 'all', compression: 'none', idempotent: true, batchBytes: 100_000 },
    schedule: new Schedule([{ seconds: 60, from: 10, to: 10 }]),
  });

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

async function samples({ registry }: Metrics): Promise<Sample[]> {
  const lines = (await registry.metrics()).matchAll(/^(\w+)\{(.*)\} (\S+)$/gm);
  return [...lines].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text])),
    value: Number(value),
  }));
}

/** The values of a metric, by the labels that tell its series apart. */
async function valuesOf(metrics: Metrics, name: string): Promise<Record<string, number>> {
  const own = (await samples(metrics)).filter((sample) => sample.name === name);
  const key = ({ testid, service, ...labels }: Sample['labels']) => Object.values(labels).sort().join(' ');
  return Object.fromEntries(own.map(({ labels, value }) => [key(labels), value]));
}

const dueAt = 1_700_000_000_000;
const batch = (...due: number[]): SentBatch => ({
  topic: 'orders',
  partition: 0,
  firstSequence: 0,
  messages: due.map(() => ({ key: null, value: Buffer.alloc(1), headers: {} })),
  dueAt: due,
});
const status = (change: Partial<Status>): Status => ({
  ...{ due: 0, acknowledged: 0, failed: 0, dropped: 0, backlog: 0, oldestSeconds: 0, targetRate: 0 },
  ...change,
});

test('once everything has happened, exactly what is declared is there, with its kind and its labels', async () => {
  const metrics = made();
  metrics.acknowledged(batch(dueAt), dueAt + 5);
  metrics.failedAttempt(new SendError('too late', 'timeout', true));
  metrics.gaveUp(batch(dueAt), new SendError('too large', 'message_too_large', false));
  metrics.settled({ topics: new Map([['orders', settlement(0)]]), doubts: [] });
  metrics.lag('mails', 'orders', 3, 0.5);
  metrics.drained('mails', 4);

  const text = await metrics.registry.metrics();
  const types = Object.fromEntries([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  expect(types).toEqual(Object.fromEntries(Object.values(declared).map(({ name, kind }) => [name, kind])));
  const found = await samples(metrics);
  for (const { name, kind, labels } of Object.values(declared)) {
    const series = found.filter((one) => one.name === (kind === 'histogram' ? `${name}_bucket` : name));
    const own = [...new Set(series.flatMap((one) => Object.keys(one.labels)))];
    // The rest comes from the scrape.
    expect({ name, labels: [...own, 'job', 'instance'].sort() }).toEqual({ name, labels: [...labels].sort() });
  }
  for (const { labels } of found) expect(labels).toMatchObject({ testid: 'run-1', service: 'shop' });
});

const settlement = (lost: number) => ({
  ...{ received: 0, duplicated: 0, reordered: 0, corrupted: 0, sent: 0, acknowledged: 0, unacknowledgedArrived: 0 },
  lost,
});

test('before anything has happened there is a 0 for each topic, and nothing that a reason or a group would name', async () => {
  const metrics = made();
  for (const { name } of [
    declared.sent,
    declared.received,
    declared.duplicated,
    declared.reordered,
    declared.corrupted,
  ])
    expect({ name, values: await valuesOf(metrics, name) }).toEqual({ name, values: { orders: 0, audit: 0 } });
  for (const { name } of [declared.duration, declared.endToEnd])
    expect(await valuesOf(metrics, `${name}_count`)).toEqual({ orders: 0, audit: 0 });
  for (const { name } of [declared.due, declared.dropped, declared.retries, declared.targetRate, declared.loadSeconds])
    expect({ name, values: await valuesOf(metrics, name) }).toEqual({ name, values: { '': 0 } });
  for (const metric of Object.values(declared).filter(({ sparse, late }) => sparse || late))
    expect(await valuesOf(metrics, metric.name)).toEqual({});
});

test('a duration counts from when a message was due, in each bucket that it fits, to the bound itself', async () => {
  const metrics = made();
  metrics.acknowledged(batch(dueAt, dueAt + 30, dueAt + 49), dueAt + 50);
  metrics.acknowledged(batch(dueAt), dueAt + 400_000);
  // By a clock that was set back.
  metrics.acknowledged(batch(dueAt), dueAt - 1000);
  const { name } = declared.duration;
  const counts = await valuesOf(metrics, `${name}_bucket`);
  const at = (le: string) => counts[`${le} orders`];
  expect(['0.001', '0.01', '0.02', '0.03', '0.05', '300', '+Inf'].map(at)).toEqual([2, 2, 3, 3, 4, 4, 5]);
  expect(Object.keys(counts)).toHaveLength(2 * (buckets.length + 1));
  expect((await valuesOf(metrics, `${name}_sum`)).orders).toBeCloseTo(400.071);
  expect(await valuesOf(metrics, `${name}_count`)).toEqual({ orders: 5, audit: 0 });
  expect(await valuesOf(metrics, declared.sent.name)).toEqual({ orders: 5, audit: 0 });
});

test('how long it took to be read is kept by topic', async () => {
  const metrics = made();
  metrics.endToEnd('audit', 0.2);
  metrics.endToEnd('audit', 0.3);
  expect(await valuesOf(metrics, `${declared.endToEnd.name}_sum`)).toEqual({ orders: 0, audit: 0.5 });
  expect(await valuesOf(metrics, `${declared.endToEnd.name}_count`)).toEqual({ orders: 0, audit: 2 });
});

test('failures are counted by their reason: requests, and messages that were given up', async () => {
  const metrics = made();
  for (const retriable of [true, true, false])
    metrics.failedAttempt(new SendError('no', retriable ? 'timeout' : 'message_too_large', retriable));
  metrics.retried();
  metrics.gaveUp(batch(dueAt, dueAt, dueAt), new SendError('no', 'message_too_large', false));
  expect(await valuesOf(metrics, declared.errors.name)).toEqual({ timeout: 2, message_too_large: 1 });
  expect(await valuesOf(metrics, declared.retries.name)).toEqual({ '': 1 });
  expect(await valuesOf(metrics, declared.failed.name)).toEqual({ 'message_too_large orders': 3 });
  expect(await valuesOf(metrics, `${declared.duration.name}_count`)).toEqual({ orders: 0, audit: 0 });
});

test('the breaker is in one state at a time, and each opening counts', async () => {
  const metrics = made();
  const { name } = declared.breaker;
  expect(await valuesOf(metrics, name)).toEqual({ closed: 1, open: 0, half_open: 0 });
  metrics.breaker('open');
  metrics.breaker('half_open');
  metrics.breaker('open');
  expect(await valuesOf(metrics, name)).toEqual({ closed: 0, open: 1, half_open: 0 });
  expect(await valuesOf(metrics, declared.breakerOpened.name)).toEqual({ '': 2 });
});

test('how the sender stands is asked at each scrape', async () => {
  const metrics = made();
  let now = status({ due: 100, dropped: 7, backlog: 30, oldestSeconds: 1.5, targetRate: 10 });
  metrics.watch(() => now);
  const read = async () =>
    Promise.all(
      [declared.due, declared.dropped, declared.backlog, declared.lateness, declared.targetRate].map(
        async ({ name }) => (await valuesOf(metrics, name))[''],
      ),
    );
  expect(await read()).toEqual([100, 7, 30, 1.5, 10]);
  now = status({ due: 120, dropped: 7, targetRate: 5 });
  expect(await read()).toEqual([120, 7, 0, 0, 5]);
});

test.each([
  ['nothing', 0, 1, 0, 0],
  ['a half', 0, 1, 300, 29.95],
  ['all', 0, 1, 600, 60],
  ['all of what is its own', 1, 3, 200, 60],
  ['a half of that', 1, 3, 100, 29.85],
])('the load has lasted for as long as %s of it was due', async (_, producer, producers, due, seconds) => {
  const metrics = made(producer, producers);
  metrics.watch(() => status({ due }));
  expect((await valuesOf(metrics, declared.loadSeconds.name))['']).toBeCloseTo(seconds);
});

describe('messages that were lost', () => {
  const topics = new Map([
    ['orders', settlement(2)],
    ['audit', settlement(0)],
  ]);

  test('are told by topic when all was read', async () => {
    const metrics = made();
    metrics.settled({ topics, doubts: [] });
    expect(await valuesOf(metrics, declared.lost.name)).toEqual({ orders: 2, audit: 0 });
  });

  test('are not told where nobody knows', async () => {
    const metrics = made();
    metrics.settled({ topics, doubts: ['producer 1 left no ledger'] });
    expect(await valuesOf(metrics, declared.lost.name)).toEqual({});
  });
});

describe('the rate', () => {
  beforeEach(() => jest.useFakeTimers({ now: dueAt, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  test('is that of the last full second', async () => {
    const metrics = made();
    const rate = async () => (await valuesOf(metrics, declared.actualRate.name))[''];
    metrics.acknowledged(batch(dueAt, dueAt), dueAt);
    expect(await rate()).toBe(0);
    jest.setSystemTime(dueAt + 999);
    metrics.acknowledged(batch(dueAt), dueAt);
    jest.setSystemTime(dueAt + 1500);
    metrics.acknowledged(batch(dueAt), dueAt);
    expect(await rate()).toBe(3);
    jest.setSystemTime(dueAt + 2000);
    expect(await rate()).toBe(1);
    jest.setSystemTime(dueAt + 3000);
    expect(await rate()).toBe(0);
  });

  test('is 0 after a pause', async () => {
    const metrics = made();
    metrics.acknowledged(batch(dueAt), dueAt);
    jest.setSystemTime(dueAt + 5000);
    metrics.acknowledged(batch(dueAt), dueAt);
    expect((await valuesOf(metrics, declared.actualRate.name))['']).toBe(0);
  });
});

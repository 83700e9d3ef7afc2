import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, type Driver, SendError } from '../../bots/kafka-bot/drivers/driver.ts';
import type { SentBatch } from '../../bots/kafka-bot/lane.ts';
import type { Observer } from '../../bots/kafka-bot/observer.ts';
import { BotError } from '../../bots/kafka-bot/options.ts';
import { checksumOf, decodeMark, encodeMark } from '../../bots/kafka-bot/proof/header.ts';
import { MarkWriter } from '../../bots/kafka-bot/proof/mark-writer.ts';
import { Schedule } from '../../bots/kafka-bot/schedule.ts';
import { Sender, type SenderProps } from '../../bots/kafka-bot/sender.ts';

/** Messages leave at their times, in order, and what becomes of each is known: the brokers are played by a driver. */

class Brokers implements Driver {
  readonly taken: Batch[] = [];
  readonly attempts: Batch[] = [];
  readonly #answer: (batch: Batch, attempt: number) => Promise<void>;
  /** Batches on their way, by partition: now, and at most. */
  readonly #now = new Map<number, number>();
  most = 0;

  constructor(answer: (batch: Batch, attempt: number) => Promise<void> = async () => undefined) {
    this.#answer = answer;
  }

  async send(batch: Batch): Promise<void> {
    const { partition } = batch;
    this.attempts.push(batch);
    const count = (this.#now.get(partition) ?? 0) + 1;
    this.#now.set(partition, count);
    this.most = Math.max(this.most, count);
    try {
      await this.#answer(batch, this.attempts.filter((one) => one === batch).length);
      this.taken.push(batch);
    } finally {
      this.#now.set(partition, (this.#now.get(partition) ?? 0) - 1);
    }
  }

  async close(): Promise<void> {}

  /** Marks of a partition, in the order in which they were taken. */
  marks(partition: number) {
    return this.taken
      .filter((batch) => batch.partition === partition)
      .flatMap(({ messages }) => messages.map(({ headers }) => decodeMark(headers.loadscope as Buffer)));
  }
}

class Log implements Observer {
  readonly acknowledgments: { readonly batch: SentBatch; readonly at: number }[] = [];
  readonly events: string[] = [];
  readonly givenUp: { readonly batch: SentBatch; readonly error: SendError }[] = [];

  acknowledged(batch: SentBatch, at: number): void {
    this.acknowledgments.push({ batch, at });
  }
  failedAttempt({ reason }: SendError): void {
    this.events.push(reason);
  }
  retried(): void {
    this.events.push('retried');
  }
  gaveUp(batch: SentBatch, error: SendError): void {
    this.givenUp.push({ batch, error });
  }
  breaker(state: string): void {
    this.events.push(state);
  }

  /** Milliseconds from when each message was due to its acknowledgment. */
  get latencies(): number[] {
    return this.acknowledgments.flatMap(({ batch, at }) => batch.dueAt.map((due) => at - due));
  }
}

const delivery = { acks: 'all', compression: 'none', idempotent: true, batchBytes: 10_000 } as const;
const value = Buffer.from('some text');
/** 200 messages, one each half a millisecond. */
const steady = [{ seconds: 0.1, from: 2000, to: 2000 }];

function sender(driver: Driver, props: Partial<SenderProps> = {}) {
  const log = new Log();
  const made: number[] = [];
  const tested = new Sender({
    testid: 'test-1',
    producer: 0,
    producers: 1,
    stages: steady,
    driver,
    makeMessage: (k) => {
      made.push(k);
      return { topic: 'orders', key: null, value };
    },
    partitionOf: (_topic, _key, k) => k % 2,
    delivery,
    retry: { initialMs: 1, maxMs: 5 },
    breaker: { failures: 5, cooldownMs: 20 },
    maxBacklog: 1_000_000,
    observer: log,
    ...props,
  });
  return { tested, log, made };
}

const none = (): Promise<never> => new Promise(() => undefined);

test('each message of the schedule is sent once, in order, and marked with when it was due', async () => {
  const brokers = new Brokers();
  const { tested } = sender(brokers);
  const startsAt = Date.now() + 20;
  await tested.run(startsAt);

  const schedule = new Schedule(steady);
  for (const partition of [0, 1])
    expect(brokers.marks(partition)).toEqual(
      Array.from({ length: 100 }, (_, sequence) => ({
        testid: 'test-1',
        producer: 0,
        sequence,
        dueAt: Math.round(startsAt + schedule.timeOf(sequence * 2 + partition) * 1000),
        checksum: checksumOf(value),
      })),
    );
  expect(tested.status()).toMatchObject({ due: 200, acknowledged: 200, backlog: 0, dropped: 0, failed: 0 });
  expect(tested.ledger()).toEqual({
    testid: 'test-1',
    producer: 0,
    partitions: [0, 1].map((partition) => ({ topic: 'orders', partition, sent: 100, unacknowledged: [] })),
  });
});

test('they leave over the time of the run, not before they are due and not all in the end', async () => {
  const { tested, log } = sender(new Brokers());
  await tested.run(Date.now() + 20);
  expect(Math.min(...log.latencies)).toBeGreaterThanOrEqual(0);
  const [first, last] = [log.acknowledgments[0], log.acknowledgments.at(-1)];
  expect(first?.at).toBeLessThan(last?.batch.dueAt.at(-1) ?? 0);
  expect(log.acknowledgments.length).toBeGreaterThan(4);
});

test('producers share the messages of a run', async () => {
  const [first, second] = [0, 1].map((producer) => sender(new Brokers(), { producer, producers: 2 }));
  const startsAt = Date.now();
  await Promise.all([first?.tested.run(startsAt), second?.tested.run(startsAt)]);
  expect(first?.made).toEqual(Array.from({ length: 100 }, (_, index) => index * 2));
  expect(second?.made).toEqual(Array.from({ length: 100 }, (_, index) => index * 2 + 1));
  expect(first?.tested.status().due).toBe(100);
});

test('a batch that failed is sent again as it was, and nothing of its partition before it', async () => {
  const brokers = new Brokers(async ({ partition }, attempt) => {
    await sleep(2);
    if (partition === 0 && attempt < 3) throw new SendError('gone', 'connection', true);
  });
  const { tested, log } = sender(brokers, { breaker: { failures: 1000, cooldownMs: 1 } });
  await tested.run(Date.now());
  expect(brokers.most).toBe(1);
  const attempts = brokers.attempts.filter(({ partition }) => partition === 0);
  // The same object three times, and then the next.
  expect(attempts.filter((batch, index) => batch !== attempts[index - (index % 3)])).toEqual([]);
  expect(brokers.marks(0).map((mark) => mark?.sequence)).toEqual(Array.from({ length: 100 }, (_, index) => index));
  expect(log.events.filter((event) => event === 'retried')).toHaveLength((attempts.length * 2) / 3);
});

test('where the brokers do not keep order, five batches of a partition may be on their way', async () => {
  const brokers = new Brokers(() => sleep(300));
  const { tested } = sender(brokers, { delivery: { ...delivery, idempotent: false } });
  await tested.run(Date.now());
  expect(brokers.most).toBe(5);
  expect(tested.status().acknowledged).toBe(200);
});

test('batches are as large as they may be, and no larger', async () => {
  const brokers = new Brokers(() => sleep(30));
  const { tested } = sender(brokers, { delivery: { ...delivery, batchBytes: 1000 } });
  await tested.run(Date.now());
  // With their marks, and some bytes for what else is in a record.
  const sizes = brokers.taken.map(({ messages }) =>
    messages.reduce((sum, { value, headers }) => sum + value.length + (headers.loadscope?.length ?? 0) + 32, 0),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
  expect(Math.max(...sizes)).toBeGreaterThan(900);
});

test('latency counts from when a message was due, with the time that it waited', async () => {
  const brokers = new Brokers(({ messages }) => sleep(messages[0] === first ? 90 : 0));
  let first: unknown;
  const send = brokers.send.bind(brokers);
  brokers.send = (batch) => {
    first ??= batch.messages[0];
    return send(batch);
  };
  const { tested, log } = sender(brokers, { partitionOf: () => 0 });
  await tested.run(Date.now());
  // While the first batch was on its way, the others came due, one each half a millisecond.
  const [slow, next] = log.acknowledgments;
  expect(slow?.at).toBeGreaterThanOrEqual((slow?.batch.dueAt[0] ?? 0) + 85);
  const waited = (next?.batch.dueAt ?? []).map((due) => (next?.at ?? 0) - due);
  expect(Math.max(...waited) - Math.min(...waited)).toBeGreaterThan(50);
  expect(Math.max(...waited)).toBeGreaterThan(70);
});

test('failures are no latency: a message has one, when it is acknowledged', async () => {
  const brokers = new Brokers(async (_batch, attempt) => {
    if (attempt === 1) throw new SendError('gone', 'connection', true);
  });
  const { tested, log } = sender(brokers);
  await tested.run(Date.now());
  expect(log.latencies).toHaveLength(200);
});

test('messages are made when they can soon be sent, and the backlog is counted with its age', async () => {
  const brokers = new Brokers(none);
  const { tested, made } = sender(brokers, { stages: [{ seconds: 10, from: 1e6, to: 1e6 }], stopSeconds: 0 });
  void tested.run(Date.now());
  await sleep(120);
  const { due, backlog, oldestSeconds, acknowledged } = tested.status();
  expect(due).toBeGreaterThan(50_000);
  expect({ backlog, acknowledged }).toEqual({ backlog: due, acknowledged: 0 });
  expect(oldestSeconds).toBeGreaterThan(0.1);
  expect(made.length).toBeLessThan(2000);
  await tested.stop();
});

test('what comes due beyond the longest backlog is dropped, the newest first, and counted', async () => {
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { tested, made } = sender(new Brokers(() => gate), { maxBacklog: 50 });
  const run = tested.run(Date.now());
  await sleep(130);
  const { due, dropped, backlog } = tested.status();
  expect(due).toBe(200);
  expect(dropped).toBeGreaterThan(100);
  expect(backlog).toBe(due - dropped);
  release();
  await run;
  expect(tested.status()).toMatchObject({ acknowledged: due - dropped, dropped, backlog: 0 });
  // The oldest were kept.
  expect(made).toEqual(Array.from({ length: due - dropped }, (_, k) => k));
});

test('told to stop, it lets nothing more come due, and sends what did', async () => {
  const brokers = new Brokers(() => sleep(30));
  const { tested } = sender(brokers, { stages: [{ seconds: 60, from: 1000, to: 1000 }] });
  const run = tested.run(Date.now());
  await sleep(70);
  const { due } = tested.status();
  await tested.stop();
  await run;
  expect(due).toBeGreaterThan(40);
  const status = tested.status();
  expect(status.due - due).toBeLessThan(20);
  expect(status).toMatchObject({ acknowledged: status.due, dropped: 0, backlog: 0, targetRate: 0 });
});

test('what is left when the time is up stands in the ledger, or was dropped where it was never made', async () => {
  let answers = 3;
  const brokers = new Brokers(() => (answers-- > 0 ? sleep(1) : none()));
  const { tested } = sender(brokers, {
    drainSeconds: 0.03,
    partitionOf: () => 0,
    delivery: { ...delivery, batchBytes: 200 },
  });
  await tested.run(Date.now());
  const { due, acknowledged, dropped, backlog } = tested.status();
  const [partition] = tested.ledger().partitions;
  expect(due).toBe(200);
  expect(acknowledged).toBe(brokers.taken.reduce((sum, { messages }) => sum + messages.length, 0));
  expect(partition?.unacknowledged).toEqual([[acknowledged, (partition?.sent ?? 0) - 1]]);
  expect({ backlog, dropped }).toEqual({
    backlog: (partition?.sent ?? 0) - acknowledged,
    dropped: due - (partition?.sent ?? 0),
  });
});

test('a batch that the brokers do not take is given up with the reason, and the others go on', async () => {
  let refused: Batch | undefined;
  const brokers = new Brokers(async (batch) => {
    if (batch.partition === 1 && brokers.taken.length > 3) refused ??= batch;
    if (batch === refused) throw new SendError('too large', 'message_too_large', false);
  });
  const { tested, log } = sender(brokers);
  await tested.run(Date.now());
  const failed = refused?.messages.length ?? 0;
  expect(failed).toBeGreaterThan(0);
  expect(tested.status()).toMatchObject({ due: 200, acknowledged: 200 - failed, failed, backlog: 0 });
  expect(log.givenUp.map(({ error }) => error.reason)).toEqual(['message_too_large']);
  const first = log.givenUp[0]?.batch.firstSequence ?? -1;
  expect(tested.ledger().partitions.map(({ unacknowledged }) => unacknowledged)).toEqual([
    [],
    [[first, first + failed - 1]],
  ]);
});

test('where nothing can be sent at all, the run ends with the reason', async () => {
  const brokers = new Brokers(async () => {
    throw new SendError('topic orders: the user may not write to it', 'authorization', false);
  });
  const { tested } = sender(brokers, { stages: [{ seconds: 60, from: 1000, to: 1000 }] });
  await expect(tested.run(Date.now())).rejects.toThrow(new BotError('topic orders: the user may not write to it'));
});

test('a mark is the same whoever writes it', () => {
  const writer = new MarkWriter('run-7', 12);
  for (const [sequence, dueAt, checksum] of [
    [0, 0, 0],
    [9, 1_795_306_449_550, 0xffffffff],
    [2_147_483_648, 1_795_306_000_005, 0x0a],
    [1_000_000, 2_000_000_000_000, 0x100],
    [9_007_199_254_740_991, 9_007_199_254_740_991, 1],
  ] as const)
    expect(writer.write(sequence, dueAt, checksum)).toEqual(
      encodeMark({ testid: 'run-7', producer: 12, sequence, dueAt, checksum }),
    );
});

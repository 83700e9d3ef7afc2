import { gzipSync } from 'node:zlib';
import { Partitioners } from 'kafkajs';
import { type MadeMessage, messageMaker } from '../../bots/kafka-bot/messages/message-maker.ts';
import { murmur2 } from '../../bots/kafka-bot/messages/murmur2.ts';
import { partitioner } from '../../bots/kafka-bot/messages/partitioner.ts';
import { templates } from '../../bots/kafka-bot/messages/templates.ts';
import type { Payload, Size, Weighted } from '../../bots/kafka-bot/options.ts';

/** What messages are made of, by their numbers. */

const own = [{ of: 'loadscope.a', weight: 1 }];
const dueAt = Date.parse('2026-03-01T10:00:00.250Z');
const none = { kind: 'none' } as const;

const makerOf = (payload: Partial<Payload>, topics: readonly Weighted<string>[] = own, testid = 'bot-1') =>
  messageMaker(
    { template: { name: 'order-created' }, key: { kind: 'uniform', count: 100 }, seed: 1, ...payload },
    topics,
    testid,
  );

/** The first messages of a run. */
const first = (count: number, payload: Partial<Payload>, topics = own): MadeMessage[] => {
  const make = makerOf(payload, topics);
  return Array.from({ length: count }, (_, k) => make(k, dueAt + k));
};

const jsonOf = ({ value }: MadeMessage) => JSON.parse(value.toString());

const ofText = (text: string, payload: Partial<Payload> = {}, count = 1000): string[] =>
  first(count, { template: { text }, key: none, ...payload }).map(({ value }) => value.toString());

const named = Object.keys(templates).map((name) => [name] as const);
const ofJson = named.filter(([name]) => name !== 'raw');
const fixed = (bytes: number): Size => ({ kind: 'fixed', bytes });

describe('chance', () => {
  test.each(named)('makes the same messages of %s from the same seed, in any order', (name) => {
    const payload: Partial<Payload> = { template: { name }, size: { kind: 'range', from: 700, to: 2000 } };
    const topics = [...own, { of: 'loadscope.b', weight: 1 }];
    const shown = ({ topic, key, value }: MadeMessage) => `${topic} ${key} ${value}`;
    const forward = first(300, payload, topics);
    const make = makerOf(payload, topics);
    const backward = Array.from({ length: 300 }, (_, index) => make(299 - index, dueAt + 299 - index)).reverse();
    expect(backward.map(shown)).toEqual(forward.map(shown));
    expect(new Set(forward.map(({ value }) => value.toString())).size).toBe(300);
    const other = first(300, { ...payload, seed: 2 }, topics);
    expect(other.filter(({ value }, k) => forward[k]?.value.equals(value))).toEqual([]);
    for (const part of ['topic', 'key'] as const)
      expect(other.map((one) => String(one[part]))).not.toEqual(forward.map((one) => String(one[part])));
  });
  test('goes on beyond 2^32 messages', () => {
    const make = makerOf({});
    const ids = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52].map((k) => jsonOf(make(k, dueAt)).eventId);
    expect(new Set(ids).size).toBe(ids.length);
  });
  test('gives each message ids of its own, in other runs too', () => {
    const ids = new Set<string>();
    for (const [testid, messages] of [
      ['bot-1', 100_000],
      ['bot-2', 1000],
    ] as const) {
      const make = makerOf({ template: { text: '"{{uuid}} {{uuid}}"' }, key: none }, own, testid);
      for (let k = 0; k < messages; k++)
        for (const id of make(k, 0).value.toString('latin1', 1, 74).split(' ')) ids.add(id);
    }
    expect(ids.size).toBe(202_000);
    for (const id of [...ids].slice(0, 100))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('an order', () => {
  test('says that it is none, and when it was due', () => {
    const { key, value } = makerOf({})(7, dueAt + 0.7);
    expect(JSON.parse(value.toString())).toEqual({
      ...{ eventType: 'ORDER_CREATED', eventId: expect.any(String), orderId: expect.any(String) },
      ...{ userId: Number(key), totalAmount: expect.any(Number) },
      items: [{ productId: expect.any(Number), quantity: expect.any(Number) }],
      ...{ createdAt: '2026-03-01T10:00:00.250Z', createdAtMs: dueAt, test: true, testid: 'bot-1' },
    });
  });
  test('has what orders have', () => {
    const orders = first(2000, { key: { kind: 'uniform', count: 50 } }).map(jsonOf);
    const within = (numbers: number[], least: number, most: number) => {
      expect(numbers.every((one) => Number.isInteger(one) && one >= least && one <= most)).toBe(true);
      expect(Math.max(...numbers) - Math.min(...numbers)).toBeGreaterThan(0.9 * (most - least));
    };
    within(
      orders.map(({ userId }) => userId),
      1,
      50,
    );
    within(
      orders.map(({ totalAmount }) => totalAmount),
      1000,
      500_000,
    );
    within(
      orders.map(({ items }) => items[0].productId),
      1,
      1000,
    );
    within(
      orders.map(({ items }) => items[0].quantity),
      1,
      5,
    );
  });
  test('has users also where it has no key', () => {
    const orders = first(50, { key: none });
    expect(orders.every(({ key }) => key === null)).toBe(true);
    expect(new Set(orders.map(jsonOf).map(({ userId }) => userId)).size).toBeGreaterThan(40);
  });
});

test.each(['stock-data', 'signals', 'indicators'])('%s is about shares, whose code is the key', (name) => {
  const messages = first(300, { template: { name }, key: { kind: 'uniform', count: 20 } });
  for (const message of messages) expect(jsonOf(message).symbol).toBe(String(message.key));
  expect(messages.map(jsonOf)).toContainEqual(
    expect.objectContaining({ symbol: '005930', company: '삼성전자', test: true, testid: 'bot-1' }),
  );
  const prices = messages
    .map(jsonOf)
    .filter(({ symbol }) => symbol === '005930')
    .map(({ price, close }) => price ?? close);
  for (const price of prices) expect(Math.abs(price / 71_000 - 1)).toBeLessThan(0.031);
});

describe('sizes', () => {
  test.each(ofJson)('%s is JSON of exactly the size', (name) => {
    const least = Number(/takes (\d+) B/.exec(refusal({ template: { name }, size: fixed(1) }))?.[1]);
    for (const bytes of [least, least + 1, 1024, 10_240, 100_000]) {
      const ids = new Set<string>();
      for (const message of first(50, {
        template: { name },
        size: fixed(bytes),
        key: { kind: 'uniform', count: 1_000_000 },
      })) {
        expect(message.value.length).toBe(bytes);
        expect(jsonOf(message)).toMatchObject({ test: true, padding: expect.any(String) });
        ids.add(jsonOf(message).eventId);
      }
      expect(ids.size).toBe(50);
    }
    expect(refusal({ template: { name }, size: { kind: 'range', from: least - 1, to: 5000 } })).toBe(
      `--message-size asks for ${least - 1} B, and the template takes ${least} B: ask for more, or for --template raw`,
    );
  });
  const refusal = (payload: Partial<Payload>): string => {
    try {
      makerOf({ key: { kind: 'uniform', count: 1_000_000 }, ...payload });
    } catch (error) {
      expect(error).toMatchObject({ name: 'BotError' });
      return (error as Error).message;
    }
    throw new Error('is taken');
  };
  test.each(['{}', '{ }', '{"a": "삼성전자 😀"}', '{"a": {"b": "{{company}}"}}\n'])('%s is padded, too', (text) => {
    for (const value of ofText(text, { size: fixed(80), key: { kind: 'uniform', count: 100 } }, 50)) {
      expect(Buffer.byteLength(value)).toBe(80);
      expect(JSON.parse(value)).toMatchObject({ padding: expect.stringMatching(/^[\w-]+$/) });
    }
  });
  test('raw has any size, and is not of one letter', () => {
    for (const bytes of [1, 100, 10_240, 3_000_000])
      for (const { value } of first(5, { template: { name: 'raw' }, size: fixed(bytes), key: none })) {
        expect(value.length).toBe(bytes);
        expect(value.toString('latin1')).toMatch(/^[\w-]+$/);
      }
    const batch = Buffer.concat(first(64, { template: { name: 'raw' }, key: none }).map(({ value }) => value));
    expect(batch.length).toBe(65_536);
    expect(gzipSync(batch).length / batch.length).toBeGreaterThan(0.7);
  });
  test('of a range come all', () => {
    const sizes = first(2000, { template: { name: 'raw' }, size: { kind: 'range', from: 10, to: 14 } }).map(
      ({ value }) => value.length,
    );
    for (const size of [10, 11, 12, 13, 14])
      expect(sizes.filter((one) => one === size).length / 2000).toBeCloseTo(0.2, 1);
  });
  test('of a list come as they weigh', () => {
    const size: Size = {
      kind: 'list',
      sizes: [
        { of: 100, weight: 5 },
        { of: 1024, weight: 3 },
        { of: 10_240, weight: 2 },
      ],
    };
    const sizes = first(10_000, { template: { name: 'raw' }, size }).map(({ value }) => value.length);
    for (const { of, weight } of size.sizes)
      expect(sizes.filter((one) => one === of).length / 1000).toBeCloseTo(weight, 0);
  });
});

test('topics get what they weigh', () => {
  const topics = [
    { of: 'a', weight: 6 },
    { of: 'b', weight: 3 },
    { of: 'c', weight: 1 },
  ];
  const messages = first(10_000, { template: { name: 'raw' }, size: fixed(1), key: none }, topics);
  for (const { of, weight } of topics) {
    const share = messages.filter(({ topic }) => topic === of).length / 1000;
    expect(Math.abs(share - weight)).toBeLessThan(0.15);
  }
});

describe('keys', () => {
  const counts = (key: Payload['key']): number[] => {
    const found = new Map<string, number>();
    for (const one of first(20_000, { template: { name: 'raw' }, size: fixed(1), key }))
      found.set(String(one.key), (found.get(String(one.key)) ?? 0) + 1);
    return Array.from({ length: 100 }, (_, index) => found.get(String(index + 1)) ?? 0);
  };
  test('are all as frequent, or few are frequent', () => {
    const even = counts({ kind: 'uniform', count: 100 });
    expect(even.reduce((sum, one) => sum + one)).toBe(20_000);
    expect(Math.max(...even)).toBeLessThan(1.4 * Math.min(...even));
    const zipf = counts({ kind: 'zipf', count: 100 });
    expect(zipf.reduce((sum, one) => sum + one)).toBe(20_000);
    // Shares of 1, 1/2, 1/10 in a sum of 5.19.
    for (const rank of [1, 2, 10]) expect((zipf[rank - 1] ?? 0) / 20_000).toBeCloseTo(1 / rank / 5.187, 2);
  });
  test('may be none', () => {
    expect(first(3, { template: { name: 'raw' }, size: fixed(1), key: none }).map(({ key }) => key)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('placeholders', () => {
  test('k, the time, the run and the key', () => {
    expect(ofText('[{{k}},"{{now}}",{{ epochMs }},"{{testid}}"]', {}, 2)).toEqual([
      `[0,"2026-03-01T10:00:00.250Z",${dueAt},"bot-1"]`,
      `[1,"2026-03-01T10:00:00.251Z",${dueAt + 1},"bot-1"]`,
    ]);
    const keyed = first(20, { template: { text: '"{{key}}"' }, key: { kind: 'uniform', count: 1000 } });
    for (const message of keyed) expect(jsonOf(message)).toBe(String(message.key));
  });
  test.each<[string, number, number]>([
    ['int 1 3', 1, 3],
    ['int -5 -5', -5, -5],
    ['int -100 100', -100, 100],
    ['int 0 9007199254740990', 0, 9_007_199_254_740_990],
    ['float 0 1', 0, 1],
    ['float -1.5 2 1', -1.5, 2],
    ['float -0.05 -0.01 2', -0.05, -0.01],
  ])('{{%s}}', (inside, least, most) => {
    const numbers = ofText(`{{${inside}}}`).map((text) => JSON.parse(text));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(most);
    expect(Math.max(...numbers) - Math.min(...numbers)).toBeGreaterThanOrEqual(0.9 * (most - least));
    if (inside.startsWith('int')) expect(numbers.every(Number.isInteger)).toBe(true);
  });
  test('pick takes one of its words', () => {
    expect([...new Set(ofText('"{{pick 매수 SELL x}}"'))].sort()).toEqual(['"SELL"', '"x"', '"매수"']);
  });
  test('each is chosen by itself', () => {
    const pairs = new Set(ofText('[{{int 0 9}},{{int 0 9}}]'));
    expect(pairs.size).toBe(100);
  });
  test('without any, it is the same message all the time', () => {
    const make = makerOf({ template: { text: '{"a": 1}' }, key: none, size: fixed(100) });
    expect(make(0, 0).value).toBe(make(1, 1).value);
  });
});

describe('partitions', () => {
  // As org.apache.kafka.common.utils.Utils.murmur2 and BuiltInPartitioner.partitionForKey of kafka-clients 4.1.1 have it.
  test.each([
    ['test', 716_234_879, 2, 11],
    ['', 275_646_681, 0, 9],
    ['a', -1_563_381_124, 1, 4],
    ['ab', 316_155_434, 2, 2],
    ['abc', 479_470_107, 0, 3],
    ['175', 2_123_474_858, 2, 2],
    ['005930', -1_452_783_342, 2, 2],
    ['삼성전자', 1_360_329_272, 2, 8],
    ['loadscope-kafka-bot-key-0123456789', 898_487_015, 2, 11],
  ])('of key "%s" are those of the Java client', (key, hash, ofThree, ofTwelve) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
    const partitionOf = partitioner(
      new Map([
        ['a', 3],
        ['b', 12],
      ]),
    );
    expect([partitionOf('a', Buffer.from(key), 1), partitionOf('b', Buffer.from(key), 1)]).toEqual([ofThree, ofTwelve]);
  });
  test('of any key are those of kafkajs', () => {
    const theirs = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 7 }, (_, partitionId) => ({
      partitionId,
      leader: 1,
      partitionErrorCode: 0,
      replicas: [],
      isr: [],
    }));
    const partitionOf = partitioner(new Map([['a', 7]]));
    for (const { value } of first(300, { template: { name: 'raw' }, size: { kind: 'range', from: 1, to: 40 } }))
      expect(partitionOf('a', value, 0)).toBe(
        theirs({ topic: 'a', partitionMetadata, message: { key: value, value: null } }),
      );
  });
  test.each([
    [3, 1],
    [3, 3],
    [12, 5],
    [4, 2],
  ])('%d without a key get the same of each of %d producers', (count, producers) => {
    const partitionOf = partitioner(new Map([['a', count]]));
    for (let producer = 0; producer < producers; producer++) {
      const found = new Array(count).fill(0);
      for (let k = producer; k < 600 * producers; k += producers) found[partitionOf('a', null, k)]++;
      expect(Math.max(...found) - Math.min(...found)).toBeLessThanOrEqual(producers);
    }
  });
  test('of a topic that is not known are a mistake of ours', () => {
    expect(() => partitioner(new Map())('a', null, 0)).toThrow('the partitions of a are not known');
  });
});

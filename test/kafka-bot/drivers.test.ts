import { createServer } from 'node:net';
import { gunzipSync } from 'node:zlib';
// @ts-expect-error kafkajs has no types for what it encodes
import checksumOfKafkajs from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
// @ts-expect-error kafkajs has no types for what it encodes
import produceOfKafkajs from 'kafkajs/src/protocol/requests/produce/v7/request.js';
import { codecOf } from '../../bots/kafka-bot/drivers/codecs.ts';
import { crc32c } from '../../bots/kafka-bot/drivers/crc32c.ts';
import type { Batch, Driver, DriverOptions } from '../../bots/kafka-bot/drivers/driver.ts';
import { connectDriver } from '../../bots/kafka-bot/drivers/index.ts';
import { connectPlatformatic } from '../../bots/kafka-bot/drivers/platformatic.ts';
import { decodeProduce, encodeProduce, type ProducerId } from '../../bots/kafka-bot/drivers/produce-request.ts';
import { ProducingDriver, type Transport } from '../../bots/kafka-bot/drivers/producing-driver.ts';
import { refusalOf } from '../../bots/kafka-bot/drivers/refusals.ts';
import { BotError, type Delivery } from '../../bots/kafka-bot/options.ts';

/** What goes to the brokers is what Kafka's protocol asks for, and what they answer is understood. */

const message = (value: string, key: string | null = null, headers: Record<string, Buffer> = {}) => ({
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(value),
  headers,
});
const batch = (...values: string[]): Batch => ({
  topic: 'orders',
  partition: 3,
  messages: values.map((value) => message(value)),
});

afterEach(() => jest.restoreAllMocks());

describe('a request', () => {
  const options = { acks: -1, timeoutMs: 20_000, producer: { id: 4711n, epoch: 2 }, sequence: 99 };

  const various: Batch = {
    topic: 'bestellungen-größer',
    partition: 12,
    messages: [
      message(''),
      message('x'.repeat(63), 'k'),
      message('y'.repeat(64), '', { loadscope: Buffer.from('run 1 2 3 4') }),
      message('z'.repeat(8192), 'key'.repeat(30), { a: Buffer.alloc(0), zwölf: Buffer.alloc(200, 1) }),
      ...Array.from({ length: 200 }, (_, index) =>
        message(`${index}`.repeat(index), null, { n: Buffer.from(`${index}`) }),
      ),
    ],
  };

  test('is byte for byte what kafkajs makes of the same messages', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(1_795_306_449_550);
    const ours = await encodeProduce(various, { ...options, codec: codecOf('none') });
    const { topic, partition, messages } = various;
    const theirs = await produceOfKafkajs({
      acks: options.acks,
      timeout: options.timeoutMs,
      producerId: options.producer.id,
      producerEpoch: options.producer.epoch,
      topicData: [{ topic, partitions: [{ partition, messages, firstSequence: options.sequence }] }],
    }).encode();
    expect(ours.equals(theirs.buffer)).toBe(true);
  });

  test('holds the same records compressed', async () => {
    const start = 26 + Buffer.byteLength(various.topic) + 61;
    const plain = await encodeProduce(various, { ...options, codec: codecOf('none') });
    const compressed = await encodeProduce(various, { ...options, codec: codecOf('gzip') });
    expect(compressed.length).toBeLessThan(plain.length / 2);
    expect(gunzipSync(compressed.subarray(start)).equals(plain.subarray(start))).toBe(true);
    // The codec, and a checksum of what is sent.
    expect(compressed.readInt16BE(start - 40)).toBe(1);
    expect(compressed.readUInt32BE(start - 44)).toBe(crc32c(compressed.subarray(start - 40)));
  });

  test('has the checksum of iSCSI', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))).toBe(0x46dd794e);
    // Of any length, and wherever it lies in memory.
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 7919) & 255));
    const parts = Array.from({ length: 90 }, (_, index) => bytes.subarray(index % 9, (index % 9) + index));
    expect(parts.map(crc32c)).toEqual(parts.map((part) => checksumOfKafkajs(part)));
  });

  test('is answered with a code', () => {
    const answer = Buffer.alloc(4 + 2 + 6 + 4 + 4 + 2 + 24 + 4);
    answer.writeInt32BE(1, 0);
    answer.writeInt16BE(6, 4);
    answer.write('orders', 6);
    answer.writeInt32BE(1, 12);
    answer.writeInt32BE(3, 16);
    answer.writeInt16BE(10, 20);
    answer.writeInt32BE(1500, 46);
    expect(decodeProduce(answer)).toEqual({ code: 10, throttleMs: 1500 });
  });
});

interface Request {
  readonly id: bigint;
  readonly sequence: number;
}

/** Brokers that answer with the codes that they are told. */
class Answers implements Transport {
  readonly requests: Request[] = [];
  readonly #codes: (number | Error)[];
  #ids = 0n;
  forgotten = 0;

  constructor(...codes: (number | Error)[]) {
    this.#codes = codes;
  }

  async newProducerId(): Promise<ProducerId> {
    return { id: ++this.#ids, epoch: 0 };
  }
  async produce(topic: string, _partition: number, body: Buffer) {
    const start = 26 + topic.length;
    this.requests.push({ id: body.readBigInt64BE(start + 43), sequence: body.readInt32BE(start + 53) });
    const code = this.#codes.shift() ?? 0;
    if (code instanceof Error) throw code;
    return { code, throttleMs: 0 };
  }
  forget(): void {
    this.forgotten++;
  }
  async close(): Promise<void> {}
}

describe('a driver', () => {
  const delivery: Delivery = { acks: 'all', compression: 'none', idempotent: true, batchBytes: 65_536 };
  const open = (transport: Transport): Promise<Driver> => ProducingDriver.open(transport, delivery, codecOf('none'));

  test('numbers what it sends by partition, and counts what was acknowledged', async () => {
    const brokers = new Answers();
    const driver = await open(brokers);
    await driver.send(batch('a', 'b', 'c'));
    await driver.send({ ...batch('d'), partition: 4 });
    await driver.send(batch('e'));
    expect(brokers.requests).toEqual([
      { id: 1n, sequence: 0 },
      { id: 1n, sequence: 0 },
      { id: 1n, sequence: 3 },
    ]);
  });

  test('gives a batch that is sent again the number that it had, so that the brokers know it', async () => {
    const brokers = new Answers(0, new Error('connection lost'), 6, 0);
    const driver = await open(brokers);
    await driver.send(batch('a', 'b'));
    await expect(driver.send(batch('c', 'd'))).rejects.toThrow('connection lost');
    await expect(driver.send(batch('c', 'd'))).rejects.toMatchObject({ reason: 'not_leader', retriable: true });
    await driver.send(batch('c', 'd'));
    await driver.send(batch('e'));
    expect(brokers.requests.map(({ sequence }) => sequence)).toEqual([0, 2, 2, 2, 4]);
    // It had the wrong leader, and asks again.
    expect(brokers.forgotten).toBe(1);
  });

  test('takes for acknowledged what the brokers had before', async () => {
    const brokers = new Answers(46);
    const driver = await open(brokers);
    await driver.send(batch('a', 'b'));
    await driver.send(batch('c'));
    expect(brokers.requests.map(({ sequence }) => sequence)).toEqual([0, 2]);
  });

  test.each([45, 47, 59])('goes on as a new producer when the brokers have lost track of it (%d)', async (code) => {
    const brokers = new Answers(0, code);
    const driver = await open(brokers);
    await driver.send(batch('a'));
    await expect(driver.send(batch('b'))).rejects.toMatchObject({ reason: 'producer_state', retriable: true });
    await driver.send(batch('b'));
    expect(brokers.requests).toEqual([
      { id: 1n, sequence: 0 },
      { id: 1n, sequence: 1 },
      { id: 2n, sequence: 0 },
    ]);
  });

  test('has no id where it is not idempotent', async () => {
    const brokers = new Answers();
    const driver = await ProducingDriver.open(brokers, { ...delivery, idempotent: false }, codecOf('none'));
    await driver.send(batch('a'));
    expect(brokers.requests[0]?.id).toBe(-1n);
  });

  test('waits for brokers that have just started, and says what they do not allow', async () => {
    const starting = new Answers();
    const [asked, refused] = [jest.spyOn(starting, 'newProducerId'), new Answers()];
    asked.mockRejectedValueOnce(refusalOf(14));
    await open(starting);
    expect(asked).toHaveBeenCalledTimes(2);
    jest.spyOn(refused, 'newProducerId').mockRejectedValue(refusalOf(31));
    await expect(open(refused)).rejects.toThrow(/--idempotence/);
  });

  test.each([
    [3, 'unknown_topic', true],
    [7, 'timeout', true],
    [10, 'message_too_large', false],
    [19, 'not_enough_replicas', true],
    [29, 'authorization', false],
    [56, 'storage', true],
    [76, 'unsupported', false],
    [-1, 'error_-1', true],
  ])('says what code %d means', (code, reason, retriable) => {
    const error = refusalOf(code, 'orders');
    expect(error).toMatchObject({ reason, retriable });
    expect(error.message).toMatch(/^topic orders: [^\n]+$/);
  });
});

describe('where it cannot connect', () => {
  const options = (port: number, more: Partial<Delivery> = {}): DriverOptions => ({
    connection: { brokers: [`127.0.0.1:${port}`] },
    clientId: 'test',
    delivery: { acks: 'all', compression: 'none', idempotent: true, batchBytes: 65_536, ...more },
  });
  const closedPort = async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as { port: number };
    await new Promise((resolve) => probe.close(resolve));
    return port;
  };

  test('it names the flag and the reason', async () => {
    const port = await closedPort();
    const failed = connectDriver('kafkajs', options(port));
    await expect(failed).rejects.toBeInstanceOf(BotError);
    await expect(failed).rejects.toThrow(
      `no broker of --bootstrap-servers 127.0.0.1:${port} answers: connection refused`,
    );
  });

  test('a codec that the client lacks is refused before that', async () => {
    const port = await closedPort();
    for (const compression of ['snappy', 'lz4'] as const)
      await expect(connectDriver('kafkajs', options(port, { compression }))).rejects.toThrow(
        new BotError(`--compression ${compression} needs --client platformatic: kafkajs does not have it`),
      );
  });

  test('a Node that is too old for a client is refused before it is loaded', async () => {
    await expect(connectPlatformatic(options(1), undefined, '20.19.4')).rejects.toThrow(
      new BotError(
        '--client platformatic needs Node 22 or newer, and this is 20.19.4: leave it out, which means kafkajs',
      ),
    );
  });
});

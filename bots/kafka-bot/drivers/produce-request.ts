import type { Codec as CodecName } from '../options.ts';
import type { Batch } from './driver.ts';
import { batchHeader, encodeRecords, writeBatchHeader } from './record-batch.ts';

/** Of Kafka's Produce request: the one from 2.1 on that knows all codecs, and that 4.x still takes. */
export const produceKey = 0;
export const produceVersion = 7;

/** Under which the brokers know the sequence of what a producer sends; -1 for one that they do not know. */
export interface ProducerId {
  readonly id: bigint;
  readonly epoch: number;
}

export interface Codec {
  readonly name: CodecName;
  /** As it stands in a batch's attributes. */
  readonly bits: number;
  /** Left out: the records stay as they are. */
  readonly compress?: (records: Buffer) => Promise<Buffer>;
}

export interface ProduceOptions {
  /** -1: of all in sync. */
  readonly acks: number;
  /** Milliseconds that a broker may wait for the others. */
  readonly timeoutMs: number;
  readonly codec: Codec;
  readonly producer: ProducerId;
  /** Of the first message. */
  readonly sequence: number;
}

/** The body of a Produce request with one batch. */
export async function encodeProduce({ topic, partition, messages }: Batch, options: ProduceOptions): Promise<Buffer> {
  const { acks, timeoutMs, codec, producer, sequence } = options;
  const name = Buffer.from(topic);
  const start = 26 + name.length;
  let body = encodeRecords(messages, start + batchHeader);
  if (codec.compress) {
    const records = await codec.compress(body.subarray(start + batchHeader));
    body = Buffer.concat([body.subarray(0, start + batchHeader), records]);
  }
  // No transaction.
  body.writeInt16BE(-1, 0);
  body.writeInt16BE(acks, 2);
  body.writeInt32BE(timeoutMs, 4);
  // One topic, and of that one partition.
  body.writeInt32BE(1, 8);
  body.writeInt16BE(name.length, 12);
  body.set(name, 14);
  body.writeInt32BE(1, 14 + name.length);
  body.writeInt32BE(partition, 18 + name.length);
  body.writeInt32BE(body.length - start, 22 + name.length);
  writeBatchHeader(body.subarray(start), {
    attributes: codec.bits,
    messages: messages.length,
    timestamp: Date.now(),
    producerId: producer.id,
    producerEpoch: producer.epoch,
    sequence,
  });
  return body;
}

export interface ProduceAnswer {
  /** 0: acknowledged. */
  readonly code: number;
  readonly throttleMs: number;
}

/** What the answer to a request with one batch says. */
export function decodeProduce(answer: Buffer): ProduceAnswer {
  // One topic with its name, one partition: number, code, and three times or offsets.
  const partition = 6 + answer.readInt16BE(4) + 4;
  return { code: answer.readInt16BE(partition + 4), throttleMs: answer.readInt32BE(partition + 30) };
}

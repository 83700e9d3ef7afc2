import { crc32c } from './crc32c.ts';
import type { Message } from './driver.ts';

/**
 * Messages as Kafka takes them: a record batch of version 2. Both clients make many small buffers of each message for
 * it, which takes several times as long, and at high rates most of the bot's time.
 */

/** Bytes before the records. */
export const batchHeader = 61;
/** Of a record: its lengths and numbers, at most, and of each of its headers. */
const recordOverhead = 32;
const headerOverhead = 10;

/** Where the checksum stands, and what it is of: all that follows it. */
const [checksumAt, checkedFrom] = [17, 21];
const magic = 2;

export interface BatchFacts {
  /** Bits of the codec. */
  readonly attributes: number;
  readonly messages: number;
  /** When it is sent, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** Records behind as many bytes as are reserved for what precedes them. */
export function encodeRecords(messages: readonly Message[], reserved: number): Buffer {
  let bound = reserved;
  for (const { key, value, headers } of messages) {
    bound += recordOverhead + value.length + (key?.length ?? 0);
    for (const name in headers) bound += headerOverhead + nameBytes(name).length + (headers[name]?.length ?? 0);
  }
  const buffer = Buffer.allocUnsafe(bound);
  let at = reserved;
  for (let offset = 0; offset < messages.length; offset++)
    at = writeRecord(buffer, at, messages[offset] as Message, offset);
  return buffer.subarray(0, at);
}

/** Writes what precedes the records, which fill the rest of the buffer. */
export function writeBatchHeader(batch: Buffer, facts: BatchFacts): void {
  const { attributes, messages, timestamp, producerId, producerEpoch, sequence } = facts;
  batch.writeBigInt64BE(0n, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt32BE(0, 12);
  batch.writeInt8(magic, 16);
  batch.writeInt16BE(attributes, 21);
  batch.writeInt32BE(messages - 1, 23);
  batch.writeBigInt64BE(BigInt(timestamp), 27);
  batch.writeBigInt64BE(BigInt(timestamp), 35);
  batch.writeBigInt64BE(producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(sequence, 53);
  batch.writeInt32BE(messages, 57);
  batch.writeUInt32BE(crc32c(batch.subarray(checkedFrom)), checksumAt);
}

function writeRecord(buffer: Buffer, start: number, { key, value, headers }: Message, offset: number): number {
  let headerCount = 0;
  let length = 2 + sizeOf(offset) + sizeOf(value.length) + value.length;
  length += key ? sizeOf(key.length) + key.length : 1;
  for (const name in headers) {
    const [nameLength, valueLength] = [nameBytes(name).length, (headers[name] as Buffer).length];
    length += sizeOf(nameLength) + nameLength + sizeOf(valueLength) + valueLength;
    headerCount++;
  }
  length += sizeOf(headerCount);

  let at = writeVarint(buffer, start, length);
  // Attributes, of which there are none, and the time after that of the batch.
  buffer[at++] = 0;
  buffer[at++] = 0;
  at = writeVarint(buffer, at, offset);
  if (key) at = writeBytes(buffer, at, key);
  else buffer[at++] = 1;
  at = writeBytes(buffer, at, value);
  at = writeVarint(buffer, at, headerCount);
  for (const name in headers) {
    at = writeBytes(buffer, at, nameBytes(name));
    at = writeBytes(buffer, at, headers[name] as Buffer);
  }
  return at;
}

function writeBytes(buffer: Buffer, start: number, bytes: Buffer): number {
  const at = writeVarint(buffer, start, bytes.length);
  buffer.set(bytes, at);
  return at + bytes.length;
}

/** Numbers from 0 to 2³⁰ - 1, doubled: the lowest bit is the sign. */
function writeVarint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value << 1;
  while (rest > 127) {
    buffer[at++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

function sizeOf(value: number): number {
  if (value < 64) return 1;
  if (value < 8192) return 2;
  if (value < 1_048_576) return 3;
  return value < 134_217_728 ? 4 : 5;
}

/** Names of headers, which are few. */
const names = new Map<string, Buffer>();

function nameBytes(name: string): Buffer {
  let bytes = names.get(name);
  if (!bytes) {
    bytes = Buffer.from(name);
    names.set(name, bytes);
  }
  return bytes;
}

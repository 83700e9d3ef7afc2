import { crc32 } from 'node:zlib';

/** The header by which a message proves where it belongs. Whoever reads the topic can leave out what carries it. */
export const headerName = 'loadscope';

export interface Mark {
  readonly testid: string;
  readonly producer: number;
  /** Of the messages of this producer in this partition, from 0. */
  readonly sequence: number;
  /** When it was due, in milliseconds since 1970. */
  readonly dueAt: number;
  /** CRC-32 of the value. */
  readonly checksum: number;
}

/** As text, for those who look at a topic: testid, producer, sequence, due time and checksum in hexadecimal. */
export const encodeMark = ({ testid, producer, sequence, dueAt, checksum }: Mark): Buffer =>
  Buffer.from(`${testid} ${producer} ${sequence} ${dueAt} ${checksum.toString(16)}`, 'latin1');

/** @returns undefined where it is none of ours */
export function decodeMark(header: Buffer): Mark | undefined {
  const [testid, producer, sequence, dueAt, checksum, ...rest] = header.toString('latin1').split(' ');
  if (!testid || !checksum || rest.length) return undefined;
  const mark = {
    testid,
    producer: Number(producer),
    sequence: Number(sequence),
    dueAt: Number(dueAt),
    checksum: Number.parseInt(checksum, 16),
  };
  const { testid: _, ...numbers } = mark;
  return Object.values(numbers).every(Number.isFinite) ? mark : undefined;
}

export const checksumOf = (value: Buffer): number => crc32(value);

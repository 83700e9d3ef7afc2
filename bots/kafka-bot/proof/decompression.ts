import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import kafkajs from 'kafkajs';

type Decompress = (records: Buffer) => Promise<Buffer>;

const platformatic = async (name: 'snappy' | 'lz4'): Promise<Decompress> => {
  const { compressionsAlgorithms } = await import('@platformatic/kafka');
  return async (records) => compressionsAlgorithms[name].decompressSync(records);
};

const zstd = async (): Promise<Decompress> => {
  if (!zlib.zstdDecompress)
    throw new Error(
      `messages are compressed by zstd, which needs Node 22.15 or newer, and this is ${process.versions.node}`,
    );
  return promisify<zlib.InputType, Buffer>(zlib.zstdDecompress);
};

/** Lets kafkajs read what it cannot by itself; whoever else writes to a topic may compress as they please. */
export function readAllCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const { Snappy, LZ4, ZSTD } = CompressionTypes;
  for (const [type, load] of [
    [Snappy, () => platformatic('snappy')],
    [LZ4, () => platformatic('lz4')],
    [ZSTD, zstd],
  ] as const) {
    let loaded: Promise<Decompress> | undefined;
    CompressionCodecs[type] = () => ({
      compress: () => Promise.reject(new Error('the verifier sends nothing')),
      decompress: async (records: Buffer) => {
        loaded ??= load();
        return (await loaded)(records);
      },
    });
  }
}

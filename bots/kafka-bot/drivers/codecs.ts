import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { BotError, type Codec as CodecName } from '../options.ts';
import type { Codec } from './produce-request.ts';

const bits: Readonly<Record<CodecName, number>> = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 };

/**
 * @param more what the client can do beside Node
 * @throws BotError where neither can
 */
export function codecOf(name: CodecName, more: Partial<Record<CodecName, (records: Buffer) => Buffer>> = {}): Codec {
  const codec = { name, bits: bits[name] };
  const own = more[name];
  switch (name) {
    case 'none':
      return codec;
    case 'gzip':
      return { ...codec, compress: promisify<zlib.InputType, Buffer>(zlib.gzip) };
    case 'zstd':
      // Node has it from 22.15 on.
      if (!zlib.zstdCompress)
        throw new BotError(
          `--compression zstd needs Node 22.15 or newer, and this is ${process.versions.node}: pass --compression gzip`,
        );
      return { ...codec, compress: promisify<zlib.InputType, Buffer>(zlib.zstdCompress) };
    default:
      if (!own) throw new BotError(`--compression ${name} needs --client platformatic: kafkajs does not have it`);
      return { ...codec, compress: async (records) => own(records) };
  }
}

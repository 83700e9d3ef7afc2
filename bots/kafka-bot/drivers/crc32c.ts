import { endianness } from 'node:os';

/** Castagnoli's polynomial, its bits reversed. */
const polynomial = 0x82f63b78;
/** Bytes that are looked up at a time. */
const stride = 16;

/** One table after the other: for each byte, its remainder with 0 to 15 bytes of zeros behind it. */
const tables = new Int32Array(stride * 256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  tables[byte] = remainder;
}
for (let at = 256; at < tables.length; at++) tables[at] = shifted(tables[at - 256] as number, 0);

/** CRC-32C of bytes, as Kafka checks its batches. */
export function crc32c(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  // Before where words begin; and all of it on a machine that reads them the other way round.
  const head = endianness() === 'LE' ? Math.min(length, -byteOffset & 3) : length;
  let crc = -1;
  let at = 0;
  for (; at < head; at++) crc = shifted(crc, bytes[at] as number);
  if (length - at >= stride) {
    const words = new Int32Array(buffer, byteOffset + at, Math.floor((length - at) / stride) * 4);
    for (let word = 0; word < words.length; word += 4)
      crc =
        ofWord(crc ^ (words[word] as number), 12) ^
        ofWord(words[word + 1] as number, 8) ^
        ofWord(words[word + 2] as number, 4) ^
        ofWord(words[word + 3] as number, 0);
    at += words.length * 4;
  }
  for (; at < length; at++) crc = shifted(crc, bytes[at] as number);
  return ~crc >>> 0;
}

/** The remainder after one more byte. */
function shifted(crc: number, byte: number): number {
  return (tables[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
}

/** What a word adds to the remainder that has so many bytes behind it. */
function ofWord(word: number, behind: number): number {
  const table = behind * 256;
  return (
    (tables[table + 768 + (word & 255)] as number) ^
    (tables[table + 512 + ((word >>> 8) & 255)] as number) ^
    (tables[table + 256 + ((word >>> 16) & 255)] as number) ^
    (tables[table + (word >>> 24)] as number)
  );
}

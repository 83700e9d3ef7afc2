/** CRC-32C of bytes, as Kafka checks its batches: eight at a time, each with a table of its own. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  const whole = bytes.length - (bytes.length % 8);
  let crc = -1;
  let at = 0;
  for (; at < whole; at += 8) {
    const first =
      crc ^
      ((bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24));
    crc =
      (t7[first & 255] as number) ^
      (t6[(first >>> 8) & 255] as number) ^
      (t5[(first >>> 16) & 255] as number) ^
      (t4[first >>> 24] as number) ^
      (t3[bytes[at + 4] as number] as number) ^
      (t2[bytes[at + 5] as number] as number) ^
      (t1[bytes[at + 6] as number] as number) ^
      (t0[bytes[at + 7] as number] as number);
  }
  for (; at < bytes.length; at++) crc = (t0[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Castagnoli's polynomial, its bits reversed. */
const polynomial = 0x82f63b78;

type Tables = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];

/** The remainders of each byte with 0 to 7 bytes of zeros behind it. */
const tables = Array.from({ length: 8 }, () => new Int32Array(256)) as unknown as Tables;
const [bare] = tables;
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  bare[byte] = remainder;
}
for (let byte = 0; byte < 256; byte++) {
  let remainder = bare[byte] as number;
  for (const table of tables.slice(1)) {
    remainder = (remainder >>> 8) ^ (bare[remainder & 255] as number);
    table[byte] = remainder;
  }
}

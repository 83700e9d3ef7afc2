const factor = 0x5bd1e995;

/** The hash by which Kafka's Java client places keys: 32 bits with a sign. */
export function murmur2(key: Buffer): number {
  const { length } = key;
  let hash = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let four = Math.imul(key.readInt32LE(at), factor);
    four = Math.imul(four ^ (four >>> 24), factor);
    hash = Math.imul(hash, factor) ^ four;
  }
  const rest = length - whole;
  if (rest) hash = Math.imul(hash ^ key.readUIntLE(whole, rest), factor);
  hash = Math.imul(hash ^ (hash >>> 13), factor);
  return hash ^ (hash >>> 15);
}

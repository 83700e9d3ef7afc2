/** Text into buffers, byte by byte: to make strings of it first would take three times as long. */

const [zero, minus, point, dash] = Buffer.from('0-.-') as Iterable<number> as [number, number, number, number];

/**
 * Writes a whole number from 0 to 2^53.
 *
 * @returns where it ends
 */
export function writeWhole(target: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let power = 10; value >= power; power *= 10) digits++;
  return writeDigits(target, at, value, digits);
}

/** Writes the last digits of a whole number, with zeros in front where it has fewer. */
function writeDigits(target: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place--) {
    const tenth = Math.floor(rest / 10);
    target[place] = zero + rest - tenth * 10;
    rest = tenth;
  }
  return at + digits;
}

/** Writes a number of tenths, hundredths and so on, as many as there are to be digits behind the point. */
export function writeDecimal(target: Buffer, at: number, parts: number, digits: number): number {
  let to = at;
  if (parts < 0) target[to++] = minus;
  const size = Math.abs(parts);
  const scale = 10 ** digits;
  const whole = Math.floor(size / scale);
  to = writeWhole(target, to, whole);
  if (digits === 0) return to;
  target[to++] = point;
  return writeDigits(target, to, size - whole * scale, digits);
}

const hex = Buffer.from('0123456789abcdef');

function writeHex(target: Buffer, at: number, bits: number, digits: number): number {
  for (let digit = 0; digit < digits; digit++)
    target[at + digit] = hex[(bits >>> (4 * (digits - 1 - digit))) & 15] as number;
  return at + digits;
}

/** Writes a UUID of version 4 from 128 bits, of which it takes 122. */
export function writeUuid(target: Buffer, at: number, a: number, b: number, c: number, d: number): number {
  let to = writeHex(target, at, a, 8);
  target[to++] = dash;
  to = writeHex(target, to, b >>> 16, 4);
  target[to++] = dash;
  to = writeHex(target, to, (b & 0x0fff) | 0x4000, 4);
  target[to++] = dash;
  to = writeHex(target, to, ((c >>> 16) & 0x3fff) | 0x8000, 4);
  target[to++] = dash;
  return writeHex(target, writeHex(target, to, c & 0xffff, 4), d, 8);
}

export function writeBytes(target: Buffer, at: number, bytes: Buffer): number {
  target.set(bytes, at);
  return at + bytes.length;
}

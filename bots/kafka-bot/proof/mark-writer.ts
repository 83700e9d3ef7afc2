const [space, zero] = [0x20, 0x30];
const hexadecimal = Buffer.from('0123456789abcdef', 'latin1');
/** Longer than a sequence number, a time and a checksum with their spaces. */
const room = 64;

/** Makes the marks of one producer, byte for byte as encodeMark does, in a third of its time: there is one a message. */
export class MarkWriter {
  readonly #prefix: Buffer;
  readonly #scratch = Buffer.alloc(room);

  constructor(testid: string, producer: number) {
    this.#prefix = Buffer.from(`${testid} ${producer} `, 'latin1');
  }

  /** @param dueAt in whole milliseconds since 1970 */
  write(sequence: number, dueAt: number, checksum: number): Buffer {
    const scratch = this.#scratch;
    let start = room;
    let rest = checksum;
    do {
      scratch[--start] = hexadecimal[rest & 15] as number;
      rest >>>= 4;
    } while (rest !== 0);
    scratch[--start] = space;
    start = this.#number(dueAt, start);
    scratch[--start] = space;
    start = this.#number(sequence, start);

    const prefix = this.#prefix;
    const mark = Buffer.allocUnsafe(prefix.length + room - start);
    mark.set(prefix);
    for (let at = prefix.length; start < room; at++) mark[at] = scratch[start++] as number;
    return mark;
  }

  /** Digits before `end`, six at a time, which fit an integer of the machine; returns where they start. */
  #number(value: number, end: number): number {
    const millions = Math.floor(value / 1e6);
    let rest = (value - millions * 1e6) | 0;
    let start = end;
    do {
      const tenth = (rest / 10) | 0;
      this.#scratch[--start] = zero + rest - tenth * 10;
      rest = tenth;
    } while (millions > 0 ? end - start < 6 : rest > 0);
    return millions > 0 ? this.#number(millions, start) : start;
  }
}

import { createCipheriv, createHash } from 'node:crypto';

/** Letters more than one message takes, at least, so that messages of a batch seldom have the same. */
const spare = 2 ** 20;

/**
 * Letters without meaning, from which messages take theirs: to choose a part of it is quicker than to make letters. A
 * quarter is what compression can save of them, and they need no escape in JSON.
 */
export class Noise {
  readonly #letters: Buffer;

  /** @param longest letters that are asked for at once, at most */
  constructor(seed: number, longest: number) {
    const length = longest + spare;
    const key = createHash('sha256').update(`${seed}`).digest().subarray(0, 16);
    // What a stream cipher makes of nothing looks like chance, and is the same each time.
    const bytes = createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(Math.ceil(length * 0.75)));
    this.#letters = Buffer.from(bytes.toString('base64url'), 'latin1').subarray(0, length);
  }

  /** @returns a part that others may get, too, and nobody may write to */
  part(chance: number, length: number): Buffer {
    const from = this.#from(chance, length);
    return this.#letters.subarray(from, from + length);
  }

  copy(chance: number, length: number, target: Buffer, at: number): void {
    const from = this.#from(chance, length);
    this.#letters.copy(target, at, from, from + length);
  }

  #from(chance: number, length: number): number {
    return Math.floor(chance * (this.#letters.length - length + 1));
  }
}

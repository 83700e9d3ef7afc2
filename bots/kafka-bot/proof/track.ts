import type { Range } from './ranges.ts';

/** How a number stands to those before it: the next or a later one, one that was missing so far, one that was there. */
export type Order = 'ahead' | 'late' | 'again';

/** Which numbers of a sequence have come. Costs memory for its gaps only. */
export class Track {
  #next = 0;
  /** Below `next`, in order, none touching another. */
  readonly #missing: [first: number, last: number][] = [];
  readonly #most: number;
  #overflowed = false;

  /** @param most gaps that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  take(number: number): Order {
    if (number < this.#next) return this.#fill(number) ? 'late' : 'again';
    if (number > this.#next) this.#leaveOut(this.#next, number - 1);
    this.#next = number + 1;
    return 'ahead';
  }

  /** One more than the highest that has come. */
  get next(): number {
    return this.#next;
  }

  /** Those below `next` that have not come. */
  get missing(): readonly Range[] {
    return this.#missing;
  }

  /** Whether there were more gaps than are kept: some of what is missing is not known, and reads as having come. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  #leaveOut(first: number, last: number): void {
    if (this.#missing.length < this.#most) this.#missing.push([first, last]);
    else this.#overflowed = true;
  }

  /** @returns whether it was missing */
  #fill(number: number): boolean {
    const at = this.#gapOf(number);
    const gap = this.#missing[at];
    if (!gap || gap[0] > number) return false;
    const [first, last] = gap;
    if (first === last) this.#missing.splice(at, 1);
    else if (number === first) gap[0] += 1;
    else if (number === last) gap[1] -= 1;
    else {
      gap[1] = number - 1;
      if (this.#missing.length < this.#most) this.#missing.splice(at + 1, 0, [number + 1, last]);
      else this.#overflowed = true;
    }
    return true;
  }

  /** Index of the first gap that ends at the number or beyond. */
  #gapOf(number: number): number {
    let [low, high] = [0, this.#missing.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#missing[middle]?.[1] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

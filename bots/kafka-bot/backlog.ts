/**
 * Which of the messages that came due are still to be made: ranges of their numbers, not the messages, so that a broker
 * that is away costs no memory.
 */
export class Backlog {
  /** Pairs of first and last but one, in order; the oldest is at #head. */
  #ranges: [first: number, end: number][] = [];
  #head = 0;
  #size = 0;
  #seen = 0;
  #dropped = 0;

  /** Messages that are still to be made. */
  get size(): number {
    return this.#size;
  }

  /** Messages that came due, with those that were dropped. */
  get due(): number {
    return this.#seen;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Number of the oldest. */
  get oldest(): number | undefined {
    return this.#ranges[this.#head]?.[0];
  }

  /**
   * The messages before `due` have come due.
   *
   * @param room how many more may wait: the newest of those beyond are dropped
   */
  extend(due: number, room: number): void {
    const first = this.#seen;
    if (due <= first) return;
    this.#seen = due;
    const end = Math.min(due, first + Math.max(0, room));
    this.#dropped += due - end;
    if (end === first) return;
    this.#size += end - first;
    const last = this.#ranges.at(-1);
    if (last && last[1] === first) last[1] = end;
    else this.#ranges.push([first, end]);
  }

  /** Takes the oldest out. There must be one. */
  take(): number {
    const range = this.#ranges[this.#head] as [number, number];
    const taken = range[0]++;
    this.#size--;
    if (range[0] === range[1]) this.#next();
    return taken;
  }

  /** Gives all of them up. */
  dropAll(): void {
    this.#dropped += this.#size;
    this.#size = 0;
    this.#ranges = [];
    this.#head = 0;
  }

  #next(): void {
    this.#head++;
    if (this.#head < this.#ranges.length && this.#head < 1000) return;
    this.#ranges = this.#ranges.slice(this.#head);
    this.#head = 0;
  }
}

const slots = 3;
const slotMilliseconds = 40_000;

/** The greatest value of the last two minutes, which is what Micrometer's `_max` series show. */
export class PeakWindow {
  readonly #peaks = new Array<number>(slots).fill(0);
  #turn = 0;

  /** @param now milliseconds, never less than in an earlier call */
  record(now: number, value: number): void {
    const slot = this.#advance(now) % slots;
    this.#peaks[slot] = Math.max(this.#peaks[slot] ?? 0, value);
  }

  peak(now: number): number {
    this.#advance(now);
    return Math.max(...this.#peaks);
  }

  #advance(now: number): number {
    const turn = Math.floor(now / slotMilliseconds);
    for (let passed = Math.max(this.#turn + 1, turn - slots + 1); passed <= turn; passed += 1)
      this.#peaks[passed % slots] = 0;
    this.#turn = turn;
    return turn;
  }
}

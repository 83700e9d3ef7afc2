const windowMilliseconds = 30_000;

/** The mean and the total of what was recorded in the last 30 s, the window of Kafka's own client metrics. */
export class WindowMean {
  #samples: { readonly at: number; readonly value: number }[] = [];

  record(now: number, value: number): void {
    this.#forget(now);
    this.#samples.push({ at: now, value });
  }

  total(now: number): number {
    this.#forget(now);
    return this.#samples.reduce((sum, { value }) => sum + value, 0);
  }

  /** 0 when nothing was recorded. */
  mean(now: number): number {
    const total = this.total(now);
    return this.#samples.length ? total / this.#samples.length : 0;
  }

  #forget(now: number): void {
    const first = this.#samples.findIndex(({ at }) => at > now - windowMilliseconds);
    if (first === 0) return;
    this.#samples = first === -1 ? [] : this.#samples.slice(first);
  }
}

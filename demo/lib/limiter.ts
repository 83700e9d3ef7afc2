/** What a Limiter throws: nothing came free in time, or too many wait already. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

interface Waiter {
  admit(): void;
}

/**
 * So many at a time, and so many more in a queue: the threads of a server, the connections of a pool, the
 * workers of an executor. The limit may change while it is in use: those that are in stay in.
 */
export class Limiter {
  #limit: number;
  readonly #capacity: number;
  #active = 0;
  readonly #waiters = new Set<Waiter>();

  /**
   * @param limit how many at a time
   * @param capacity how many may wait; one more is refused
   */
  constructor(limit: number, capacity = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
    this.#capacity = capacity;
  }

  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#admit();
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** How many more may wait. */
  get vacant(): number {
    return this.#capacity - this.#waiters.size;
  }

  /**
   * Waits for its turn, in the order of the calls. Each that gets in has to leave by `release`.
   *
   * @param timeout milliseconds
   * @throws LimitError when the queue is full, or the time is over
   */
  async acquire(timeout?: number): Promise<void> {
    if (this.#active < this.#limit && this.#waiters.size === 0) {
      this.#active += 1;
      return;
    }
    if (this.vacant <= 0) throw new LimitError(`${this.#waiters.size} wait already`);
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer =
        timeout === undefined
          ? undefined
          : setTimeout(() => {
              this.#waiters.delete(waiter);
              reject(new LimitError(`nothing came free in ${timeout} ms (${this.#active} of ${this.#limit} in use)`));
            }, timeout);
      this.#waiters.add(waiter);
    });
  }

  release(): void {
    this.#active -= 1;
    this.#admit();
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.acquire();
    try {
      return await task();
    } finally {
      this.release();
    }
  }

  #admit(): void {
    for (const waiter of this.#waiters) {
      if (this.#active >= this.#limit) return;
      this.#waiters.delete(waiter);
      this.#active += 1;
      waiter.admit();
    }
  }
}

/** Entries of one partition, at most: beyond, every second one is dropped. */
const mostEntries = 2048;
/** Milliseconds between two entries, at first. */
const firstSpacing = 100;

interface Partition {
  /** In order, as are their times. */
  readonly offsets: number[];
  readonly times: number[];
  spacing: number;
  /** The offset after the last that was read, and when nothing more was there. */
  next: number;
  askedAt: number;
}

/**
 * When messages were appended, by their offsets: with it a lag in messages is one in seconds. Times are those of the
 * messages, which a topic takes from producers or, by `message.timestamp.type`, from its broker.
 */
export class OffsetTimes {
  readonly #topics = new Map<string, Partition[]>();
  readonly #since: number;

  /**
   * @param from the first offsets that will be read, by topic and partition
   * @param since in milliseconds since 1970: what lies before those offsets is taken to be that old
   */
  constructor(from: ReadonlyMap<string, readonly number[]>, since: number) {
    this.#since = since;
    for (const [topic, offsets] of from)
      this.#topics.set(
        topic,
        offsets.map((next) => ({ offsets: [], times: [], spacing: firstSpacing, next, askedAt: since })),
      );
  }

  /** @param time of the message at the offset, in milliseconds since 1970 */
  note(topic: string, partition: number, offset: number, time: number): void {
    const one = this.#topics.get(topic)?.[partition];
    if (!one) return;
    one.next = offset + 1;
    const { offsets, times, spacing } = one;
    if (time < (times.at(-1) ?? Number.NEGATIVE_INFINITY) + spacing) return;
    offsets.push(offset);
    times.push(time);
    if (offsets.length > mostEntries) {
      halve(offsets);
      halve(times);
      one.spacing *= 2;
    }
  }

  /** Nothing more was there, or it has been noted. */
  caughtUp(topic: string, partition: number, now: number): void {
    const one = this.#topics.get(topic)?.[partition];
    if (one) one.askedAt = now;
  }

  /** For how many seconds the message at an offset has been there, rather too long than too short. */
  ageOf(topic: string, partition: number, offset: number, now: number): number {
    const one = this.#topics.get(topic)?.[partition];
    if (!one) return 0;
    // Not read yet, so it came after the last time that the partition was asked.
    const at = offset >= one.next ? one.askedAt : (one.times[after(one.offsets, offset) - 1] ?? this.#since);
    return Math.max(0, now - at) / 1000;
  }

  /** Nobody will ask for an offset below this one. */
  forget(topic: string, partition: number, below: number): void {
    const one = this.#topics.get(topic)?.[partition];
    if (!one) return;
    // The last one at or before it tells of it, too.
    const count = after(one.offsets, below) - 1;
    if (count <= 0) return;
    one.offsets.splice(0, count);
    one.times.splice(0, count);
  }
}

/** Index of the first offset that is above this one. */
function after(offsets: readonly number[], offset: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function halve(list: number[]): void {
  let kept = 0;
  for (const [index, entry] of list.entries()) if (index % 2 === 0) list[kept++] = entry;
  list.length = kept;
}

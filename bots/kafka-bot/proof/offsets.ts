/** Of each partition of topics. */
export type Offsets = ReadonlyMap<string, readonly number[]>;

/** What is committed, or where that is nothing, the offset at which the run began. */
export const since = (start: Offsets, committed: Offsets): Offsets =>
  new Map(
    [...start].map(([topic, offsets]) => [
      topic,
      offsets.map((offset, partition) => {
        const own = committed.get(topic)?.[partition] ?? -1;
        return own < 0 ? offset : own;
      }),
    ]),
  );

/** Messages up to given ends that are not committed. */
export const behind = (committed: Offsets, ends: Offsets): number =>
  [...ends].reduce(
    (total, [topic, offsets]) =>
      offsets.reduce((sum, end, partition) => sum + Math.max(0, end - (committed.get(topic)?.[partition] ?? 0)), total),
    0,
  );

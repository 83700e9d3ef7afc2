import { murmur2 } from './murmur2.ts';

/** The partition of message `k`. */
export type Partitioner = (topic: string, key: Buffer | null, k: number) => number;

/**
 * A key is where Java clients put it. What has none goes round, so that partitions get the same; each round begins one
 * further, so that this holds for each producer where there are as many of them as partitions.
 *
 * @param counts partitions of each topic
 */
export function partitioner(counts: ReadonlyMap<string, number>): Partitioner {
  return (topic, key, k) => {
    const count = counts.get(topic);
    if (!count) throw new RangeError(`the partitions of ${topic} are not known`);
    return (key === null ? k + Math.floor(k / count) : murmur2(key) & 0x7fffffff) % count;
  };
}

import { checksumOf, decodeMark, type Mark } from './header.ts';
import type { Ledger } from './ledger.ts';
import type { ReadObserver } from './observer.ts';
import { type Settlement, settled } from './settlement.ts';
import { Track } from './track.ts';

/** Gaps that are kept at once, of all producers in all partitions: some 10 MB. */
const mostGaps = 200_000;

export interface AuditOptions {
  readonly testid: string;
  /** Of the run: what names another is not what was sent. */
  readonly producers: number;
  /** Partitions of each topic. */
  readonly topics: ReadonlyMap<string, number>;
  readonly observer: ReadObserver;
}

/** What was read of one topic. A message that comes twice counts twice. */
export interface TopicCounts {
  received: number;
  duplicated: number;
  reordered: number;
  corrupted: number;
}

/** Keeps the books on what is read of a run: each message once, in the order of its partition, with the value that was sent. */
export class Audit {
  readonly #testid: Buffer;
  readonly #producers: number;
  readonly #observer: ReadObserver;
  readonly #counts = new Map<string, TopicCounts>();
  readonly #tracks = new Map<string, Map<number, Track>[]>();
  readonly #gaps: number;
  #foreign = 0;

  constructor({ testid, producers, topics, observer }: AuditOptions) {
    // With the blank that ends it in a header: another run's name may begin with this one's.
    this.#testid = Buffer.from(`${testid} `, 'latin1');
    this.#producers = producers;
    this.#observer = observer;
    let partitions = 0;
    for (const [topic, count] of topics) {
      this.#counts.set(topic, { received: 0, duplicated: 0, reordered: 0, corrupted: 0 });
      this.#tracks.set(
        topic,
        Array.from({ length: count }, () => new Map()),
      );
      partitions += count;
    }
    this.#gaps = Math.max(1, Math.floor(mostGaps / Math.max(1, partitions * producers)));
  }

  /** Messages of others in the topics. */
  get foreign(): number {
    return this.#foreign;
  }

  /**
   * Takes a message in the order of its partition.
   *
   * @param header what `headerName` holds; undefined where it has none
   * @param now in milliseconds since 1970
   * @returns whether it is of this run
   */
  take(topic: string, partition: number, header: Buffer | undefined, value: Buffer | null, now: number): boolean {
    const tracks = this.#tracks.get(topic)?.[partition];
    const counts = this.#counts.get(topic);
    if (!header || !tracks || !counts || !this.#isOfThisRun(header)) {
      this.#foreign += 1;
      return false;
    }
    counts.received += 1;
    const mark = decodeMark(header);
    if (!mark || !this.#isPossible(mark)) {
      this.#corrupted(topic, counts);
      return true;
    }
    const track = tracks.get(mark.producer) ?? new Track(this.#gaps);
    tracks.set(mark.producer, track);
    const order = track.take(mark.sequence);
    if (order === 'again') {
      counts.duplicated += 1;
      this.#observer.duplicated(topic);
    } else {
      if (order === 'late') {
        counts.reordered += 1;
        this.#observer.reordered(topic);
      }
      this.#observer.endToEnd(topic, Math.max(0, now - mark.dueAt) / 1000);
    }
    if (!value || checksumOf(value) !== mark.checksum) this.#corrupted(topic, counts);
    return true;
  }

  /** Compares what was read with what producers say that they sent. To be asked when all was read. */
  settle(ledgers: readonly Ledger[]): Settlement {
    return settled({
      testid: this.#testid.toString('latin1').trimEnd(),
      producers: this.#producers,
      counts: this.#counts,
      tracks: this.#tracks,
      ledgers,
    });
  }

  #isOfThisRun(header: Buffer): boolean {
    const { length } = this.#testid;
    return header.length >= length && header.compare(this.#testid, 0, length, 0, length) === 0;
  }

  #isPossible({ producer, sequence }: Mark): boolean {
    const isCount = (number: number) => Number.isSafeInteger(number) && number >= 0;
    return isCount(producer) && producer < this.#producers && isCount(sequence);
  }

  #corrupted(topic: string, counts: TopicCounts): void {
    counts.corrupted += 1;
    this.#observer.corrupted(topic);
  }
}

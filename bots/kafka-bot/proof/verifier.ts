import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import type { DebugLog } from '../kafka-client.ts';
import type { Connection } from '../options.ts';
import { Audit } from './audit.ts';
import { headerName } from './header.ts';
import type { Ledger } from './ledger.ts';
import type { ReadObserver } from './observer.ts';
import { OffsetTimes } from './offset-times.ts';
import type { Offsets } from './offsets.ts';
import { type Fetched, Reader } from './reader.ts';
import type { Settlement } from './settlement.ts';

/** Milliseconds between two looks at how far the reader is. */
const glance = 50;
/** Milliseconds after which a loss is looked at again: a broker that became a leader shows its last messages a moment late. */
const secondLook = 2000;
/** How many reasons for doubt are told: they may be one for each partition. */
const mostDoubts = 10;

export interface VerifierOptions {
  /** For the end of topics. */
  readonly cluster: Pick<Cluster, 'endOffsets'>;
  readonly connection: Connection;
  readonly clientId: string;
  readonly topics: readonly string[];
  readonly testid: string;
  readonly producers: number;
  readonly observer: ReadObserver;
  readonly log: DebugLog;
}

/** What became of the messages of a run. With doubts, the numbers prove nothing. */
export interface Findings extends Settlement {
  /** Messages of others in the topics. */
  readonly foreign: number;
}

/** Reads what producers send, from before they begin until all that they sent is read. */
export class Verifier {
  readonly #options: VerifierOptions;
  readonly #audit: Audit;
  readonly #reader: Reader;
  readonly #reading: Promise<void>;
  /** Since when what was appended when. */
  readonly times: OffsetTimes;

  /**
   * @returns when every message that is sent from now on will be seen
   * @throws BotError
   */
  static async open(options: VerifierOptions): Promise<Verifier> {
    return new Verifier(options, await options.cluster.endOffsets(options.topics));
  }

  private constructor(options: VerifierOptions, from: Offsets) {
    const { connection, clientId, testid, producers, observer, log } = options;
    const topics = new Map([...from].map(([topic, offsets]) => [topic, offsets.length]));
    this.#options = options;
    this.#audit = new Audit({ testid, producers, topics, observer });
    this.times = new OffsetTimes(from, Date.now());
    this.#reader = new Reader({ connection, clientId, from, take: (fetched) => this.#take(fetched), log });
    this.#reading = this.#reader.run();
  }

  /**
   * After the last message was sent: reads on to the end, and compares it with what was sent.
   *
   * @param patience seconds for which it waits though it cannot read on
   */
  async finish(ledgers: readonly Ledger[], patience: number): Promise<Findings> {
    let unread = await this.#readToEnd(patience);
    let settlement = this.#audit.settle(ledgers);
    if (settlement.total.lost && !unread.length) {
      await sleep(secondLook);
      unread = await this.#readToEnd(patience);
      settlement = this.#audit.settle(ledgers);
    }
    const doubts = [...unread, ...this.#reader.skipped, ...settlement.doubts];
    const more = doubts.length > mostDoubts ? [`and ${doubts.length - mostDoubts} more of that kind`] : [];
    return { ...settlement, doubts: [...doubts.slice(0, mostDoubts), ...more], foreign: this.#audit.foreign };
  }

  async close(): Promise<void> {
    this.#reader.close();
    // A broker that is away answers nothing under way.
    await Promise.race([this.#reading, sleep(1000, undefined, { ref: false })]);
  }

  /** @returns what could not be read, each in one line for people */
  async #readToEnd(patience: number): Promise<string[]> {
    const { cluster, topics } = this.#options;
    let ends: Offsets | undefined;
    let failure = '';
    let left = Number.POSITIVE_INFINITY;
    let deadline = Date.now() + patience * 1000;
    while (Date.now() < deadline) {
      ends ??= await cluster.endOffsets(topics).catch((error: Error) => {
        failure = error.message;
        return undefined;
      });
      const now = ends ? sum(this.#unreadOf(ends)) : Number.POSITIVE_INFINITY;
      if (now === 0) return [];
      if (now < left) deadline = Date.now() + patience * 1000;
      left = now;
      await sleep(glance);
    }
    if (!ends) return [`the verifier could not ask how much there is to read: ${failure}`];
    const why = this.#reader.failure ? `: ${this.#reader.failure}` : '';
    return this.#unreadOf(ends).map(
      ({ topic, partition, messages }) =>
        `the verifier could not read ${messages} messages of partition ${partition} of ${topic} in ${patience} s${why}`,
    );
  }

  #unreadOf(ends: Offsets): Unread[] {
    return [...ends].flatMap(([topic, offsets]) =>
      offsets.flatMap((end, partition) => {
        const messages = end - this.#reader.position(topic, partition);
        return messages > 0 ? [{ topic, partition, messages }] : [];
      }),
    );
  }

  #take({ topic, partition, messages, atEnd }: Fetched): void {
    const now = Date.now();
    let received = 0;
    for (const { offset, timestamp, headers, value } of messages) {
      const header = headers[headerName];
      this.times.note(topic, partition, Number(offset), Number(timestamp));
      if (this.#audit.take(topic, partition, Array.isArray(header) ? header[0] : header, value, now)) received += 1;
    }
    if (atEnd) this.times.caughtUp(topic, partition, now);
    if (received) this.#options.observer.received(topic, received);
  }
}

interface Unread {
  readonly topic: string;
  readonly partition: number;
  readonly messages: number;
}

const sum = (unread: readonly Unread[]) => unread.reduce((total, { messages }) => total + messages, 0);

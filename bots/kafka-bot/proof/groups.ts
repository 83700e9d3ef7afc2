import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../cluster.ts';
import type { DebugLog } from '../kafka-client.ts';
import { BotError } from '../options.ts';
import type { GroupObserver } from './observer.ts';
import type { OffsetTimes } from './offset-times.ts';
import { behind, type Offsets, since } from './offsets.ts';

export interface GroupsOptions {
  readonly cluster: Pick<Cluster, 'groupExists' | 'committed' | 'endOffsets'>;
  readonly names: readonly string[];
  readonly topics: readonly string[];
  /** When messages were appended, as the verifier reads them. */
  readonly times: Pick<OffsetTimes, 'ageOf' | 'forget'>;
  readonly observer: GroupObserver;
  readonly log: DebugLog;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

/** What a group has yet to commit: messages, and the age of the oldest of them in seconds. */
export interface Lag {
  readonly messages: number;
  readonly seconds: number;
}

export interface GroupReport {
  readonly group: string;
  /** Seconds from the end of the load until it was worked off, as exact as the interval; left out: it was not. */
  readonly drainedIn?: number;
  /** At the last look. */
  readonly lag: Lag;
  readonly peak: Lag;
  /** Why nothing is known of it, in one line for people; left out: it is known. */
  readonly failure?: string;
}

interface Group {
  readonly name: string;
  /** Messages that it lagged behind before the load began: it need not do better after it. */
  readonly before: number;
  committed: Offsets;
  lag: Lag;
  peak: Lag;
  failure?: string;
}

/**
 * Watches how consumer groups follow. Where a group has committed nothing, it lags from the offset at which the run
 * began; and the age of what it had not committed by then is counted from then on.
 */
export class Groups {
  readonly #options: GroupsOptions;
  readonly #start: Offsets;
  readonly #groups: readonly Group[];
  readonly #closed = new AbortController();
  readonly #watching: Promise<void>;

  /**
   * To be called before the load.
   *
   * @throws BotError where a group does not exist, or cannot be asked for
   */
  static async open(options: GroupsOptions): Promise<Groups> {
    const { cluster, names, topics } = options;
    for (const name of names)
      if (!(await cluster.groupExists(name)))
        throw new BotError(
          `consumer group ${name} does not exist, or is not for this client to see: start its consumers first, or leave it out of --consumer-group`,
        );
    const start = names.length ? await cluster.endOffsets(topics) : new Map();
    const groups = await Promise.all(
      names.map(async (name) => {
        const committed = since(start, await cluster.committed(name, topics));
        const lag = { messages: behind(committed, start), seconds: 0 };
        return { name, before: lag.messages, committed, lag, peak: lag };
      }),
    );
    return new Groups(options, start, groups);
  }

  private constructor(options: GroupsOptions, start: Offsets, groups: readonly Group[]) {
    this.#options = options;
    this.#start = start;
    this.#groups = groups;
    this.#watching = this.#watch();
  }

  /**
   * After the load: waits until each group has worked it off, or lags no more than before it.
   *
   * @param seconds that they get for it
   */
  async drain(seconds: number): Promise<GroupReport[]> {
    const { cluster, topics, observer } = this.#options;
    const begun = Date.now();
    const drained = new Map<Group, number>();
    const deadline = begun + seconds * 1000;
    let ends: Offsets | undefined;
    let failure: string | undefined;
    while (drained.size < this.#groups.length) {
      // What others send from now on is not of the load.
      ends ??= await cluster.endOffsets(topics).catch((error: Error) => {
        failure = error.message;
        return undefined;
      });
      for (const group of this.#groups)
        if (ends && !drained.has(group) && behind(group.committed, ends) <= group.before) {
          const took = (Date.now() - begun) / 1000;
          drained.set(group, took);
          observer.drained(group.name, took);
        }
      if (Date.now() >= deadline) break;
      await this.#pause();
    }
    return this.#groups.map((group) => {
      const drainedIn = drained.get(group);
      const why = drainedIn === undefined ? (group.failure ?? failure) : undefined;
      return {
        group: group.name,
        ...(drainedIn === undefined ? {} : { drainedIn }),
        lag: group.lag,
        peak: group.peak,
        ...(why ? { failure: why } : {}),
      };
    });
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.race([this.#watching, sleep(1000, undefined, { ref: false })]);
  }

  async #watch(): Promise<void> {
    while (this.#groups.length && !this.#closed.signal.aborted) {
      await this.#look();
      await this.#pause();
    }
  }

  #pause(): Promise<unknown> {
    const { interval = 1000 } = this.#options;
    return sleep(interval, undefined, { signal: this.#closed.signal }).catch(() => undefined);
  }

  async #look(): Promise<void> {
    const { cluster, topics, log } = this.#options;
    let ends: Offsets;
    try {
      // Before the commits, so that what comes in between is no lag.
      ends = await cluster.endOffsets(topics);
      for (const group of this.#groups)
        group.committed = since(this.#start, await cluster.committed(group.name, topics));
    } catch (error) {
      // Brokers that are away for a while are asked again.
      const { message } = error as Error;
      for (const group of this.#groups) group.failure = message;
      log.debug({ error: message }, 'no lag of consumer groups just now');
      return;
    }
    for (const group of this.#groups) {
      group.failure = undefined;
      this.#measure(group, ends);
    }
    this.#forget();
  }

  #measure(group: Group, ends: Offsets): void {
    const { times, observer } = this.#options;
    const now = Date.now();
    let [messages, seconds] = [0, 0];
    for (const [topic, offsets] of group.committed) {
      const pending = offsets.map((offset, partition) => Math.max(0, (ends.get(topic)?.[partition] ?? 0) - offset));
      const ages = offsets.map((offset, partition) =>
        pending[partition] ? times.ageOf(topic, partition, offset, now) : 0,
      );
      const [count, age] = [pending.reduce((sum, one) => sum + one, 0), Math.max(0, ...ages)];
      observer.lag(group.name, topic, count, age);
      messages += count;
      seconds = Math.max(seconds, age);
    }
    group.lag = { messages, seconds };
    group.peak = { messages: Math.max(group.peak.messages, messages), seconds: Math.max(group.peak.seconds, seconds) };
  }

  /** What all groups have committed need not be known any longer. */
  #forget(): void {
    for (const [topic, offsets] of this.#start)
      for (const partition of offsets.keys())
        this.#options.times.forget(
          topic,
          partition,
          Math.min(...this.#groups.map(({ committed }) => committed.get(topic)?.[partition] ?? 0)),
        );
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import Brokers, { type FetchedMessage } from 'kafkajs/src/cluster/index.js';
import { clusterError } from '../cluster-errors.ts';
import { clientConfig, type DebugLog, Sockets } from '../kafka-client.ts';
import type { Connection } from '../options.ts';
import { readAllCodecs } from './decompression.ts';
import type { Offsets } from './offsets.ts';

/** Milliseconds that a broker may wait for messages before it answers that there are none. */
const maxWaitTime = 500;
/**
 * Bytes of one answer, of all partitions and of each. It is held whole, and once more as it is taken apart: with four
 * times as much the process takes 50 MB more and is no faster.
 */
const maxBytes = 1_048_576;
const maxBytesOfPartition = 262_144;
/** Milliseconds between attempts to reach the brokers: at first, and at most. */
const shortestWait = 250;
const longestWait = 5000;
const longer = (wait: number) => Math.min(Math.max(wait * 2, shortestWait), longestWait);
/** Milliseconds after which a failure has nothing to do with the one before. */
const recovered = 30_000;

export interface ReaderOptions {
  readonly connection: Connection;
  readonly clientId: string;
  /** The first offset to read, by topic and partition. */
  readonly from: Offsets;
  readonly take: (fetched: Fetched) => void;
  readonly log: DebugLog;
}

/** What was read of a partition: in order, and each offset once. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly FetchedMessage[];
  /** Whether nothing more was there. */
  readonly atEnd: boolean;
}

/**
 * Reads partitions from given offsets onwards, come what may. It is in no consumer group: that would stand among the
 * user's own, and its coordinator could move it, while the offset that this one goes on from is always its own.
 */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #positions: ReadonlyMap<string, number[]>;
  readonly #closed = new AbortController();
  readonly #skipped: string[] = [];
  #failure: string | undefined;

  constructor(options: ReaderOptions) {
    readAllCodecs();
    this.#options = options;
    this.#positions = new Map([...options.from].map(([topic, offsets]) => [topic, [...offsets]]));
  }

  /** Why it cannot read just now, in one line for people. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** What it could not read since it is not there any more, each in one line for people. */
  get skipped(): readonly string[] {
    return this.#skipped;
  }

  /** The offset that it reads next. */
  position(topic: string, partition: number): number {
    return this.#positions.get(topic)?.[partition] ?? 0;
  }

  /** Reads until it is closed. */
  async run(): Promise<void> {
    const { signal } = this.#closed;
    let wait = 0;
    let brokers = await this.#reach(wait);
    while (!signal.aborted && brokers) {
      const generation = new AbortController();
      const since = Date.now();
      // Those that can be read are read on, while another way is looked for to one that cannot.
      await Promise.race(
        [...this.#leaders(brokers)].map((leader) => this.#follow(brokers as Brokers, leader, generation.signal)),
      );
      wait = Date.now() - since > recovered ? shortestWait : longer(wait);
      const next = await this.#reach(wait);
      generation.abort();
      leave(brokers);
      brokers = next;
    }
    if (brokers) leave(brokers);
  }

  close(): void {
    this.#closed.abort();
  }

  /** @returns brokers that know who leads each partition; undefined when it is closed */
  async #reach(firstWait: number): Promise<Brokers | undefined> {
    const { connection, clientId, log } = this.#options;
    const { signal } = this.#closed;
    for (let wait = firstWait; ; wait = longer(wait)) {
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      const sockets = new Sockets();
      const config = clientConfig(connection, clientId, log, sockets);
      const brokers = new Brokers({
        ...config,
        logger: new Kafka(config).logger(),
        enforceRequestTimeout: true,
        allowAutoTopicCreation: false,
        metadataMaxAge: 300_000,
      });
      try {
        await brokers.connect();
        await brokers.addMultipleTargetTopics([...this.#positions.keys()]);
        return brokers;
      } catch (error) {
        leave(brokers);
        this.#failed(clusterError(error, 'tell who leads the partitions', connection, sockets));
      }
    }
  }

  #leaders(brokers: Brokers): Set<number> {
    const leaders = new Set<number>();
    for (const topic of this.#positions.keys())
      for (const { leader } of brokers.findTopicPartitionMetadata(topic)) leaders.add(leader);
    return leaders;
  }

  /** Reads what one broker leads, until that fails or another does it. */
  async #follow(brokers: Brokers, leader: number, signal: AbortSignal): Promise<void> {
    try {
      const broker = await brokers.findBroker({ nodeId: leader });
      while (!signal.aborted && !this.#closed.signal.aborted) {
        const topics = this.#wanted(brokers, leader);
        const { responses } = await broker.fetch({ maxWaitTime, minBytes: 1, maxBytes, isolationLevel: 0, topics });
        this.#failure = undefined;
        for (const { topicName, partitions } of responses)
          for (const one of partitions) this.#take(topicName, one.partition, one.messages, Number(one.highWatermark));
      }
    } catch (error) {
      if (signal.aborted) return;
      const { name, topic, partition } = error as OutOfRange;
      if (name === 'KafkaJSOffsetOutOfRange') await this.#skip(brokers, topic, partition).catch(() => undefined);
      else this.#failed(error as Error);
    }
  }

  #wanted(brokers: Brokers, leader: number) {
    return [...this.#positions].map(([topic, positions]) => ({
      topic,
      partitions: brokers
        .findTopicPartitionMetadata(topic)
        .filter((one) => one.leader === leader && one.partitionId < positions.length)
        .map(({ partitionId }) => ({
          partition: partitionId,
          fetchOffset: String(positions[partitionId]),
          maxBytes: maxBytesOfPartition,
        })),
    }));
  }

  #take(topic: string, partition: number, messages: readonly FetchedMessage[], end: number): void {
    const positions = this.#positions.get(topic);
    const position = positions?.[partition];
    if (!positions || position === undefined) return;
    // Answers begin with a whole batch; and while a partition changes its leader, two brokers may be asked for it.
    const fresh = messages.filter(({ offset }) => Number(offset) >= position);
    const next = Number(fresh.at(-1)?.offset ?? position - 1) + 1;
    positions[partition] = next;
    const ofSomebody = fresh.filter(({ isControlRecord }) => !isControlRecord);
    this.#options.take({ topic, partition, messages: ofSomebody, atEnd: next >= end });
  }

  /** Goes on where there is something to read, after what was there is gone. */
  async #skip(brokers: Brokers, topic: string, partition: number): Promise<void> {
    const positions = this.#positions.get(topic);
    const position = positions?.[partition];
    if (!positions || position === undefined) return;
    const bound = async (fromBeginning: boolean) => {
      const [answer] = await brokers.fetchTopicsOffset([{ topic, fromBeginning, partitions: [{ partition }] }]);
      return Number(answer?.partitions[0]?.offset);
    };
    const [first, end] = [await bound(true), await bound(false)];
    if (position < first) {
      positions[partition] = first;
      this.#skipped.push(
        `${first - position} messages of partition ${partition} of ${topic} were deleted before they could be read: see its retention`,
      );
    } else if (position > end) {
      positions[partition] = end;
      this.#skipped.push(
        `partition ${partition} of ${topic} ended at ${position} and then at ${end}: it was made anew, or a broker that lagged behind became its leader`,
      );
    }
  }

  #failed({ message }: Error): void {
    this.#failure = message;
    this.#options.log.debug({ error: message }, 'the verifier cannot read');
  }
}

type OutOfRange = Error & { readonly topic: string; readonly partition: number };

/** It waits for answers that may not come, so nobody waits for it. */
const leave = (brokers: Brokers): void => void brokers.disconnect().catch(() => undefined);

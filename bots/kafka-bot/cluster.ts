import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, Kafka } from 'kafkajs';
import { clusterError, isRefusal } from './cluster-errors.ts';
import { clientConfig, type DebugLog, Sockets } from './kafka-client.ts';
import { BotError, type Connection } from './options.ts';

/** Milliseconds that the answer to one question may take, with all that is tried for it. */
const patience = 10_000;
/** Milliseconds after which a topic that was found is taken to have all the partitions that it will have. */
const settling = 3000;

/**
 * Tries whether the brokers are there and take the credentials.
 *
 * @throws BotError
 */
export async function openCluster(connection: Connection, clientId: string, log: DebugLog): Promise<Cluster> {
  const cluster = new Cluster(connection, clientId, log);
  await cluster.reach();
  return cluster;
}

/** What the brokers know about topics and groups. What they do not answer is a BotError, and may be asked again. */
export class Cluster {
  readonly #connection: Connection;
  readonly #clientId: string;
  readonly #log: DebugLog;
  #client: { readonly admin: Admin; readonly sockets: Sockets; readonly connected: Promise<void> } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, clientId: string, log: DebugLog) {
    this.#connection = connection;
    this.#clientId = clientId;
    this.#log = log;
  }

  async reach(): Promise<void> {
    // A connection alone says little: a port that wants credentials closes it at the first question.
    await this.#ask('name themselves', (admin) => admin.describeCluster());
  }

  /** How many partitions each topic has. */
  async partitionsOf(topics: readonly string[]): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const topic of topics) {
      const count = await this.#partitionsOf(topic);
      if (!count) throw new BotError(`topic ${topic} does not exist: create it, or pass --create-topics N`);
      counts.set(topic, count);
    }
    return counts;
  }

  /**
   * Those that are missing, though another bot may do so at the same time; replicas as the brokers have it. Whoever made
   * them, they are ready then.
   */
  async createTopics(topics: readonly string[], partitions: number): Promise<void> {
    for (const topic of topics) {
      const missing = !(await this.#partitionsOf(topic));
      if (missing)
        await this.#ask(`create topic ${topic}`, (admin) =>
          admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: false }),
        );
      // Each broker hears of it in its own time, and of one partition before the other.
      const asked = Date.now();
      let before = 0;
      for (;;) {
        const has = await this.#led(topic);
        // One that was there before may have fewer, as one that another bot is making has at first.
        const settled = !missing && has > 0 && has === before && Date.now() - asked > settling;
        if (has >= partitions || settled) break;
        if (Date.now() - asked > patience) throw new BotError(`topic ${topic} was created, and has no leaders yet`);
        before = has;
        // kafkajs would go on with the partitions that it heard of first.
        await this.close();
        await sleep(200);
      }
    }
  }

  /** The offset that the next message gets, by topic and partition. */
  async endOffsets(topics: readonly string[]): Promise<Map<string, number[]>> {
    const ends = new Map<string, number[]>();
    for (const topic of topics)
      ends.set(
        topic,
        byPartition(await this.#ask(`tell the end of topic ${topic}`, (admin) => admin.fetchTopicOffsets(topic))),
      );
    return ends;
  }

  /** The offset of the next message that a group has to deal with, by topic and partition; -1 where it committed none. */
  async committed(group: string, topics: readonly string[]): Promise<Map<string, number[]>> {
    const answer = await this.#ask(`tell the offsets of group ${group}`, (admin) =>
      admin.fetchOffsets({ groupId: group, topics: [...topics] }),
    );
    return new Map(answer.map(({ topic, partitions }) => [topic, byPartition(partitions)]));
  }

  /** Whether the brokers know a group, with members or without. */
  async groupExists(group: string): Promise<boolean> {
    const { groups } = await this.#ask('list groups', (admin) => admin.listGroups());
    return groups.some(({ groupId }) => groupId === group);
  }

  /** Bytes of a batch that the topic takes, at most, after compression; undefined where that is not for us to know. */
  async maxMessageBytes(topic: string): Promise<number | undefined> {
    const name = 'max.message.bytes';
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] };
    const { resources } = await this.#ask(`describe topic ${topic}`, async (admin) => {
      try {
        return await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
      } catch (error) {
        if (isRefusal(error, 'TOPIC_AUTHORIZATION_FAILED')) return { resources: [] };
        throw error;
      }
    });
    const entry = resources[0]?.configEntries.find(({ configName }) => configName === name);
    return entry ? Number(entry.configValue) : undefined;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // It waits for what was asked and not answered.
    await Promise.race([client?.admin.disconnect(), sleep(1000, undefined, { ref: false })]);
  }

  /** How many partitions a topic has, if all of them have leaders that know that they are; 0 otherwise. */
  async #led(topic: string): Promise<number> {
    try {
      const count = await this.#partitionsOf(topic);
      const ends = await this.endOffsets([topic]);
      return (ends.get(topic)?.length ?? 0) >= count ? count : 0;
    } catch {
      return 0;
    }
  }

  /** @returns 0 where there is no such topic */
  #partitionsOf(topic: string): Promise<number> {
    return this.#ask(`describe topic ${topic}`, async (admin) => {
      try {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
      } catch (error) {
        if (isRefusal(error, 'UNKNOWN_TOPIC_OR_PARTITION') || isRefusal(error, 'LEADER_NOT_AVAILABLE')) return 0;
        throw error;
      }
    });
  }

  /** One question at a time: a client of kafkajs forgets, for the next one, what it knew of the topics of the last. */
  #ask<Answer>(what: string, question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const answer = this.#last.then(() => this.#attempt(what, question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** With a client that is made anew after a failure: kafkajs keeps what it knew of brokers that are gone. */
  async #attempt<Answer>(what: string, question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    this.#client ??= this.#open();
    const client = this.#client;
    const answer = client.connected.then(() => question(client.admin));
    const expiry = new AbortController();
    try {
      return await Promise.race([
        answer,
        sleep(patience, undefined, { signal: expiry.signal }).then(() => {
          throw new TimeoutError();
        }),
      ]);
    } catch (error) {
      answer.catch(() => undefined);
      this.#client = undefined;
      client.admin.disconnect().catch(() => undefined);
      this.#log.debug({ error: String(error) }, `the brokers could not ${what}`);
      throw clusterError(error, what, this.#connection, client.sockets);
    } finally {
      expiry.abort();
    }
  }

  #open() {
    const sockets = new Sockets();
    const admin = new Kafka(clientConfig(this.#connection, this.#clientId, this.#log, sockets)).admin();
    return { admin, sockets, connected: admin.connect() };
  }
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  override readonly message = `no answer within ${patience / 1000} s`;
}

function byPartition(offsets: readonly { readonly partition: number; readonly offset: string }[]): number[] {
  return [...offsets].sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
}

import type { Socket } from 'node:net';
import { Kafka } from 'kafkajs';
import KafkajsCluster from 'kafkajs/src/cluster/index.js';
import { clusterError } from '../cluster-errors.ts';
import { clientConfig, type DebugLog, Sockets } from '../kafka-client.ts';
import type { Connection } from '../options.ts';
import { codecOf } from './codecs.ts';
import { type Driver, type DriverOptions, SendError } from './driver.ts';
import { decodeProduce, type ProduceAnswer, type ProducerId, produceKey, produceVersion } from './produce-request.ts';
import { ProducingDriver, type Transport } from './producing-driver.ts';
import { refusalOf } from './refusals.ts';

/** Milliseconds that an acknowledgment may take. */
const requestTimeout = 30_000;
/** Milliseconds after which leaders are asked for though nothing failed. */
const metadataMaxAge = 300_000;
const unknownTopic = 3;

const silent: DebugLog = { debug: () => undefined };

/** @throws BotError where no broker can be reached, or none takes the credentials, or kafkajs lacks the codec */
export async function connectKafkajs(options: DriverOptions, log = silent): Promise<Driver> {
  const codec = codecOf(options.delivery.compression);
  const transport = new KafkajsTransport(options, log);
  await transport.connect();
  return ProducingDriver.open(transport, options.delivery, codec);
}

/** The part of kafkajs under its producer, which it has no types for. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  isConnected(): boolean;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  findBroker(options: { readonly nodeId: number }): Promise<Broker>;
  findControllerBroker(): Promise<Broker>;
}

interface Broker {
  readonly connectionPool: { send(request: unknown): Promise<unknown> };
  initProducerId(options: object): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
  disconnect(): Promise<void>;
}

interface ClientError extends Error {
  readonly host?: string;
  readonly port?: number;
  readonly broker?: string;
  readonly cause?: ClientError;
  /** Of Kafka where it is a number, and else of the network. */
  readonly code?: unknown;
}

/**
 * The connections of kafkajs. Not its producer: that sends one batch at a time to each broker where it is idempotent,
 * takes what goes to a partition that does not exist for sent, and copies all messages of a batch for each of them.
 */
class KafkajsTransport implements Transport {
  readonly #connection: Connection;
  readonly #sockets = new Sockets();
  /** That are open, by address. */
  readonly #open = new Map<string, Set<Socket>>();
  readonly #topics = new Set<string>();
  readonly #cluster: Cluster;
  #stale = false;

  constructor({ connection, clientId }: DriverOptions, log: DebugLog) {
    this.#connection = connection;
    const config = { ...clientConfig(connection, clientId, log, this.#sockets), requestTimeout };
    this.#cluster = new KafkajsCluster({
      ...config,
      socketFactory: (target) => this.#socket(target),
      logger: new Kafka(config).logger(),
      enforceRequestTimeout: true,
      allowAutoTopicCreation: false,
      metadataMaxAge,
    }) as unknown as Cluster;
  }

  async connect(): Promise<void> {
    try {
      await this.#cluster.connect();
      await this.#cluster.refreshMetadata();
    } catch (error) {
      throw clusterError(error, 'take messages', this.#connection, this.#sockets);
    }
  }

  async newProducerId(): Promise<ProducerId> {
    return this.#asking(undefined, async () => {
      const broker = await this.#cluster.findControllerBroker();
      const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: requestTimeout });
      return { id: BigInt(producerId), epoch: producerEpoch };
    });
  }

  async produce(topic: string, partition: number, body: Buffer, answered: boolean): Promise<ProduceAnswer | undefined> {
    return this.#asking(topic, async () => {
      const broker = await this.#leader(topic, partition);
      const answer = await broker.connectionPool.send({
        request: {
          apiKey: produceKey,
          apiVersion: produceVersion,
          apiName: 'Produce',
          expectResponse: () => answered,
          // As kafkajs knows what it encodes itself.
          encode: async () => ({ buf: body, buffer: body }),
        },
        response: {
          decode: async (answer: Buffer) => {
            const decoded = decodeProduce(answer);
            return { ...decoded, clientSideThrottleTime: decoded.throttleMs };
          },
          parse: async (decoded: ProduceAnswer) => decoded,
        },
      });
      return answer as ProduceAnswer | undefined;
    });
  }

  forget(): void {
    this.#stale = true;
  }

  async close(): Promise<void> {
    // What is still awaited is given up, so that nothing waits for it.
    for (const address of this.#open.keys()) this.#cut(address);
    await this.#cluster.disconnect().catch(() => undefined);
  }

  async #leader(topic: string, partition: number): Promise<Broker> {
    const cluster = this.#cluster;
    if (!this.#topics.has(topic)) {
      await cluster.addMultipleTargetTopics([topic]);
      this.#topics.add(topic);
    }
    await cluster.refreshMetadataIfNecessary();
    const found = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition);
    if (!found) {
      this.#stale = true;
      throw refusalOf(unknownTopic, topic);
    }
    return cluster.findBroker({ nodeId: found.leader });
  }

  /** Asks when it is known again who leads what. */
  async #asking<Answer>(topic: string | undefined, question: () => Promise<Answer>): Promise<Answer> {
    try {
      if (this.#stale) await this.#refresh();
      return await question();
    } catch (error) {
      if (error instanceof SendError) throw error;
      throw this.#failure(error as ClientError, topic);
    }
  }

  async #refresh(): Promise<void> {
    if (!this.#cluster.isConnected()) await this.#cluster.connect();
    await this.#cluster.refreshMetadata();
    this.#stale = false;
  }

  #failure(error: ClientError, topic?: string): SendError {
    this.#stale = true;
    const errors = chainOf(error);
    for (const { name, host, port, broker, code } of errors) {
      if (name === 'KafkaJSConnectionClosedError' && host && port) this.#cluster.removeBroker({ host, port });
      // It may never notice that nobody is there any more.
      if (name === 'KafkaJSRequestTimeoutError' && broker) this.#cut(broker);
      if (typeof code === 'number') return refusalOf(code, topic);
    }
    const names = errors.map(({ name }) => name).join(' ');
    const { message } = clusterError(error, 'take messages', this.#connection, this.#sockets);
    if (names.includes('SASLAuthentication')) return new SendError(message, 'authentication', false);
    if (names.includes('Timeout')) return new SendError(message, 'timeout', true);
    if (/Connection|Broker/.test(names)) return new SendError(message, 'connection', true);
    // Such as a connection that it takes for one though its first question was not answered: it would do so for ever.
    for (const address of this.#open.keys()) this.#cut(address);
    return new SendError(message, 'client', true);
  }

  #socket(target: Parameters<Sockets['open']>[0]): Socket {
    const socket = this.#sockets.open(target);
    const address = `${target.host}:${target.port}`;
    const open = this.#open.get(address) ?? new Set();
    this.#open.set(address, open.add(socket));
    socket.once('close', () => open.delete(socket));
    return socket;
  }

  #cut(address: string): void {
    for (const socket of this.#open.get(address) ?? []) socket.destroy(new Error('no answer'));
  }
}

const chainOf = (error: ClientError | undefined): ClientError[] =>
  error ? [error, ...(error.cause === error ? [] : chainOf(error.cause))] : [];

import { isIP } from 'node:net';
import { plain } from '../../../clients/plain.ts';
import { openCluster } from '../cluster.ts';
import type { DebugLog } from '../kafka-client.ts';
import { BotError, type Connection } from '../options.ts';
import { codecOf } from './codecs.ts';
import { type Driver, type DriverOptions, SendError } from './driver.ts';
import { decodeProduce, type ProduceAnswer, type ProducerId, produceKey, produceVersion } from './produce-request.ts';
import { ProducingDriver, type Transport } from './producing-driver.ts';
import { refusalOf } from './refusals.ts';

type Library = typeof import('@platformatic/kafka');
type Client = InstanceType<Library['Producer']>;

const oldestNode = 22;
/** Milliseconds until a connection is made, and that an acknowledgment may take. */
const [connectTimeout, requestTimeout] = [5000, 30_000];
/** Milliseconds after which leaders are asked for though nothing failed. */
const metadataMaxAge = 300_000;
/** Requests on their way to a broker. The sender bounds those to a partition, and they are what counts. */
const maxInflights = 10_000;
const unknownTopic = 3;

const silent: DebugLog = { debug: () => undefined };

/** @throws BotError where Node is too old for it, no broker can be reached, or none takes the credentials */
export async function connectPlatformatic(
  options: DriverOptions,
  log = silent,
  node = process.versions.node,
): Promise<Driver> {
  if (Number.parseInt(node, 10) < oldestNode)
    throw new BotError(
      `--client platformatic needs Node ${oldestNode} or newer, and this is ${node}: leave it out, which means kafkajs`,
    );
  const library = await import('@platformatic/kafka');
  const { snappy, lz4 } = library.compressionsAlgorithms;
  const codec = codecOf(options.delivery.compression, { snappy: snappy.compressSync, lz4: lz4.compressSync });
  const transport = new PlatformaticTransport(library, options);
  await transport.connect(log);
  return ProducingDriver.open(transport, options.delivery, codec);
}

interface ClientError extends Error {
  readonly code?: string;
  readonly apiCode?: number;
  readonly cause?: ClientError;
  readonly errors?: readonly ClientError[];
}

/**
 * The connections of @platformatic/kafka. Not its producer: that forgets, when a request fails, which sequence numbers
 * it had, so that another attempt is a duplicate or is refused.
 */
class PlatformaticTransport implements Transport {
  readonly #library: Library;
  readonly #options: DriverOptions;
  readonly #client: Client;

  constructor(library: Library, options: DriverOptions) {
    const { connection, clientId } = options;
    this.#library = library;
    this.#options = options;
    this.#client = new library.Producer({
      clientId,
      bootstrapBrokers: [...connection.brokers],
      connectTimeout,
      requestTimeout,
      maxInflights,
      metadataMaxAge,
      retries: 0,
      autocreateTopics: false,
      ...securityOf(connection),
    });
  }

  async connect(log: DebugLog): Promise<void> {
    const { connection, clientId } = this.#options;
    try {
      await this.#client.metadata({ topics: [] });
    } catch (error) {
      await this.close();
      // It says why in more detail.
      const cluster = await openCluster(connection, clientId, log);
      await cluster.close();
      throw new BotError(`--client platformatic cannot reach the brokers, though kafkajs can: ${said(error)}`);
    }
  }

  async newProducerId(): Promise<ProducerId> {
    return this.#asking(undefined, async () => {
      const { producerId, producerEpoch } = await this.#client.initIdempotentProducer({});
      return { id: producerId, epoch: producerEpoch };
    });
  }

  async produce(topic: string, partition: number, body: Buffer, answered: boolean): Promise<ProduceAnswer | undefined> {
    return this.#asking(topic, async () => {
      const connection = await this.#client.connections.get(await this.#leader(topic, partition));
      return new Promise<ProduceAnswer | undefined>((resolve, reject) => {
        connection.send(
          produceKey,
          produceVersion,
          () => {
            const writer = this.#library.Writer.create().append(body);
            if (!answered) writer.context.noResponse = true;
            return writer;
          },
          (_correlation, _key, _version, reader) => decodeProduce(reader.buffer.buffer),
          false,
          false,
          (error, answer) => (error ? reject(error) : resolve(answered ? (answer as ProduceAnswer) : undefined)),
        );
      });
    });
  }

  forget(): void {
    this.#client.clearMetadata();
  }

  async close(): Promise<void> {
    await this.#client.close().catch(() => undefined);
  }

  async #leader(topic: string, partition: number) {
    const { brokers, topics } = await this.#client.metadata({ topics: [topic] });
    const found = topics.get(topic)?.partitions[partition];
    const leader = found && brokers.get(found.leader);
    if (leader) return leader;
    this.forget();
    throw refusalOf(found ? 5 : unknownTopic, topic);
  }

  async #asking<Answer>(topic: string | undefined, question: () => Promise<Answer>): Promise<Answer> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof SendError) throw error;
      this.forget();
      throw this.#failure(error as ClientError, topic);
    }
  }

  #failure(error: ClientError, topic?: string): SendError {
    const errors = chainOf(error);
    const { brokers, sasl } = this.#options.connection;
    for (const { code, apiCode, message } of errors) {
      if (apiCode !== undefined && apiCode > 0) return refusalOf(apiCode, topic);
      if (code === 'PLT_KFK_AUTHENTICATION')
        return new SendError(
          `the brokers do not take the credentials of user ${sasl?.username}: see --sasl-username and its password`,
          'authentication',
          false,
        );
      if (code === 'PLT_KFK_USER' && message.startsWith('Unknown topic')) return refusalOf(unknownTopic, topic);
    }
    const timeout = errors.some((one) => one instanceof this.#library.TimeoutError);
    return new SendError(
      `the brokers of --bootstrap-servers ${brokers.join(',')} give no answer: ${said(error)}`,
      timeout ? 'timeout' : errors.some(({ code }) => code === 'PLT_KFK_NETWORK') ? 'connection' : 'client',
      true,
    );
  }
}

function securityOf({ brokers, tls, sasl }: Connection) {
  const named = brokers.every((broker) => !isIP(broker.slice(0, broker.lastIndexOf(':'))));
  return {
    ...(tls
      ? { tls: { rejectUnauthorized: !tls.insecure, ...(tls.ca ? { ca: tls.ca } : {}) }, tlsServerName: named }
      : {}),
    ...(sasl
      ? {
          sasl: {
            mechanism: sasl.mechanism.toUpperCase() as 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
            username: sasl.username,
            password: sasl.password,
          },
        }
      : {}),
  };
}

const chainOf = (error: ClientError | undefined): ClientError[] =>
  error ? [error, ...(error.errors ?? []).flatMap(chainOf), ...chainOf(error.cause)] : [];

/** What it came of, in the words of the client. */
const said = (error: unknown): string => plain(chainOf(error as ClientError).at(-1)?.message ?? String(error));

import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../options.ts';
import { type Batch, type Driver, type DriverOptions, SendError } from './driver.ts';
import { type Codec, encodeProduce, type ProduceAnswer, type ProducerId } from './produce-request.ts';
import { refusalOf } from './refusals.ts';

/** The part of a driver that depends on its client: connections, and which broker leads a partition. */
export interface Transport {
  /** @throws SendError */
  newProducerId(): Promise<ProducerId>;
  /**
   * Sends the body of a Produce request to the leader of a partition.
   *
   * @returns its answer; undefined where none is awaited
   * @throws SendError
   */
  produce(topic: string, partition: number, body: Buffer, answered: boolean): Promise<ProduceAnswer | undefined>;
  /** Forgets who leads what. */
  forget(): void;
  close(): Promise<void>;
}

const acks = { all: -1, leader: 1, none: 0 } as const;
/** Milliseconds that a broker may wait for the others; less than a request may take, so that it says so itself. */
const timeoutMs = 20_000;

const none: ProducerId = { id: -1n, epoch: -1 };
/** Kafka's sequence numbers go on at 0. */
const sequences = 2 ** 31;

/** Codes that say that the brokers have another leader than the client thinks. */
const stale = [3, 5, 6, 74, 75];
/** It was there before: an attempt that seemed to fail had arrived. */
const duplicate = 46;
/** The sequence is out of order, or the brokers know nothing of the producer, or its time has passed. */
const stateLost = [45, 47, 59];

/** Milliseconds that brokers get which have just started, and cannot give a producer its id yet. */
const patience = 10_000;

/** An id with what was acknowledged under it: a batch that is sent again has the number that it had. */
interface Producer extends ProducerId {
  /** Of the next message, by topic and partition. */
  readonly next: Map<string, number>;
}

/** Sends batches by a client's connections. A partition may have one batch on its way where the driver is idempotent. */
export class ProducingDriver implements Driver {
  readonly #transport: Transport;
  readonly #delivery: DriverOptions['delivery'];
  readonly #codec: Codec;
  #producer: Producer | undefined;
  #identifying: Promise<Producer> | undefined;

  /** @throws BotError where the brokers do not let it write */
  static async open(transport: Transport, delivery: DriverOptions['delivery'], codec: Codec): Promise<Driver> {
    const driver = new ProducingDriver(transport, delivery, codec);
    const deadline = Date.now() + patience;
    for (;;) {
      try {
        await driver.#identified();
        return driver;
      } catch (error) {
        const { message, retriable } = error as SendError;
        if (!retriable || Date.now() > deadline) {
          await transport.close();
          throw new BotError(message);
        }
        await sleep(250);
      }
    }
  }

  private constructor(transport: Transport, delivery: DriverOptions['delivery'], codec: Codec) {
    this.#transport = transport;
    this.#delivery = delivery;
    this.#codec = codec;
  }

  async send(batch: Batch): Promise<void> {
    const { topic, partition, messages } = batch;
    const producer = await this.#identified();
    const place = `${topic}/${partition}`;
    const sequence = producer.next.get(place) ?? 0;
    const options = { acks: acks[this.#delivery.acks], timeoutMs, codec: this.#codec, producer, sequence };
    const body = await encodeProduce(batch, options);
    const answer = await this.#transport.produce(topic, partition, body, options.acks !== 0);
    const code = answer?.code ?? 0;
    if (code === 0 || code === duplicate) {
      producer.next.set(place, (sequence + messages.length) % sequences);
      return;
    }
    if (stateLost.includes(code)) throw this.#lost(producer, topic);
    if (stale.includes(code)) this.#transport.forget();
    throw refusalOf(code, topic);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #identified(): Promise<Producer> {
    if (this.#producer) return this.#producer;
    this.#identifying ??= this.#identify();
    try {
      this.#producer = await this.#identifying;
      return this.#producer;
    } finally {
      this.#identifying = undefined;
    }
  }

  async #identify(): Promise<Producer> {
    const id = this.#delivery.idempotent ? await this.#transport.newProducerId() : none;
    return { ...id, next: new Map() };
  }

  /** Goes on under a new id: the brokers would take nothing more under the one that they have lost track of. */
  #lost(producer: Producer, topic: string): SendError {
    if (this.#producer === producer) this.#producer = undefined;
    return new SendError(
      `topic ${topic}: the brokers have lost track of this producer, which goes on as a new one`,
      'producer_state',
      true,
    );
  }
}

import type { Connection, Delivery } from '../options.ts';

/** A client of Kafka, as far as the bot needs one to send. */
export interface Driver {
  /**
   * Sends a batch once; trying again is the sender's business.
   *
   * @returns when the brokers have acknowledged it
   * @throws SendError
   */
  send(batch: Batch): Promise<void>;
  /** After the last batch. */
  close(): Promise<void>;
}

/** Messages of one partition, in order. Sent again as it was, never with others: the brokers know it by its sequence. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly Message[];
}

export interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, Buffer>>;
}

export interface DriverOptions {
  readonly connection: Connection;
  readonly clientId: string;
  readonly delivery: Delivery;
}

export class SendError extends Error {
  override readonly name = 'SendError';
  /** In one or two words, for a label: `timeout`, `not_leader`, `message_too_large`. */
  readonly reason: string;
  readonly retriable: boolean;

  constructor(message: string, reason: string, retriable: boolean) {
    super(message);
    this.reason = reason;
    this.retriable = retriable;
  }
}

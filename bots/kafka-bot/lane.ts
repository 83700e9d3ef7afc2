import type { Batch, Message } from './drivers/driver.ts';
import type { PartitionLedger } from './proof/ledger.ts';
import { normalised } from './proof/ranges.ts';

/** A batch as the sender keeps it until it is acknowledged or given up. */
export interface SentBatch extends Batch {
  /** Number of its first message; the others follow. */
  readonly firstSequence: number;
  /** When each message was due, in milliseconds since 1970. */
  readonly dueAt: readonly number[];
}

interface OpenBatch extends SentBatch {
  readonly messages: Message[];
  readonly dueAt: number[];
  bytes: number;
}

/** What a message takes in a request beside its key, value and mark: lengths, the name of its header. */
const recordBytes = 32;
/** What the objects of a message take in memory, roughly. */
const objectBytes = 350;

/** What waits in all lanes together. */
export interface Waiting {
  messages: number;
  /** Memory that they take, roughly. */
  bytes: number;
  /** Lanes that have as many waiting as they can soon send. */
  fullLanes: number;
}

export interface LaneProps {
  readonly topic: string;
  readonly partition: number;
  readonly batchBytes: number;
  /** Batches that may be on their way at a time; one where a retry must not be overtaken. */
  readonly maxInFlight: number;
  readonly waiting: Waiting;
}

/** Messages of one partition on their way, in order: made and waiting, or in flight. */
export class Lane {
  readonly #props: LaneProps;
  readonly #batches: OpenBatch[] = [];
  readonly #inFlight = new Set<SentBatch>();
  readonly #givenUp: [first: number, last: number][] = [];
  #nextSequence = 0;

  constructor(props: LaneProps) {
    this.#props = props;
  }

  /** Number of the message that is made next. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** When the oldest message was due that waits or is in flight. */
  get oldestDueAt(): number | undefined {
    return (this.#inFlight.values().next().value ?? this.#batches[0])?.dueAt[0];
  }

  /** Puts a message, which carries the next sequence number, behind the others. */
  push(message: Message, markBytes: number, dueAt: number): void {
    const { topic, partition, batchBytes, waiting } = this.#props;
    const size = message.value.length + (message.key?.length ?? 0) + markBytes + recordBytes;
    let batch = this.#batches.at(-1);
    if (!batch || batch.bytes + size > batchBytes) {
      batch = { topic, partition, messages: [], dueAt: [], firstSequence: this.#nextSequence, bytes: 0 };
      this.#batches.push(batch);
      if (this.#batches.length === this.#enough) waiting.fullLanes++;
    }
    batch.messages.push(message);
    batch.dueAt.push(dueAt);
    batch.bytes += size;
    this.#nextSequence++;
    waiting.messages++;
    waiting.bytes += size + objectBytes;
  }

  /** The batch to send now, if any may be. It is in flight until it is settled. */
  take(): SentBatch | undefined {
    const { maxInFlight, waiting } = this.#props;
    const [batch] = this.#batches;
    if (!batch || this.#inFlight.size >= maxInFlight) return undefined;
    if (this.#batches.length === this.#enough) waiting.fullLanes--;
    this.#batches.shift();
    this.#inFlight.add(batch);
    waiting.messages -= batch.messages.length;
    waiting.bytes -= batch.bytes + batch.messages.length * objectBytes;
    return batch;
  }

  settle(batch: SentBatch, acknowledged: boolean): void {
    this.#inFlight.delete(batch);
    if (!acknowledged) this.#givenUp.push(rangeOf(batch));
  }

  ledger(): PartitionLedger {
    const { topic, partition } = this.#props;
    const ranges = [...this.#givenUp, ...[...this.#inFlight, ...this.#batches].map(rangeOf)];
    return { topic, partition, sent: this.#nextSequence, unacknowledged: normalised(ranges) };
  }

  /** Batches after which more would only take memory: those that may go next, one that is complete, one that is not. */
  get #enough(): number {
    return this.#props.maxInFlight + 2;
  }
}

const rangeOf = ({ firstSequence, messages }: SentBatch): [number, number] => [
  firstSequence,
  firstSequence + messages.length - 1,
];

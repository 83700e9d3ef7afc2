import { Lane, type LaneProps } from './lane.ts';
import type { PartitionLedger } from './proof/ledger.ts';

/** Memory that made messages may take that wait: as much as Java's producer allows. */
const bufferBytes = 32 * 1024 * 1024;

/** The lanes of all partitions. One begins when its first message is made. */
export class Lanes {
  readonly #limits: Pick<LaneProps, 'batchBytes' | 'maxInFlight'>;
  readonly #byTopic = new Map<string, Lane[]>();
  readonly #all: Lane[] = [];
  readonly #waiting = { messages: 0, bytes: 0, fullLanes: 0 };

  constructor(limits: Pick<LaneProps, 'batchBytes' | 'maxInFlight'>) {
    this.#limits = limits;
  }

  [Symbol.iterator](): Iterator<Lane> {
    return this.#all[Symbol.iterator]();
  }

  /** Messages that wait to be handed to the client. */
  get waiting(): number {
    return this.#waiting.messages;
  }

  /** Whether another message may be made: there is memory for it, and a lane that may want it. */
  get open(): boolean {
    const { bytes, fullLanes } = this.#waiting;
    return bytes < bufferBytes && (fullLanes < this.#all.length || this.#all.length === 0);
  }

  /** When the oldest message was due that waits or is in flight. */
  get oldestDueAt(): number | undefined {
    const times = this.#all.flatMap(({ oldestDueAt }) => oldestDueAt ?? []);
    return times.length ? Math.min(...times) : undefined;
  }

  get(topic: string, partition: number): Lane {
    let lanes = this.#byTopic.get(topic);
    if (!lanes) {
      lanes = [];
      this.#byTopic.set(topic, lanes);
    }
    let lane = lanes[partition];
    if (!lane) {
      lane = new Lane({ topic, partition, ...this.#limits, waiting: this.#waiting });
      lanes[partition] = lane;
      this.#all.push(lane);
    }
    return lane;
  }

  ledger(): PartitionLedger[] {
    return this.#all.map((lane) => lane.ledger());
  }
}

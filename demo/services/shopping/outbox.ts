import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Session } from '../../lib/database.ts';
import type { Event, Events } from '../../lib/kafka.ts';
import type { Telemetry } from '../../lib/telemetry.ts';

interface Row {
  readonly id: number;
  readonly topic: string;
  readonly message_key: string;
  readonly payload: string;
  readonly trace: string;
}

/** How many events go to Kafka in one request. */
const batch = 100;

/** Milliseconds between two looks, when nobody wakes it: what other pods left behind. */
const period = 500;

/**
 * Events that were committed together with what they tell of, and are published after it. A row goes when the
 * broker has acknowledged it; a publisher that dies between the two leaves it to be published again.
 */
export class Outbox {
  readonly #database: Database;
  readonly #events: Events;
  readonly #log: Telemetry['log'];
  #wake = new AbortController();
  #pending = 0;
  #running = false;
  #ended: Promise<void> = Promise.resolve();

  constructor({ log, meters }: Telemetry, database: Database, events: Events) {
    this.#log = log;
    this.#database = database;
    this.#events = events;
    meters.gauge(
      'shop_outbox_pending_events',
      'Events that wait to be published, of at most one batch.',
      () => this.#pending,
    );
  }

  async add(session: Session, { topic, key, value, trace = {} }: Event & { readonly topic: string }): Promise<void> {
    await session.change('INSERT INTO outbox (topic, message_key, payload, trace) VALUES (?, ?, ?, ?)', [
      topic,
      key,
      value,
      JSON.stringify(trace),
    ]);
  }

  /** Looks now. */
  wake(): void {
    this.#wake.abort();
  }

  start(): void {
    this.#running = true;
    this.#ended = this.#run();
  }

  /** Publishes what is there, then stops. */
  async stop(): Promise<void> {
    this.#running = false;
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    for (;;) {
      let published = 0;
      try {
        published = await this.#publish();
      } catch (error) {
        this.#log.warn({ err: error }, `events wait: ${(error as Error).message}`);
        if (!this.#running) return;
        await sleep(period);
      }
      if (published === batch) continue;
      if (!this.#running) return;
      await sleep(period, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      this.#wake = new AbortController();
    }
  }

  /** @returns how many */
  #publish(): Promise<number> {
    return this.#database.transaction(async (session) => {
      // Rows that another pod is publishing are its own.
      const rows = await session.rows<Row>(
        'SELECT id, topic, message_key, payload, trace FROM outbox ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED',
        [batch],
      );
      this.#pending = rows.length;
      if (rows.length === 0) return 0;
      for (const topic of new Set(rows.map((row) => row.topic)))
        await this.#events.send(
          topic,
          rows
            .filter((row) => row.topic === topic)
            .map(({ message_key: key, payload: value, trace }) => ({ key, value, trace: JSON.parse(trace) })),
        );
      await session.change('DELETE FROM outbox WHERE id IN (?)', [rows.map(({ id }) => id)]);
      return rows.length;
    });
  }
}

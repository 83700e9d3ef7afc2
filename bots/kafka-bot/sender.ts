import { once } from 'node:events';
import { Backlog } from './backlog.ts';
import { type Driver, SendError } from './drivers/driver.ts';
import type { Lane, SentBatch } from './lane.ts';
import { Lanes } from './lanes.ts';
import type { MessageMaker } from './messages/message-maker.ts';
import type { Partitioner } from './messages/partitioner.ts';
import type { Observer, Status } from './observer.ts';
import { BotError, type Breaker, type Delivery, type Retry } from './options.ts';
import { checksumOf, headerName } from './proof/header.ts';
import type { Ledger } from './proof/ledger.ts';
import { MarkWriter } from './proof/mark-writer.ts';
import { Resilience } from './resilience.ts';
import { Schedule, type Stage, shareOf } from './schedule.ts';

/** Milliseconds between two looks at the clock: what came due meanwhile is handed on together. */
const tickMs = 5;
/** Where nothing is due for longer, the clock is looked at none the less. */
const longestTickMs = 100;
/** Messages made at a stretch, before answers of the brokers are looked at. */
const stretch = 500;
/** Batches of a partition that may be on their way where a retry may overtake others, as with Java's producer. */
const maxInFlight = 5;

/** Reasons for which no other batch would fare better. */
const fatal = ['authentication', 'authorization', 'unknown_topic', 'unsupported'];

export interface SenderProps {
  readonly testid: string;
  /** Which of the producers it is, from 0: it sends every message k with k mod producers = producer. */
  readonly producer: number;
  readonly producers: number;
  /** Of all producers together. */
  readonly stages: readonly Stage[];
  readonly driver: Driver;
  readonly makeMessage: MessageMaker;
  readonly partitionOf: Partitioner;
  readonly delivery: Delivery;
  readonly retry: Retry;
  readonly breaker: Breaker;
  readonly maxBacklog: number;
  readonly observer: Observer;
  /**
   * Seconds for what is left after the last message came due.
   *
   * @default 120
   */
  readonly drainSeconds?: number;
  /**
   * Seconds for what is left when it is told to stop.
   *
   * @default 20
   */
  readonly stopSeconds?: number;
}

/**
 * Sends messages at the times of a schedule, whatever the brokers do: what cannot be sent in time waits, is counted, and
 * its latency counts from when it was due. Messages are made when they can soon be sent, so the backlog is but numbers.
 */
export class Sender {
  readonly #props: SenderProps;
  readonly #schedule: Schedule;
  readonly #resilience: Resilience;
  readonly #marks: MarkWriter;
  readonly #lanes: Lanes;
  readonly #backlog = new Backlog();
  /** Is aborted when the run is over; with a BotError where it failed. */
  readonly #over = new AbortController();
  #acknowledged = 0;
  #failed = 0;
  #startsAt = 0;
  /** Of the process's own clock, which nobody sets, when the run starts. */
  #origin = 0;
  #stopped = false;
  /** When what is left is given up, in milliseconds since 1970; known when nothing more comes due. */
  #deadline: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #making: NodeJS.Immediate | undefined;

  constructor(props: SenderProps) {
    const { stages, testid, producer, delivery } = props;
    this.#props = props;
    this.#schedule = new Schedule(stages);
    this.#resilience = new Resilience(props);
    this.#marks = new MarkWriter(testid, producer);
    this.#lanes = new Lanes({ batchBytes: delivery.batchBytes, maxInFlight: delivery.idempotent ? 1 : maxInFlight });
  }

  /**
   * @param startsAt in milliseconds since 1970
   * @returns when all that came due is settled, or the time for it is up
   * @throws BotError where nothing can be sent at all
   */
  run(startsAt: number): Promise<void> {
    this.#startsAt = startsAt;
    this.#origin = performance.now() + startsAt - Date.now();
    this.#tick();
    return this.#ended();
  }

  /** Lets no more messages come due; returns when what is left is settled, or the time for it is up. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#tick();
    return this.#ended();
  }

  status(): Status {
    const { producers } = this.#props;
    const now = this.#now();
    const { due, dropped, oldest } = this.#backlog;
    const oldestDueAt = Math.min(
      this.#lanes.oldestDueAt ?? now,
      oldest === undefined ? now : this.#dueAt(this.#numberOf(oldest)),
    );
    return {
      due,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      dropped,
      backlog: this.#left,
      oldestSeconds: Math.max(0, now - oldestDueAt) / 1000,
      targetRate: this.#stopped || !this.#timer ? 0 : this.#schedule.rateAt((now - this.#startsAt) / 1000) / producers,
    };
  }

  ledger(): Ledger {
    const { testid, producer } = this.#props;
    return { testid, producer, partitions: this.#lanes.ledger() };
  }

  async #ended(): Promise<void> {
    const { signal } = this.#over;
    if (!signal.aborted) await once(signal, 'abort');
    if (signal.reason instanceof BotError) throw signal.reason;
  }

  /** Messages that came due and of which nothing is known yet. */
  get #left(): number {
    const { due, dropped } = this.#backlog;
    return due - dropped - this.#acknowledged - this.#failed;
  }

  #now(): number {
    return this.#startsAt + performance.now() - this.#origin;
  }

  /** Number among the messages of all producers of one of this producer's. */
  #numberOf(index: number): number {
    const { producer, producers } = this.#props;
    return producer + index * producers;
  }

  #dueAt(k: number): number {
    return this.#startsAt + this.#schedule.timeOf(k) * 1000;
  }

  #tick(): void {
    clearTimeout(this.#timer);
    const now = this.#now();
    const { producer, producers, maxBacklog } = this.#props;
    if (!this.#stopped) {
      const due = shareOf(this.#schedule.dueBy((now - this.#startsAt) / 1000), producer, producers);
      this.#backlog.extend(due, maxBacklog - this.#backlog.size - this.#lanes.waiting);
    }
    this.#make();
    if (this.#isOver(now)) this.#finish();
    if (this.#over.signal.aborted) return;
    const next = this.#dueAt(this.#numberOf(this.#backlog.due)) - this.#now();
    this.#timer = setTimeout(() => this.#tick(), Math.min(longestTickMs, Math.max(tickMs, next)));
  }

  #isOver(now: number): boolean {
    const { drainSeconds = 120, stopSeconds = 20 } = this.#props;
    if (this.#stopped) this.#deadline = Math.min(this.#deadline ?? Number.POSITIVE_INFINITY, now + stopSeconds * 1000);
    else if (now - this.#startsAt < this.#schedule.seconds * 1000) return false;
    this.#deadline ??= now + drainSeconds * 1000;
    return this.#left === 0 || now >= this.#deadline;
  }

  #finish(reason?: BotError): void {
    clearTimeout(this.#timer);
    this.#backlog.dropAll();
    this.#over.abort(reason);
  }

  /** Makes messages of the backlog as long as they can soon be sent, and sends what may be. */
  #make(): void {
    clearImmediate(this.#making);
    if (this.#over.signal.aborted) return;
    let left = stretch;
    while (left > 0 && this.#backlog.size > 0 && this.#lanes.open) {
      this.#makeOne(this.#numberOf(this.#backlog.take()));
      left--;
    }
    for (const lane of this.#lanes) this.#send(lane);
    if (left === 0) this.#making = setImmediate(() => this.#make());
  }

  #makeOne(k: number): void {
    const { makeMessage, partitionOf } = this.#props;
    const dueAt = this.#dueAt(k);
    const { topic, key, value } = makeMessage(k, dueAt);
    const lane = this.#lanes.get(topic, partitionOf(topic, key, k));
    const mark = this.#marks.write(lane.nextSequence, Math.round(dueAt), checksumOf(value));
    lane.push({ key, value, headers: { [headerName]: mark } }, mark.length, dueAt);
  }

  #send(lane: Lane): void {
    for (let batch = lane.take(); batch; batch = lane.take()) void this.#deliver(lane, batch);
  }

  async #deliver(lane: Lane, batch: SentBatch): Promise<void> {
    const { driver, observer } = this.#props;
    try {
      await this.#resilience.deliver(() => driver.send(batch), this.#over.signal);
      lane.settle(batch, true);
      this.#acknowledged += batch.messages.length;
      observer.acknowledged(batch, this.#now());
    } catch (error) {
      // The time was up: it stays in flight, and in the ledger.
      if (this.#over.signal.aborted) return;
      if (!(error instanceof SendError)) throw error;
      lane.settle(batch, false);
      this.#failed += batch.messages.length;
      observer.gaveUp(batch, error);
      if (fatal.includes(error.reason)) this.#finish(new BotError(error.message));
    }
    this.#send(lane);
    this.#make();
    if (this.#deadline !== undefined && this.#left === 0) this.#finish();
  }
}

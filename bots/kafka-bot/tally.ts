import { buckets } from '../../exporters/kafka-bot/metrics.ts';
import type { SendError } from './drivers/driver.ts';
import { Durations } from './duration-histogram.ts';
import type { SentBatch } from './lane.ts';
import type { BreakerState, Observer, Status } from './observer.ts';
import type { Sending } from './summary.ts';

/** Keeps for the summary what happens while messages are sent, and passes it on. */
export class Tally implements Observer {
  readonly #next: Observer;
  readonly #durations = new Durations(buckets);
  #retries = 0;
  #opened = 0;
  #lastFailure: string | undefined;
  #peak = { messages: 0, seconds: 0 };

  constructor(next: Observer) {
    this.#next = next;
  }

  acknowledged(batch: SentBatch, at: number): void {
    for (const due of batch.dueAt) this.#durations.record(Math.max(0, at - due) / 1000);
    this.#next.acknowledged(batch, at);
  }

  failedAttempt(error: SendError): void {
    this.#lastFailure = error.message;
    this.#next.failedAttempt(error);
  }

  retried(): void {
    this.#retries += 1;
    this.#next.retried();
  }

  gaveUp(batch: SentBatch, error: SendError): void {
    this.#next.gaveUp(batch, error);
  }

  breaker(state: BreakerState): void {
    if (state === 'open') this.#opened += 1;
    this.#next.breaker(state);
  }

  /** Looks at how the sender stands. */
  look({ backlog, oldestSeconds }: Status): void {
    const { messages, seconds } = this.#peak;
    this.#peak = { messages: Math.max(messages, backlog), seconds: Math.max(seconds, oldestSeconds) };
  }

  sending(status: Status, seconds: number): Sending {
    const latency = this.#durations.count
      ? {
          mean: this.#durations.sum / this.#durations.count,
          p50: this.#durations.quantile(0.5),
          p95: this.#durations.quantile(0.95),
          p99: this.#durations.quantile(0.99),
        }
      : undefined;
    return {
      ...status,
      seconds,
      ...(latency ? { latency } : {}),
      ...(this.#lastFailure ? { lastFailure: this.#lastFailure } : {}),
      retries: this.#retries,
      breakerOpened: this.#opened,
      peakBacklog: this.#peak,
    };
  }
}

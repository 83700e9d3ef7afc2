import { setTimeout as sleep } from 'node:timers/promises';
import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { SendError } from './drivers/driver.ts';
import type { BreakerState, Observer } from './observer.ts';
import type { Breaker, Retry } from './options.ts';

const states: Partial<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
};

/** Milliseconds that a topic may be unknown: a broker that starts, or learns of a topic, may need a moment. */
const unknownTopicPatience = 10_000;

export interface ResilienceProps {
  readonly retry: Retry;
  readonly breaker: Breaker;
  readonly observer: Pick<Observer, 'failedAttempt' | 'retried' | 'breaker'>;
}

/**
 * Tries again what failed, with exponential backoff and jitter, for as long as it may help. One circuit breaker is
 * before all attempts: while it is open nobody sends, and to wait for it is no failure. When it closes, all go on.
 */
export class Resilience {
  readonly #breaker;
  readonly #cooldown: number;
  readonly #backoff;
  readonly #observer;
  #halfOpenAt = 0;
  /** Is aborted, and replaced, when the breaker closes. */
  #closed = new AbortController();

  constructor({ retry, breaker, observer }: ResilienceProps) {
    this.#observer = observer;
    this.#cooldown = breaker.cooldownMs;
    this.#backoff = new ExponentialBackoff({ initialDelay: retry.initialMs, maxDelay: retry.maxMs });
    // An answer that no other attempt would change comes from a broker that is well.
    this.#breaker = circuitBreaker(
      handleWhen((error) => asSendError(error).retriable),
      { halfOpenAfter: breaker.cooldownMs, breaker: new ConsecutiveBreaker(breaker.failures) },
    );
    this.#breaker.onStateChange((state) => this.#changed(state));
  }

  /**
   * @returns when an attempt succeeded
   * @throws SendError where no other attempt would help, and the signal's reason when it is aborted meanwhile
   */
  async deliver(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
    let backoff = this.#backoff.next();
    let unknownSince: number | undefined;
    for (let attempt = 1; ; ) {
      signal.throwIfAborted();
      try {
        await this.#breaker.execute(() => {
          if (attempt++ > 1) this.#observer.retried();
          return send();
        });
        return;
      } catch (error) {
        // What ends with the run says nothing against the brokers.
        signal.throwIfAborted();
        if (isBrokenCircuitError(error)) {
          await this.#pause(this.#halfOpenAt - Date.now(), signal);
          continue;
        }
        const failure = asSendError(error);
        this.#observer.failedAttempt(failure);
        if (!failure.retriable) throw failure;
        unknownSince = failure.reason === 'unknown_topic' ? (unknownSince ?? Date.now()) : undefined;
        if (unknownSince !== undefined && Date.now() - unknownSince > unknownTopicPatience)
          throw new SendError(failure.message, failure.reason, false);
        await this.#pause(backoff.duration, signal);
        backoff = backoff.next(undefined);
      }
    }
  }

  /** Waits, and no longer than until the breaker closes. */
  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.#closed.signal]);
    await sleep(Math.max(1, milliseconds), undefined, { signal: until }).catch(() => undefined);
  }

  #changed(state: CircuitState): void {
    const name = states[state];
    if (!name) return;
    if (name === 'open') this.#halfOpenAt = Date.now() + this.#cooldown;
    if (name === 'closed') {
      this.#closed.abort();
      this.#closed = new AbortController();
    }
    this.#observer.breaker(name);
  }
}

/** What a driver throws beside SendError is a fault of its client, which another attempt may not meet again. */
const asSendError = (error: unknown): SendError =>
  error instanceof SendError ? error : new SendError((error as Error).message, 'client', true);

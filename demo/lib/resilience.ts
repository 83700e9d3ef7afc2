import {
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  type Policy,
  retry,
  SamplingBreaker,
} from 'cockatiel';
import type { Counter } from 'prom-client';
import type { Meters } from './meters.ts';

const states = { [CircuitState.Closed]: 'closed', [CircuitState.Open]: 'open', [CircuitState.HalfOpen]: 'half_open' };

/** Tries again, and a circuit breaker for each thing that is called; their state under Resilience4j's names. */
export class Resilience {
  readonly #breakers = new Map<string, ReturnType<typeof circuitBreaker>>();
  readonly #refused: Counter<'name' | 'kind'>;
  readonly #retries: Counter<'name' | 'kind'>;

  constructor(meters: Meters) {
    meters.labelledGauge(
      'resilience4j_circuitbreaker_state',
      'Whether a circuit breaker is in a state.',
      ['name', 'state'],
      () =>
        [...this.#breakers].flatMap(([name, breaker]) =>
          Object.entries(states).map(
            ([state, word]) => [{ name, state: word }, Number(breaker.state === Number(state))] as const,
          ),
        ),
    );
    this.#refused = meters.counter(
      'resilience4j_circuitbreaker_not_permitted_calls_total',
      'Calls that an open circuit breaker refused.',
      ['name', 'kind'],
    );
    this.#retries = meters.counter('resilience4j_retry_calls_total', 'Calls by what trying again came to.', [
      'name',
      'kind',
    ]);
  }

  /**
   * A breaker that opens for two seconds when half of the calls of ten seconds failed, and then lets one try.
   * A call that may be repeated is, twice at most: after some 50 and 100 ms, with jitter, so that callers do
   * not come back together. An open breaker is not tried again.
   */
  guard(name: string, { failures, repeatable = () => false }: GuardProps): Guard {
    const breaker = circuitBreaker(failures, {
      halfOpenAfter: 2000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
    });
    this.#breakers.set(name, breaker);
    const again = (harmless: boolean) =>
      retry(
        handleWhen((error) => repeatable(error, harmless)),
        { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 500 }) },
      );
    const policies = { true: again(true), false: again(false) };
    return async (call, { repeat }) => {
      let attempts = 0;
      const count = (kind: string) => {
        if (attempts > 1) this.#retries.inc({ name, kind });
      };
      try {
        const result = await policies[`${repeat}`].execute(() => {
          attempts += 1;
          return breaker.execute(call);
        });
        count('successful_with_retry');
        return result;
      } catch (error) {
        count('failed_with_retry');
        if (isBrokenCircuitError(error)) this.#refused.inc({ name, kind: 'not_permitted' });
        throw error;
      }
    };
  }
}

interface GuardProps {
  /** Which errors count against what is called. */
  readonly failures: Policy;
  /**
   * Whether another attempt may mend an error; `harmless` says that making the call twice does no harm.
   *
   * @default none is
   */
  readonly repeatable?: (error: Error, harmless: boolean) => boolean;
}

/** Makes a call; `repeat` says whether making it twice does no harm. */
export type Guard = <T>(call: () => Promise<T>, options: { readonly repeat: boolean }) => Promise<T>;

import type { SendError } from './drivers/driver.ts';
import type { SentBatch } from './lane.ts';

export type BreakerState = 'closed' | 'open' | 'half_open';

/** Is told what becomes of batches, as it happens. It must not throw. */
export interface Observer {
  /** @param at in milliseconds since 1970, on the clock by which its messages were due */
  acknowledged(batch: SentBatch, at: number): void;
  /** A request failed; it is tried again where the error is retriable. */
  failedAttempt(error: SendError): void;
  /** A batch is sent again. */
  retried(): void;
  /** Nothing more is done for a batch, and not because the time was up. */
  gaveUp(batch: SentBatch, error: SendError): void;
  breaker(state: BreakerState): void;
}

/** How a run stands. Of those that are due, each message is acknowledged, failed, dropped, or in the backlog. */
export interface Status {
  readonly due: number;
  readonly acknowledged: number;
  /** Given up. */
  readonly failed: number;
  /** Due while the backlog was full, or never made when the time was up. */
  readonly dropped: number;
  readonly backlog: number;
  /** For how long the oldest message of the backlog has been due, in seconds; 0 where there is none. */
  readonly oldestSeconds: number;
  /** Messages per second that are due just now, of this producer. */
  readonly targetRate: number;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '../../clients/http-error.ts';
import { plain } from '../../clients/plain.ts';
import { BotError } from './options.ts';
import type { Ledger } from './proof/ledger.ts';

/** Seconds for which a coordinator that does not answer is asked again. */
const patience = 60;
/** Milliseconds that one answer may take: longer than the coordinator holds a question. */
const timeout = 40_000;
/** Milliseconds until it is asked again, at first and at most. */
const shortestWait = 500;
const longestWait = 5000;

/** Where the bots of a run wait for each other, and producers leave what they sent for the verifier. */
export interface Rendezvous {
  /**
   * Waits until all are there.
   *
   * @param runner who is there, as `0` or `verifier`
   * @returns when the load starts, in milliseconds since 1970 by the clock of this process
   */
  start(runner: string): Promise<number>;
  leave(ledger: Ledger): Promise<void>;
  /**
   * Waits for the ledgers of producers.
   *
   * @param seconds after which those that are there have to do
   */
  collect(producers: number, seconds: number): Promise<Ledger[]>;
}

/** @param signal ends what waits, with the reason that it was given */
export const rendezvousAt = (coordinatorUrl: string | undefined, signal?: AbortSignal): Rendezvous =>
  coordinatorUrl === undefined ? new Alone() : new AtCoordinator(coordinatorUrl, signal);

/** All bots are in this process. */
class Alone implements Rendezvous {
  readonly #ledgers: Ledger[] = [];

  async start(): Promise<number> {
    return Date.now();
  }

  async leave(ledger: Ledger): Promise<void> {
    this.#ledgers.push(ledger);
  }

  async collect(): Promise<Ledger[]> {
    return [...this.#ledgers];
  }
}

/** The coordinator's side is bots/coordinator/barrier.ts. What fails is a BotError. */
class AtCoordinator implements Rendezvous {
  readonly #url: string;
  readonly #signal: AbortSignal | undefined;

  constructor(url: string, signal: AbortSignal | undefined) {
    this.#url = url.replace(/\/+$/, '');
    this.#signal = signal;
  }

  async start(runner: string): Promise<number> {
    for (;;) {
      const text = await this.#ask(`/start?runner=${encodeURIComponent(runner)}`);
      if (text === undefined) continue;
      const { startsInMs } = this.#parsed(text) as { startsInMs?: unknown };
      if (typeof startsInMs !== 'number') throw this.#foreign(text);
      return Date.now() + startsInMs;
    }
  }

  async leave(ledger: Ledger): Promise<void> {
    await this.#ask(`/ledgers/${ledger.producer}`, JSON.stringify(ledger));
  }

  async collect(producers: number, seconds: number): Promise<Ledger[]> {
    const deadline = Date.now() + seconds * 1000;
    for (let left = deadline - Date.now(); left > 0; left = deadline - Date.now()) {
      const text = await this.#ask(`/ledgers?of=${producers}`, undefined, left);
      if (text !== undefined) return this.#ledgersIn(text);
    }
    return this.#ledgersIn((await this.#ask('/ledgers')) ?? '');
  }

  #ledgersIn(text: string): Ledger[] {
    const ledgers = this.#parsed(text);
    if (!Array.isArray(ledgers)) throw this.#foreign(text);
    return ledgers;
  }

  #parsed(text: string): object {
    try {
      return Object(JSON.parse(text));
    } catch {
      throw this.#foreign(text);
    }
  }

  #foreign(text: string): BotError {
    return new BotError(`the coordinator at ${this.#url} answers what is not of it: ${plain(text, 100)}`);
  }

  /**
   * @param body sent by PUT; left out: a GET
   * @param atMost milliseconds after which no answer is as good as one to ask again
   * @returns undefined where it is to be asked again
   */
  async #ask(path: string, body?: string, atMost = timeout): Promise<string | undefined> {
    const deadline = Date.now() + patience * 1000;
    for (let wait = shortestWait; ; wait = Math.min(wait * 2, longestWait)) {
      let failure: string;
      try {
        const { status, text } = await this.#send(path, body, Math.min(atMost, timeout));
        if (status < 500) return this.#textOf(path, status, text);
        failure = `it answers ${status}`;
      } catch (error) {
        if (error instanceof BotError) throw error;
        const { name, cause } = error as Error;
        if (name === 'TimeoutError' && atMost < timeout) return undefined;
        failure = HttpError.of((cause ?? error) as NodeJS.ErrnoException).message;
      }
      if (Date.now() > deadline)
        throw new BotError(`the coordinator at ${this.#url} has not answered for ${patience} s: ${failure}`);
      await sleep(wait, undefined, { signal: this.#signal }).catch(() => undefined);
      this.#signal?.throwIfAborted();
    }
  }

  async #send(path: string, body: string | undefined, limit: number): Promise<{ status: number; text: string }> {
    const expiry = AbortSignal.timeout(limit);
    const response = await fetch(`${this.#url}${path}`, {
      ...(body === undefined ? {} : { method: 'PUT', body, headers: { 'content-type': 'application/json' } }),
      signal: this.#signal ? AbortSignal.any([this.#signal, expiry]) : expiry,
    });
    return { status: response.status, text: await response.text() };
  }

  #textOf(path: string, status: number, text: string): string | undefined {
    if (status === 204) return undefined;
    if (status === 410) throw new BotError('the run was called off');
    if (status >= 300)
      throw new BotError(`the coordinator at ${this.#url} answers ${path} with ${status}: ${plain(text, 200)}`);
    return text;
  }
}

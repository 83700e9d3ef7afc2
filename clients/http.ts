import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Connection } from './connection.ts';
import { HttpError } from './http-error.ts';

/** Longest wait before a second try, in seconds. */
const longestWait = 5;
const shortestWait = 0.25;
const mostRedirects = 3;

/** What a reset connection, or one that was closed under a request, is called. */
const resets = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter?: string;
}

/** Requests to one server, with its credentials, within a time limit, and with a second try where that may help. */
export class Http {
  readonly #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { ca } = connection;
    this.#agent = new Agent({ connect: { ...(ca ? { ca } : {}) } });
  }

  /**
   * @param form sent as the body of a POST, where a query may be longer than a URL; left out: a GET
   * @throws HttpError when there is no answer; one with a status of failure is an answer
   */
  async send(path: string, form?: URLSearchParams): Promise<HttpAnswer> {
    const { url, timeout } = this.#connection;
    const signal = AbortSignal.timeout(timeout * 1000);
    try {
      const first = await this.#follow(new URL(path, url), form, signal).catch((error: NodeJS.ErrnoException) => {
        if (!resets.includes(error.code ?? '')) throw error;
        return undefined;
      });
      const wait = first ? waitAfter(first) : shortestWait;
      if (first && wait === undefined) return first;
      await sleep((wait ?? 0) * 1000, undefined, { signal });
      return await this.#follow(new URL(path, url), form, signal);
    } catch (error) {
      if (signal.aborted) throw new HttpError('timeout', `no answer within ${timeout}s`);
      throw error instanceof HttpError ? error : HttpError.of(error as NodeJS.ErrnoException);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Follows redirects as far as the server itself sends them: what goes with a request is for no other. */
  async #follow(start: URL, form: URLSearchParams | undefined, signal: AbortSignal): Promise<HttpAnswer> {
    let url = start;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const { statusCode, headers, body } = await request(url, {
        method: form ? 'POST' : 'GET',
        headers: {
          accept: 'application/json',
          ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          ...this.#connection.headers,
        },
        ...(form ? { body: form.toString() } : {}),
        dispatcher: this.#agent,
        signal,
      });
      const text = await body.text();
      const location = [headers.location].flat()[0];
      if (statusCode < 300 || statusCode >= 400 || !location)
        return { status: statusCode, text, retryAfter: [headers['retry-after']].flat()[0] };
      const next = new URL(location, url);
      const downgraded = url.protocol === 'https:' && next.protocol !== 'https:';
      if (next.host !== url.host || downgraded)
        throw new HttpError(
          'redirect',
          `redirects to ${next.origin}, which gets no credentials from here; where that is Prometheus, name it in --prometheus`,
        );
      url = next;
    }
    throw new HttpError('redirect', `redirects more than ${mostRedirects} times`);
  }
}

/** Seconds until a second try; undefined where there is to be none, since it would not help or not be welcome. */
function waitAfter({ status, retryAfter }: HttpAnswer): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  if (retryAfter === undefined) return shortestWait;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  // Also where it is neither a number nor a date.
  return seconds <= longestWait ? Math.max(seconds, shortestWait) : undefined;
}

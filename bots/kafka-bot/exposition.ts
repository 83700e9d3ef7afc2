import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { BotError } from './options.ts';

/** Scrapes behind the end of the work: the first has the final values, and the second shows that they stay. */
const scrapesWanted = 2;

/** Where metrics are scraped, which keeps count of that. */
export class Exposition {
  readonly #registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly #server: Server;
  #scrapes = 0;
  #lastScrape: number | undefined;
  /** Milliseconds between two scrapes, at most. */
  #interval = 0;

  constructor(registry: Pick<Registry, 'metrics' | 'contentType'>) {
    this.#registry = registry;
    this.#server = createServer(({ method, url }, response) => {
      const { pathname } = new URL(url ?? '/', 'http://bot');
      if (method !== 'GET') response.writeHead(405).end();
      else if (pathname === '/metrics') void this.#expose(response);
      else if (pathname === '/healthz') response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      else response.writeHead(404).end();
    });
  }

  /**
   * @returns the port: the one that is asked for, or a free one for 0
   * @throws BotError
   */
  async listen(port: number): Promise<number> {
    try {
      this.#server.listen(port);
      await once(this.#server, 'listening');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why =
        code === 'EADDRINUSE' ? 'is in use' : code === 'EACCES' ? 'takes rights that this user has not' : message;
      throw new BotError(`--metrics-port: port ${port} ${why}: choose another, or 0 for no metrics`);
    }
    return (this.#server.address() as AddressInfo).port;
  }

  /**
   * Waits until the final values are stored, when all work is done: who has scraped so far gets the time to come twice
   * more, by the pace at which it came; for who has not, the time that is given.
   *
   * @param maxSeconds where nobody has come yet, or once only, so that the pace is not known
   */
  async linger(maxSeconds: number, signal?: AbortSignal): Promise<void> {
    const before = this.#scrapes;
    const byPace = this.#interval ? (this.#interval / 1000) * 2.5 + 5 : 0;
    const until = Date.now() + Math.max(byPace, maxSeconds) * 1000;
    while (this.#scrapes < before + scrapesWanted && Date.now() < until && !signal?.aborted)
      await sleep(Math.min(100, Math.max(1, until - Date.now())), undefined, { signal }).catch(() => undefined);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #expose(response: ServerResponse): Promise<void> {
    try {
      const text = await this.#registry.metrics();
      response.on('finish', () => this.#scraped());
      response.writeHead(200, { 'content-type': this.#registry.contentType }).end(text);
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  }

  #scraped(): void {
    const now = performance.now();
    if (this.#lastScrape !== undefined) this.#interval = Math.max(this.#interval, now - this.#lastScrape);
    this.#lastScrape = now;
    this.#scrapes += 1;
  }
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Ledgers } from './ledgers.ts';
import { LongPoll } from './long-poll.ts';

/** Seconds between the last runner's arrival and the start, in which the answers reach all. */
const notice = 2;

/**
 * Where runners wait for each other: each asks when to start, and all are answered at once when the last has come. The
 * answer is a time span, since the clocks of nodes differ. Afterwards they leave here what they did.
 */
export class Barrier {
  readonly #runners: number;
  #held: boolean;
  readonly #server: Server;
  readonly #arrived = new Set<string>();
  readonly #waiting = new LongPoll();
  readonly #ledgers = new Ledgers();
  #startsAt: number | undefined;
  #calledOff = false;

  /** @param held whether it stays closed until it is released, though all are there */
  constructor(runners: number, held = false) {
    this.#runners = runners;
    this.#held = held;
    this.#server = createServer((request, response) => {
      // It fails where whoever asked is gone.
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** How many runners are there. */
  get arrived(): number {
    return this.#arrived.size;
  }

  /** When the load starts, in milliseconds since 1970; undefined as long as runners are missing. */
  get startsAt(): number | undefined {
    return this.#startsAt;
  }

  async listen(port: number): Promise<number> {
    this.#server.listen(port);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  release(): void {
    this.#held = false;
    this.#letGo();
  }

  /** Tells all who wait, and all who come, that there will be no start. */
  callOff(): void {
    this.#calledOff = true;
    this.#waiting.answer((response) => response.writeHead(410).end());
    this.#ledgers.callOff();
  }

  close(): void {
    this.callOff();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://barrier');
    const runner = url.searchParams.get('runner');
    if (request.method === 'GET' && url.pathname === '/start' && runner) this.#arrive(runner, response);
    else if (this.#calledOff) response.writeHead(410).end();
    else await this.#ledgers.handle(request, url, response);
  }

  #arrive(runner: string, response: ServerResponse): void {
    if (this.#calledOff) {
      response.writeHead(410).end();
      return;
    }
    this.#arrived.add(runner);
    this.#waiting.hold(response);
    this.#letGo();
  }

  #letGo(): void {
    if (this.#held || this.#arrived.size < this.#runners) return;
    this.#startsAt ??= Date.now() + notice * 1000;
    const startsInMs = Math.max(0, this.#startsAt - Date.now());
    const body = JSON.stringify({ startsInMs });
    this.#waiting.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { LongPoll } from './long-poll.ts';

/** Bytes of a ledger, at most: some 100,000 gaps. */
const mostBytes = 4 * 1024 * 1024;

/** What is looked at of a ledger; the rest is for whoever asked for it. */
interface Ledger {
  readonly testid: string;
  readonly producer: number;
  readonly partitions: readonly unknown[];
}

/**
 * Where load generators leave the account of what they sent, for the one that verifies it: `PUT /ledgers/INDEX`, and
 * `GET /ledgers?of=N`, which is answered when N are there; without `of`, at once with those that are.
 */
export class Ledgers {
  readonly #ledgers = new Map<number, Ledger>();
  /** By how many they are of. */
  readonly #polls = new Map<number, LongPoll>();

  async handle(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const index = /^\/ledgers\/(\d{1,6})$/.exec(url.pathname)?.[1];
    if (request.method === 'PUT' && index !== undefined) {
      await this.#put(Number(index), request, response);
      return;
    }
    const of = url.searchParams.get('of') ?? '0';
    if (request.method !== 'GET' || url.pathname !== '/ledgers' || !/^\d{1,6}$/.test(of)) {
      response.writeHead(404).end();
      return;
    }
    const poll = this.#polls.get(Number(of)) ?? new LongPoll();
    this.#polls.set(Number(of), poll);
    poll.hold(response);
    this.#letGo();
  }

  callOff(): void {
    for (const poll of this.#polls.values()) poll.answer((response) => response.writeHead(410).end());
  }

  async #put(index: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (body === undefined) {
      // What is left of it is not read.
      response.writeHead(413, { connection: 'close' }).end(`a ledger has ${mostBytes} bytes at most\n`);
      return;
    }
    const ledger = ledgerOf(body);
    if (ledger?.producer !== index) {
      response.writeHead(400).end(`that is no ledger of producer ${index}\n`);
      return;
    }
    const [other] = this.#ledgers.values();
    if (other && other.testid !== ledger.testid) {
      response.writeHead(409).end(`ledgers of ${other.testid} are gathered here, and none of ${ledger.testid}\n`);
      return;
    }
    this.#ledgers.set(index, ledger);
    response.writeHead(204).end();
    this.#letGo();
  }

  #letGo(): void {
    for (const [of, poll] of this.#polls) {
      if (this.#ledgers.size < of) continue;
      const body = JSON.stringify([...this.#ledgers.values()]);
      poll.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
      this.#polls.delete(of);
    }
  }
}

/** @returns undefined where it is too long */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** @returns undefined where it is none */
function ledgerOf(text: string): Ledger | undefined {
  try {
    const ledger = JSON.parse(text) as Partial<Ledger> | null;
    const { testid, producer, partitions } = ledger ?? {};
    const whole = typeof testid === 'string' && testid && Number.isInteger(producer) && Array.isArray(partitions);
    return whole ? (ledger as Ledger) : undefined;
  } catch {
    return undefined;
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Span } from '../../clients/zipkin.ts';

/** Plays the query API of a Zipkin on Elasticsearch, which looks at spans one by one and gives 10000 of them at most. */
export class ZipkinServer {
  spans: Span[] = [];
  readonly asked: URLSearchParams[] = [];
  /** Answers in another way than Zipkin does; true where it has. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  clear(): void {
    this.spans = [];
    this.asked.length = 0;
    this.instead = () => false;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (this.instead(request, response)) return;
    const id = /^\/api\/v2\/trace\/(\w+)$/.exec(pathname)?.[1];
    const trace = this.spans.filter(({ traceId }) => traceId === id);
    if (pathname === '/api/v2/traces') json(response, this.traces(searchParams));
    else if (trace.length) json(response, trace);
    else response.writeHead(404).end(`${id} not found`);
  }

  traces(query: URLSearchParams): Span[][] {
    this.asked.push(query);
    const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
    const end = number('endTs', Date.now());
    const begin = end - number('lookback', 86_400_000);
    const [key = '', value] = query.get('annotationQuery')?.split('=') ?? [];
    const newest = new Map<string, number>();
    for (const { traceId, timestamp = 0, duration = 0, tags = {} } of this.spans) {
      const millis = Math.floor(timestamp / 1000);
      if (millis < begin || millis > end || duration < number('minDuration', 0)) continue;
      if (key && tags[key] !== value) continue;
      newest.set(traceId, Math.min(newest.get(traceId) ?? millis, millis));
    }
    const ids = [...newest].sort(([, a], [, b]) => b - a).slice(0, number('limit', 10));
    const traces = new Map(ids.map(([id]): [string, Span[]] => [id, []]));
    let left = 10_000;
    for (const span of this.spans) if (traces.has(span.traceId) && left-- > 0) traces.get(span.traceId)?.push(span);
    return [...traces.values()].filter(({ length }) => length > 0);
  }
}

function json(response: ServerResponse, answer: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

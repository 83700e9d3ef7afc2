import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

/** Trusts the servers of the tests that speak TLS. */
export const caFile = fixture('localhost.crt');

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A series by its labels; its value is 1 where none is given. */
export type SeriesOf = Readonly<Record<string, string>> | { readonly value: string };

export interface Scene {
  /** Instances of jobs, and whether they are up. */
  readonly up?: readonly (readonly [job: string, instance: string, value?: 0 | 1])[];
  /** The series of a query; undefined for one that nothing is said of, which has one series. */
  readonly series?: (query: string) => readonly SeriesOf[] | undefined;
  /** The values of a label; of `__name__`, the names of all metrics. */
  readonly labels?: (label: string, selector: string | undefined) => readonly string[] | undefined;
  readonly buildInfo?: Readonly<Record<string, string>>;
  /** Answers in another way than Prometheus does; true where it has. */
  readonly instead?: (asked: Asked, response: ServerResponse) => boolean;
}

/** Plays the HTTP API of Prometheus, on a port of its own. It evaluates nothing: a scene says what there is. */
export class PrometheusServer {
  scene: Scene = {};
  readonly asked: Asked[] = [];
  readonly #server;
  readonly #scheme: string;

  constructor(tls = false) {
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    this.#scheme = tls ? 'https' : 'http';
    this.#server = tls
      ? createTlsServer({ key: readFileSync(fixture('localhost.key')), cert: readFileSync(caFile) }, listener)
      : createServer(listener);
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Queries that it was asked, by their text. */
  get queries(): string[] {
    return this.asked.flatMap(({ parameters: { query } }) => query ?? []);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const parameters = Object.fromEntries([...searchParams, ...new URLSearchParams(body)]);
    const asked = { method: request.method ?? '', path: pathname, headers: request.headers, parameters };
    this.asked.push(asked);
    if (this.scene.instead?.(asked, response)) return;
    const data = this.#data(pathname.replace(/^.*\/api\/v1\//, ''), parameters);
    if (data === undefined) response.writeHead(404).end('404 page not found\n');
    else succeed(response, data);
  }

  #data(path: string, parameters: Readonly<Record<string, string>>): unknown {
    const { query = '', start = '', end = '', time = end } = parameters;
    const { up = [], series, labels, buildInfo = { version: '3.9.1', revision: 'abc' } } = this.scene;
    const label = /^label\/(\w+)\/values$/.exec(path)?.[1];
    if (label) return labels?.(label, parameters['match[]']) ?? ['one'];
    if (path === 'status/buildinfo') return buildInfo;
    if (path === 'targets')
      return {
        activeTargets: up.map(([job, instance, value = 1]) => ({
          labels: { job, instance },
          health: value ? 'up' : 'down',
          lastError: value ? '' : 'connection refused',
        })),
        droppedTargets: [],
      };
    if (path !== 'query' && path !== 'query_range') return undefined;
    const found: readonly SeriesOf[] = query.startsWith('up{job=~')
      ? up.map(([job, instance, value = 1]) => ({ __name__: 'up', job, instance, value: `${value}` }))
      : (series?.(query) ?? [{}]);
    const written = found.map(({ value = '1', ...metric }: Readonly<Record<string, string>>) =>
      path === 'query'
        ? { metric, value: [Number(time), value] }
        : { metric, values: [Number(start), Number(end)].map((at) => [at, value]) },
    );
    return { resultType: path === 'query' ? 'vector' : 'matrix', result: written };
  }
}

export function succeed(response: ServerResponse, data: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'success', data }));
}

export function fail(response: ServerResponse, status: number, errorType: string, error: string): void {
  const body = JSON.stringify({ status: 'error', errorType, error });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

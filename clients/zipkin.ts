import type { Connection } from './connection.ts';
import { Http } from './http.ts';
import { HttpError } from './http-error.ts';
import { plain } from './plain.ts';

/** The part of Zipkin's HTTP API, version 2, that is asked. */

interface Endpoint {
  readonly serviceName?: string;
  readonly ipv4?: string;
  readonly port?: number;
}

/** A part of a request, in microseconds. What is not known of it is left out. */
export interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId?: string;
  readonly kind?: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  readonly name?: string;
  readonly timestamp?: number;
  readonly duration?: number;
  readonly localEndpoint?: Endpoint;
  readonly remoteEndpoint?: Endpoint;
  readonly tags?: Readonly<Record<string, string>>;
  /** Whether another service has a span of this id, for its side of the same call. */
  readonly shared?: boolean;
}

export interface TraceQuery {
  /** Milliseconds since 1970: when spans that count began, at the earliest and at the latest. */
  readonly begin: number;
  readonly end: number;
  /** Most traces in an answer; of more, the last ones are given. */
  readonly limit: number;
  /** Microseconds that one of the spans takes at least. */
  readonly minDuration?: number;
  /** A tag with its value, such as `testid=browse-1`, of the same span. */
  readonly tag?: string;
}

/** Every method throws an HttpError, whose message is one line. */
export class Zipkin {
  readonly #http: Http;

  constructor(connection: Connection) {
    this.#http = new Http(connection);
  }

  /** Traces with all of their spans, as far as storage gives them at once. */
  async traces({ begin, end, limit, minDuration, tag }: TraceQuery): Promise<readonly (readonly Span[])[]> {
    const query = new URLSearchParams({
      ...{ endTs: String(end), lookback: String(Math.max(end - begin, 1)), limit: String(limit) },
      ...(minDuration === undefined ? {} : { minDuration: String(minDuration) }),
      ...(tag === undefined ? {} : { annotationQuery: tag }),
    });
    const { status, text } = await this.#send(`traces?${query}`);
    const traces = status === 200 ? parsed(text) : undefined;
    if (Array.isArray(traces) && traces.every(isTrace)) return traces;
    throw failure(status, text);
  }

  /** All spans of a trace, whenever they were; undefined where there is none, or none any more. */
  async trace(id: string): Promise<readonly Span[] | undefined> {
    const { status, text } = await this.#send(`trace/${encodeURIComponent(id)}`);
    if (status === 404) return undefined;
    const spans = status === 200 ? parsed(text) : undefined;
    if (isTrace(spans)) return spans;
    throw failure(status, text);
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #send(path: string) {
    return this.#http.send(`api/v2/${path}`).catch((error) => {
      // Of Prometheus and of flags that there are not here.
      if (error instanceof HttpError && error.failure === 'redirect')
        throw new HttpError('redirect', 'redirects to another address, such as that of a login');
      throw error;
    });
  }
}

function failure(status: number, text: string): HttpError {
  const said = text.trimStart().startsWith('<') ? '' : text;
  const message = plain(`HTTP ${status}${said && status !== 200 ? `: ${said}` : ''}`);
  if (status === 401 || status === 403) return new HttpError('unauthorised', message);
  // Zipkin refuses what it is asked by 400, and says by 5xx that its storage fails.
  return new HttpError(status >= 500 || status === 400 || status === 429 ? 'refused' : 'foreign', message);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isTrace = (value: unknown): value is readonly Span[] =>
  Array.isArray(value) && value.every((span) => typeof span?.traceId === 'string' && typeof span.id === 'string');

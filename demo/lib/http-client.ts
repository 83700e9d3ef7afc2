import type { Tracer } from '@opentelemetry/api';
import { handleAll } from 'cockatiel';
import { Pool } from 'undici';
import type { Timer } from './meters.ts';
import { outcome } from './outcome.ts';
import type { Guard, Resilience } from './resilience.ts';
import type { Telemetry } from './telemetry.ts';
import { httpHeaders, traced } from './tracing.ts';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** With the query. */
  readonly path: string;
  /** The route without its variable parts, for the metric. */
  readonly uri: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Whether making it twice does no harm. @default true for GET and HEAD */
  readonly repeat?: boolean;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Another service answered by an error of its own. */
class ServerFault extends Error {
  override readonly name = 'ServerFault';
  readonly response: Response;

  constructor(response: Response) {
    super(`answered ${response.status}`);
    this.response = response;
  }
}

/** Milliseconds that another service may take. */
const timeout = 5000;

const labels = ['method', 'uri', 'status', 'outcome', 'client_name', 'exception', 'error'] as const;

type RequestTimer = Timer<(typeof labels)[number]>;

/**
 * Makes clients of other services, each by its origin, such as `http://shopping-service:8080`, whose host names
 * it in the metrics.
 */
export function httpClients(telemetry: Telemetry, resilience: Resilience): (origin: string) => HttpClient {
  const timer = telemetry.meters.timer({
    name: 'http_client_requests_seconds',
    help: 'Time until another service answered.',
    labels,
    histogram: true,
  });
  return (origin) => new HttpClient(origin, telemetry, resilience, timer);
}

/** The call never left, so it is made again whatever it is. */
const unsent = ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'];

/** The connection broke, and nobody knows whether the call arrived. */
const lost = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/** Not what took too long or was too much for the other: it would then get the same three times. */
const repeatable = ({ code = '' }: NodeJS.ErrnoException, harmless: boolean) =>
  unsent.includes(code) || (harmless && lost.includes(code));

/** Calls one other service: over connections that stay, through a circuit breaker, within the running trace. */
export class HttpClient {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #guard: Guard;
  readonly #tracer: Tracer;
  readonly #timer: RequestTimer;

  constructor(origin: string, { tracer }: Telemetry, resilience: Resilience, timer: RequestTimer) {
    this.#name = new URL(origin).hostname;
    this.#tracer = tracer;
    this.#timer = timer;
    this.#pool = new Pool(origin, {
      connections: 256,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      connect: { timeout: 1000 },
      // Less than a service waits before it ends, so that none of them is idle when it closes.
      keepAliveTimeout: 4000,
      keepAliveMaxTimeout: 4000,
    });
    this.#guard = resilience.guard(this.#name, { failures: handleAll, repeatable });
  }

  /** Any answer, also one that says 500; an error when none came. */
  async request(request: Request): Promise<Response> {
    const { method, repeat = method === 'GET' || method === 'HEAD' } = request;
    try {
      return await this.#guard(() => this.#once(request), { repeat });
    } catch (error) {
      if (error instanceof ServerFault) return error.response;
      throw error;
    }
  }

  async #once({ method, path, uri, headers = {}, body }: Request): Promise<Response> {
    const started = process.hrtime.bigint();
    const record = (status: string, outcome: string, failure: string) =>
      this.#timer.record(
        { method, uri, status, outcome, client_name: this.#name, exception: failure, error: failure },
        Number(process.hrtime.bigint() - started) / 1e9,
      );
    return traced(
      this.#tracer,
      { name: `${method} ${uri}`, attributes: { 'peer.service': this.#name } },
      async (span) => {
        let response: Response;
        try {
          const answer = await this.#pool.request({ method, path, headers: { ...headers, ...httpHeaders() }, body });
          response = {
            status: answer.statusCode,
            headers: answer.headers,
            body: Buffer.from(await answer.body.arrayBuffer()),
          };
        } catch (error) {
          const { code, name } = error as NodeJS.ErrnoException;
          record('CLIENT_ERROR', 'UNKNOWN', code ?? name);
          throw error;
        }
        span.setAttribute('http.status_code', response.status);
        record(String(response.status), outcome(response.status), 'none');
        // As an error, because that is what the breaker counts.
        if (response.status >= 500) throw new ServerFault(response);
        return response;
      },
    );
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

import { context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';
import { Limiter } from './limiter.ts';
import type { Telemetry } from './telemetry.ts';
import { extracted } from './tracing.ts';

interface ApiServerProps {
  /** How many requests are worked on at a time, as the threads of a Tomcat. @default 200 */
  readonly threads?: number;
  /** How many more wait for their turn, as Tomcat's connections do. @default 8192 */
  readonly queue?: number;
  /** Runs before each request is answered: where faults come in. */
  readonly before?: () => Promise<void>;
}

interface Exchange {
  readonly span: Span;
  readonly started: bigint;
  /** Name of the error that the request ended in. */
  failure: string;
}

const exchanges = new WeakMap<FastifyRequest, Exchange>();

const outcome = (status: number) =>
  status < 200
    ? 'INFORMATIONAL'
    : status < 300
      ? 'SUCCESS'
      : status < 400
        ? 'REDIRECTION'
        : status < 500
          ? 'CLIENT_ERROR'
          : 'SERVER_ERROR';

/** A route as Spring spells it: `/posts/{id}`, and `/**` for a path that no route has. */
const template = ({ is404, routeOptions }: FastifyRequest): string =>
  is404 || !routeOptions.url ? '/**' : routeOptions.url.replaceAll(/:(\w+)/g, '{$1}').replace(/\*$/, '**');

/** An HTTP server with the metrics, traces and answers that all services have in common. */
export function apiServer(
  { service, meters, tracer, log }: Telemetry,
  { threads = 200, queue = 8192, before }: ApiServerProps = {},
): FastifyInstance {
  const server = fastify({
    bodyLimit: 64 * 1024,
    // While it closes it goes on answering: the gateway hears of it only a moment later.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
  });
  // A POST without a body may still name its type, as clients that set it always do.
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parseJson(request, body, done),
  );
  const requests = meters.timer({
    name: 'http_server_requests_seconds',
    help: 'Time to answer a request.',
    labels: ['method', 'uri', 'status', 'outcome', 'exception', 'error'],
    histogram: true,
  });
  const slots = new Limiter(threads, queue);
  const name = 'http-nio-8080';
  meters.labelledGauge('tomcat_threads_busy_threads', 'Requests that are worked on.', ['name'], () => [
    [{ name }, slots.active],
  ]);
  meters.labelledGauge('tomcat_threads_config_max_threads', 'Requests that are worked on at most.', ['name'], () => [
    [{ name }, slots.limit],
  ]);

  server.addHook('onRequest', async (request, reply) => {
    try {
      await slots.acquire();
    } catch {
      reply.header('retry-after', '1');
      throw new ApiError(429, 'TOO_MANY_REQUESTS', `${service} has as many requests as it takes; try again later`);
    }
    const span = tracer.startSpan(
      `${request.method} ${template(request)}`,
      { kind: SpanKind.SERVER, attributes: { 'http.method': request.method, 'http.path': request.url } },
      extracted(request.headers),
    );
    const exchange: Exchange = { span, started: process.hrtime.bigint(), failure: 'none' };
    exchanges.set(request, exchange);
    // Comes last and always, also when the caller has gone away.
    reply.raw.once('close', () => {
      slots.release();
      const seconds = Number(process.hrtime.bigint() - exchange.started) / 1e9;
      const status = reply.statusCode;
      requests.record(
        {
          method: request.method,
          uri: template(request),
          status: String(status),
          outcome: outcome(status),
          exception: exchange.failure,
          error: exchange.failure,
        },
        seconds,
      );
      span.setAttribute('http.status_code', status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: exchange.failure });
      span.end();
    });
  });
  // In the callback style, so that all that follows runs inside the span.
  server.addHook('onRequest', (request, _reply, done) => {
    const exchange = exchanges.get(request);
    if (exchange) context.with(trace.setSpan(context.active(), exchange.span), done);
    else done();
  });
  if (before) server.addHook('preHandler', before);

  server.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    const exchange = exchanges.get(request);
    if (exchange) exchange.failure = error.name;
    const { status, code } = asAnswer(error);
    if (status >= 500) log.error({ err: error, method: request.method, path: request.url }, error.message);
    return fail(reply, status, code, error.message);
  });
  server.setNotFoundHandler((request, reply) => fail(reply, 404, 'NOT_FOUND', `there is no ${request.url}`));
  return server;
}

const fail = (reply: FastifyReply, status: number, code: string, message: string) =>
  reply.status(status).send({ success: false, error: { code, message } });

/** The body of a success. */
export const ok = <T>(data: T) => ({ success: true, data });

function asAnswer(error: FastifyError | ApiError): { status: number; code: string } {
  if (error instanceof ApiError) return error;
  // Fastify's own: a body that is not JSON, or not what the route's schema says.
  if (error.statusCode && error.statusCode < 500) return { status: error.statusCode, code: 'BAD_REQUEST' };
  // Nothing came free in time: the pool, as Hikari's "Connection is not available".
  if (error.name === 'LimitError') return { status: 503, code: 'BUSY' };
  return { status: 500, code: 'INTERNAL_ERROR' };
}

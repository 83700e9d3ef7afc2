import { type Context, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';
import { Limiter } from './limiter.ts';
import { outcome } from './outcome.ts';
import type { Telemetry } from './telemetry.ts';
import { baggageOf, extracted } from './tracing.ts';

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
  /** The span, and the baggage of its trace. */
  readonly context: Context;
  /** When it was admitted; until then, when it came. */
  started: bigint;
  admitted: boolean;
  /** Name of the error that the request ended in. */
  failure: string;
  /** A handler is at work on it, also when its caller has gone away. */
  handled: boolean;
  /** The caller has the answer, or has gone away. */
  closed: boolean;
}

/** The caller did not wait for the answer: the status that proxies log. */
const gone = 499;

const exchanges = new WeakMap<FastifyRequest, Exchange>();

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

  /** When its handler is done and its caller too. */
  const end = (exchange: Exchange, request: FastifyRequest, status: number) => {
    if (exchange.admitted) slots.release();
    requests.record(
      {
        method: request.method,
        uri: template(request),
        status: String(status),
        outcome: outcome(status),
        exception: exchange.failure,
        error: exchange.failure,
      },
      Number(process.hrtime.bigint() - exchange.started) / 1e9,
    );
    exchange.span.setAttributes({ 'http.status_code': status, outcome: outcome(status) });
    if (status >= 500) exchange.span.setStatus({ code: SpanStatusCode.ERROR, message: exchange.failure });
    exchange.span.end();
  };

  server.addHook('onRequest', async (request, reply) => {
    const parent = extracted(request.headers);
    const uri = template(request);
    const span = tracer.startSpan(
      `${request.method} ${uri}`,
      {
        kind: SpanKind.SERVER,
        // By `uri` and `outcome`, of Spring Boot too, links from panels find the requests of a series.
        attributes: { 'http.method': request.method, 'http.path': request.url, uri, ...baggageOf(parent) },
      },
      parent,
    );
    const exchange: Exchange = {
      span,
      context: trace.setSpan(parent, span),
      started: process.hrtime.bigint(),
      admitted: false,
      failure: 'none',
      handled: false,
      closed: false,
    };
    exchanges.set(request, exchange);
    // Comes once and always.
    reply.raw.once('close', () => {
      exchange.closed = true;
      if (!exchange.handled) end(exchange, request, reply.raw.headersSent ? reply.statusCode : gone);
    });
    try {
      await slots.acquire();
    } catch {
      reply.header('retry-after', '1');
      throw new ApiError(429, 'TOO_MANY_REQUESTS', `${service} has as many requests as it takes; try again later`);
    }
    // Fastify goes no further with a connection that is closed.
    if (exchange.closed) return slots.release();
    exchange.admitted = true;
    // Spring's filter, too, measures from where a thread is free.
    exchange.started = process.hrtime.bigint();
  });
  server.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = async function (request, reply) {
      const exchange = exchanges.get(request);
      if (!exchange) return handler.call(this, request, reply);
      exchange.handled = true;
      let status: number | undefined;
      try {
        return await handler.call(this, request, reply);
      } catch (error) {
        exchange.failure = (error as Error).name;
        status = asAnswer(error as Error).status;
        throw error;
      } finally {
        exchange.handled = false;
        if (exchange.closed) end(exchange, request, status ?? reply.statusCode);
      }
    };
  });
  // In the callback style, so that all that follows runs inside the span.
  server.addHook('onRequest', (request, _reply, done) => {
    const exchange = exchanges.get(request);
    if (exchange) context.with(exchange.context, done);
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

function asAnswer(error: Error | FastifyError | ApiError): { status: number; code: string } {
  if (error instanceof ApiError) return error;
  // Fastify's own: a body that is not JSON, or not what the route's schema says.
  if ('statusCode' in error && error.statusCode && error.statusCode < 500)
    return { status: error.statusCode, code: 'BAD_REQUEST' };
  // Nothing came free in time: the pool, as Hikari's "Connection is not available".
  if (error.name === 'LimitError') return { status: 503, code: 'BUSY' };
  return { status: 500, code: 'INTERNAL_ERROR' };
}

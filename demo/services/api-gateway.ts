import { isBrokenCircuitError } from 'cockatiel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { demoPorts, demoServices } from '../../model/demo.ts';
import type { ServiceName } from '../faults.ts';
import { apiServer } from '../lib/api-server.ts';
import { ApiError } from '../lib/errors.ts';
import { faultControl } from '../lib/fault-control.ts';
import { type HttpClient, httpClients, type Request } from '../lib/http-client.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import { setting } from '../lib/settings.ts';
import type { Telemetry } from '../lib/telemetry.ts';

type Backend = Exclude<ServiceName, 'api-gateway' | 'notification-service'>;

/** Which service answers what; the more precise path wins. */
const routes: Readonly<Record<string, Backend>> = {
  '/api/v1/auth/*': 'auth-service',
  '/api/v1/products': 'shopping-service',
  '/api/v1/products/*': 'shopping-service',
  '/api/v1/products/search': 'search-service',
  '/api/v1/cart': 'shopping-service',
  '/api/v1/cart/*': 'shopping-service',
  '/api/v1/orders': 'shopping-service',
  '/api/v1/orders/*': 'shopping-service',
  '/api/v1/coupons/*': 'shopping-service',
  '/api/v1/posts': 'blog-service',
  '/api/v1/posts/*': 'blog-service',
};

/** Headers that go through, there and back; the rest belong to one connection or to the trace. */
const forwarded = ['authorization', 'content-type', 'accept', 'idempotency-key'];
const returned = ['content-type', 'retry-after'];

/** The way in: forwards each request to the service that answers it, and takes no more than it can bear. */
export function apiGateway(
  telemetry: Telemetry,
  originOf = (backend: Backend) => `http://${backend}:${demoPorts.http}`,
): Service {
  const client = httpClients(telemetry, new Resilience(telemetry.meters));
  const backends = new Map<Backend, HttpClient>();
  for (const backend of new Set(Object.values(routes))) backends.set(backend, client(originOf(backend)));
  const api = apiServer(telemetry, {
    threads: Number(setting('GATEWAY_THREADS', '256')),
    queue: Number(setting('GATEWAY_QUEUE', '4096')),
  });

  // Bodies are passed on as they came.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const [url, backend] of Object.entries(routes)) {
    const to = backends.get(backend);
    if (to)
      api.route({
        url,
        method: ['GET', 'POST', 'PUT', 'DELETE'],
        handler: (request, reply) => forward(to, backend, request, reply),
      });
  }

  return {
    api,
    checks: {},
    switches: {},
    manage: (server) => faultControl(server, demoServices),
    stop: async () => {
      for (const backend of backends.values()) await backend.close();
    },
  };
}

async function forward(to: HttpClient, backend: Backend, request: FastifyRequest, reply: FastifyReply) {
  const headers = Object.fromEntries(
    forwarded.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const method = request.method as Request['method'];
  try {
    const answer = await to.request({
      method,
      path: request.url,
      uri: (request.routeOptions.url ?? '').replace(/\*$/, '**'),
      headers: { ...headers, 'x-forwarded-for': request.ip },
      ...(Buffer.isBuffer(request.body) ? { body: request.body } : {}),
      // An order with a key of its own is made once, however often it arrives.
      ...(headers['idempotency-key'] ? { repeat: true } : {}),
    });
    for (const name of returned) {
      const value = answer.headers[name];
      if (value !== undefined) reply.header(name, value);
    }
    return reply.status(answer.status).send(answer.body);
  } catch (error) {
    if (isBrokenCircuitError(error))
      throw new ApiError(503, 'CIRCUIT_OPEN', `${backend} has failed too often; it is tried again in a moment`);
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (/TIMEOUT/.test(code)) throw new ApiError(504, 'TIMEOUT', `${backend} took too long: ${message}`);
    throw new ApiError(503, 'UNAVAILABLE', `${backend} cannot be reached: ${message}`);
  }
}

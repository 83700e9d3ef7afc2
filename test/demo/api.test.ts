import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiServer } from '../../demo/lib/api-server.ts';
import { ApiError } from '../../demo/lib/errors.ts';
import { LimitError } from '../../demo/lib/limiter.ts';
import { apiGateway } from '../../demo/services/api-gateway.ts';
import { testTelemetry } from './telemetry.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

describe('a server', () => {
  const routes = (before?: () => Promise<void>) => {
    const test = testTelemetry();
    const api = apiServer(test.telemetry, before ? { before } : {});
    api.post('/things', async ({ body }) => ({ body: body ?? null }));
    api.get('/things/:id', async () => 'one');
    api.get('/refused', async () => {
      throw new ApiError(409, 'OUT_OF_STOCK', 'none left');
    });
    api.get('/busy', async () => {
      throw new LimitError('no connection');
    });
    api.get('/broken', async () => {
      throw new TypeError('a defect');
    });
    return { ...test, api };
  };

  test.each([
    ['/refused', 409, 'OUT_OF_STOCK'],
    ['/busy', 503, 'BUSY'],
    ['/broken', 500, 'INTERNAL_ERROR'],
    ['/nowhere', 404, 'NOT_FOUND'],
  ])('answers %s by %i', async (url, status, code) => {
    const answer = await routes().api.inject(url);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ success: false, error: { code } });
  });

  test('takes a POST whose type is JSON and whose body is empty, and refuses one that is not JSON', async () => {
    const { api } = routes();
    const post = (payload: string) =>
      api.inject({ method: 'POST', url: '/things', headers: { 'content-type': 'application/json' }, payload });
    expect((await post('')).json()).toEqual({ body: null });
    expect((await post('{')).statusCode).toBe(400);
  });

  test('measures a request by its route, under the labels of Spring Boot', async () => {
    const { api, samples } = routes();
    await api.inject('/things/7');
    await api.inject('/nowhere');
    await api.inject('/broken');
    expect((await samples('http_server_requests_seconds_count')).sort()).toEqual(
      [
        'error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/things/{id}"',
        'error="none",exception="none",method="GET",outcome="CLIENT_ERROR",status="404",uri="/**"',
        'error="TypeError",exception="TypeError",method="GET",outcome="SERVER_ERROR",status="500",uri="/broken"',
      ]
        .map((labels) => `http_server_requests_seconds_count{application="test-service",${labels}} 1`)
        .sort(),
    );
  });

  test('works on no more requests than it has threads for, and refuses those it cannot queue', async () => {
    const { telemetry, samples } = testTelemetry();
    const api = apiServer(telemetry, { threads: 1, queue: 1 });
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun = 0;
    api.get('/', async () => {
      begun += 1;
      await gate;
      return 'done';
    });
    const answers = [1, 2, 3].map(() => api.inject('/'));
    const refused = await Promise.race(answers);
    expect({ status: refused.statusCode, retry: refused.headers['retry-after'], begun }).toEqual({
      status: 429,
      retry: '1',
      begun: 1,
    });
    expect(await samples('tomcat_threads_busy_threads')).toEqual([expect.stringMatching(/ 1$/)]);
    expect(await samples('http_server_requests_seconds_count')).toEqual([expect.stringContaining('status="429"')]);
    finish();
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 429]);
  });

  test('a caller that leaves while it waits takes no thread with it', async () => {
    const { telemetry, samples } = testTelemetry();
    const api = apiServer(telemetry, { threads: 1 });
    open.push(api);
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    api.get('/slow', () => gate.then(() => 'done'));
    api.get('/', async () => 'next');
    const url = await api.listen({ port: 0 });
    const left = new Promise<void>((resolve) => {
      api.server.on('request', (request, response) => {
        if (request.url === '/') response.once('close', resolve);
      });
    });
    const ask = (path: string, milliseconds: number) =>
      fetch(`${url}${path}`, { headers: { connection: 'close' }, signal: AbortSignal.timeout(milliseconds) });
    const slow = ask('/slow', 5000);
    await expect(ask('/', 50)).rejects.toThrow();
    await left;
    finish();
    expect(await (await slow).text()).toBe('done');
    expect(await (await ask('/', 2000)).text()).toBe('next');
    const statuses = (await samples('http_server_requests_seconds_count')).map(
      (line) => /status="(\d+)"/.exec(line)?.[1],
    );
    expect(statuses.sort()).toEqual(['200', '200', '499']);
    expect(await samples('tomcat_threads_busy_threads')).toEqual([expect.stringMatching(/ 0$/)]);
  });
});

const listening = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('the gateway', () => {
  const backend = (answer: (request: IncomingMessage, body: string) => [number, string]) => {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const [status, text] = answer(request, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
    return listening(server);
  };
  const gateway = (origin: string) => {
    const test = testTelemetry('api-gateway');
    const { api, stop } = apiGateway(test.telemetry, () => origin);
    if (!api) throw new Error('the gateway has no API');
    open.push({ close: () => stop?.() });
    return { ...test, api };
  };

  test('passes on the request and the answer as they are, within the trace of the caller', async () => {
    let seen: IncomingMessage | undefined;
    let received = '';
    const { api, spans } = gateway(
      await backend((request, body) => {
        seen = request;
        received = body;
        return [409, '{"success":false}'];
      }),
    );
    const traceId = '463ac35c9f6413ad48485a3953bb6124';
    const answer = await api.inject({
      method: 'POST',
      url: '/api/v1/orders?x=1',
      headers: {
        authorization: 'Bearer token',
        'content-type': 'application/json',
        'x-b3-traceid': traceId,
        'x-b3-spanid': 'a2fb4a1d1a96d312',
        'x-b3-sampled': '1',
      },
      payload: '{"items":[ ]}',
    });
    expect([answer.statusCode, answer.body]).toEqual([409, '{"success":false}']);
    expect([seen?.url, received, seen?.headers.authorization]).toEqual([
      '/api/v1/orders?x=1',
      '{"items":[ ]}',
      'Bearer token',
    ]);
    expect(seen?.headers['x-b3-traceid']).toBe(traceId);
    const kept = spans.getFinishedSpans().map((span) => [span.name, span.spanContext().traceId]);
    expect(kept).toEqual([
      ['POST /api/v1/orders', traceId],
      ['POST /api/v1/orders', traceId],
    ]);
  });

  test('asks again after a connection that broke, where that does no harm, and not after an answer', async () => {
    let calls = 0;
    let breaks = true;
    const server = createServer((request, response) => {
      calls += 1;
      if (breaks) request.socket.destroy();
      else response.writeHead(503).end('{}');
    });
    const { api } = gateway(await listening(server));
    const count = async (options: { method: 'GET' | 'POST'; headers?: Record<string, string> }) => {
      calls = 0;
      expect((await api.inject({ url: '/api/v1/orders', ...options })).statusCode).toBe(503);
      return calls;
    };
    expect(await count({ method: 'GET' })).toBe(3);
    expect(await count({ method: 'POST' })).toBe(1);
    expect(await count({ method: 'POST', headers: { 'idempotency-key': 'a' } })).toBe(3);
    breaks = false;
    expect(await count({ method: 'GET' })).toBe(1);
  });

  test('says that a service is not there, and stops asking it', async () => {
    const { api, samples } = gateway('http://127.0.0.1:1');
    const codes = new Set<string>();
    for (let request = 0; request < 20; request += 1) {
      const answer = await api.inject('/api/v1/posts/1');
      expect(answer.statusCode).toBe(503);
      codes.add(answer.json<{ error: { code: string } }>().error.code);
    }
    expect([...codes]).toEqual(['UNAVAILABLE', 'CIRCUIT_OPEN']);
    expect(await samples('http_client_requests_seconds_count')).toEqual([
      expect.stringContaining(
        'client_name="127.0.0.1",error="ECONNREFUSED",exception="ECONNREFUSED",method="GET",outcome="UNKNOWN"',
      ),
    ]);
  });

  test('gives up on a service that does not answer', async () => {
    const { api } = gateway(await listening(createServer(() => undefined)));
    const answer = await api.inject('/api/v1/posts/1');
    expect([answer.statusCode, answer.json()]).toMatchObject([504, { error: { code: 'TIMEOUT' } }]);
  }, 20_000);

  test('does not know what no service answers', async () => {
    expect((await gateway('http://127.0.0.1:1').api.inject('/admin/faults')).statusCode).toBe(404);
  });
});

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Prometheus } from '../../clients/prometheus.ts';
import { type PushedSeries, pushSamples } from '../../clients/remote-write.ts';
import { describeWithTool, findTool } from '../tool.ts';
import { prometheusProcess } from './prometheus-process.ts';

/** What is pushed arrives, at a Prometheus; and what becomes of a receiver that does not take it. */

const series = (change: Partial<PushedSeries> = {}): PushedSeries => ({
  labels: { verdict: 'pass', testid: 'größe "1"', __name__: 'loadscope_run_verdict', empty: '' },
  value: 0.125,
  time: Date.now() / 1000,
  ...change,
});

describeWithTool(findTool('prometheus', '--version'))('Prometheus', () => {
  let server: Awaited<ReturnType<typeof prometheusProcess>>;
  let client: Prometheus;

  beforeAll(async () => {
    server = await prometheusProcess();
    client = new Prometheus({ url: new URL(`${server.url}/`), headers: {}, timeout: 30, secrets: [] });
  }, 60_000);
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  const push = (all: readonly PushedSeries[]) => pushSamples(`${server.url}/api/v1/write`, all);

  test('gives back what it was sent, with its time', async () => {
    const [one, other] = [series(), series({ labels: { __name__: 'other', A: 'a' }, value: -3e9, time: 1.5 })];
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...one,
      labels: { __name__: 'many', index: String(index) },
      value: index,
    }));
    await push([one, ...many]);
    const { result } = await client.instant('loadscope_run_verdict[1m]', one.time);
    expect(result).toEqual([
      {
        metric: { __name__: 'loadscope_run_verdict', testid: 'größe "1"', verdict: 'pass' },
        values: [[Number(one.time.toFixed(3)), '0.125']],
      },
    ]);
    expect((await client.instant('sum(many)', one.time)).result[0]?.value?.[1]).toBe('124750');
    // Far too old, which is its answer and not an error of ours.
    await expect(push([other])).rejects.toMatchObject({
      failure: 'refused',
      message: expect.stringMatching(/^HTTP 400: /),
    });
  });

  test('takes the same sample twice', async () => {
    const one = series({ labels: { __name__: 'twice' } });
    await push([one]);
    await push([one]);
  });
});

describe('a receiver', () => {
  const seen: IncomingHttpHeaders[] = [];
  let answers: readonly (readonly [status: number, text?: string])[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const [status, text = ''] = answers[Math.min(seen.length, answers.length) - 1] ?? [204];
    request.resume().on('end', () => {
      if (status) response.writeHead(status).end(text);
      // 0 is none at all.
      else if (text) request.socket.destroy();
    });
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/write`;
  const push = (...given: typeof answers) => {
    answers = given;
    seen.length = 0;
    return pushSamples(url(), [series()], { timeout: 1, pause: 0, headers: { 'x-scope-orgid': 'shop' } });
  };

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is told what it gets', async () => {
    await push([204]);
    expect(seen).toEqual([
      expect.objectContaining({
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
        'x-scope-orgid': 'shop',
      }),
    ]);
  });

  test.each([[[500]], [[503]], [[429]], [[0, 'closed']]] as [[number, string?]][])(
    'gets it once more after %j',
    async (first) => {
      await push(first, [200]);
      expect(seen).toHaveLength(2);
    },
  );

  test.each<[string, [number, string?], number, object]>([
    ['fails twice', [500, 'disk\nfull'], 2, { failure: 'refused', message: 'HTTP 500: disk full' }],
    ['does not take it', [400, 'out of bounds'], 1, { failure: 'refused', message: 'HTTP 400: out of bounds' }],
    ['wants another', [401], 1, { failure: 'unauthorised' }],
    ['is none', [404, '<html>'], 1, { failure: 'foreign', message: 'HTTP 404' }],
    ['sends on', [302], 1, { failure: 'redirect' }],
    ['closes', [0, 'closed'], 2, { failure: 'network' }],
    ['is silent', [0], 2, { failure: 'timeout', message: 'no answer within 1s' }],
  ])('that %s: an error says so', async (_, answer, tries, error) => {
    await expect(push(answer)).rejects.toMatchObject({ name: 'HttpError', ...error });
    expect(seen).toHaveLength(tries);
  });

  test('that is not there', async () => {
    const free = createServer();
    await once(free.listen(0, '127.0.0.1'), 'listening');
    const nobody = `http://127.0.0.1:${(free.address() as AddressInfo).port}/`;
    free.close();
    await expect(pushSamples(nobody, [series()], { pause: 0 })).rejects.toMatchObject({
      failure: 'network',
      message: expect.stringContaining('refused'),
    });
  });

  test('gets nothing where there is nothing', async () => {
    seen.length = 0;
    await pushSamples(url(), []);
    expect(seen).toEqual([]);
  });
});

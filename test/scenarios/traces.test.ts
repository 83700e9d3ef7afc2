import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpointField } from '../../model/baggage.ts';
import { testidHeader, traceIdPrefix } from '../../runs/traces.ts';
import { describeWithTool } from '../tool.ts';
import { k6, removeRuns, run, shortLoad } from './k6.ts';

/** What requests say of traces, and what runners say of those that were slow or failed. */

afterAll(removeRuns);

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
}

/** Answers every request with the same, after so many milliseconds, and keeps the headers. */
async function openMirror(status: number, milliseconds: number) {
  const seen: Seen[] = [];
  const server = createServer(async ({ headers, url: path = '' }, response) => {
    // What runners ask until somebody answers.
    if (path === '/') return response.end();
    seen.push({ headers, path });
    await sleep(milliseconds);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"success":true,"data":{"content":[]}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Asked {
  readonly sampling: number;
  readonly vus?: number;
  readonly seconds?: number;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly thresholds?: object;
  readonly scenario?: 'product-query' | 'weighted-mix' | 'database-heavy';
}

async function traces({
  sampling,
  vus = 10,
  seconds = 2,
  status = 200,
  milliseconds = 0,
  thresholds = {},
  scenario = 'product-query',
}: Asked) {
  const mirror = await openMirror(status, milliseconds);
  const { stderr, stdout } = await run(scenario, {
    BASE_URL: mirror.url,
    TRACE_SAMPLING: String(sampling),
    THRESHOLDS: JSON.stringify(thresholds),
    LOAD: JSON.stringify({ ...shortLoad(seconds), vus, rate: 300 }),
  });
  mirror.close();
  const lines = [...stderr.matchAll(/msg="?trace (\S+) (\S+) (\d+) (\d+) ms: (\w+)/g)].map(
    ([, id = '', endpoint, code, ms, what]) => ({ id, endpoint, code: Number(code), ms: Number(ms), what }),
  );
  const traced = mirror.seen.filter(({ headers }) => 'x-b3-traceid' in headers);
  return { seen: mirror.seen, traced, lines, stderr, stdout };
}

const idsOf = (requests: readonly Seen[]) => requests.map(({ headers }) => String(headers['x-b3-traceid']));

describeWithTool(k6)('the headers of requests', () => {
  test('say of a share of them that they are traced, and of the others that they are not', async () => {
    const { seen, traced, lines } = await traces({ sampling: 0.3 });
    expect(seen.length).toBeGreaterThan(300);
    // Four standard deviations to each side.
    const slack = 4 * Math.sqrt(0.3 * 0.7 * seen.length);
    expect(Math.abs(traced.length - 0.3 * seen.length)).toBeLessThan(slack);
    for (const { headers } of seen) {
      expect(headers[testidHeader]).toBe('a-run');
      if (traced.some((one) => one.headers === headers))
        expect(headers).toMatchObject({
          'x-b3-traceid': expect.stringMatching(new RegExp(`^${traceIdPrefix('a-run')}[0-9a-f]{16}$`)),
          'x-b3-spanid': expect.stringMatching(/^(?!0{16})[0-9a-f]{16}$/),
          'x-b3-sampled': '1',
        });
      else expect(headers).toMatchObject({ b3: '0' });
      expect('b3' in headers).not.toBe('x-b3-sampled' in headers);
    }
    const ids = idsOf(traced);
    expect(new Set(ids).size).toBe(ids.length);
    const spans = traced.map(({ headers }) => headers['x-b3-spanid']);
    expect(new Set([...spans, ...ids.map((id) => id.slice(16))]).size).toBe(2 * ids.length);
    expect(lines).toEqual([]);
  });

  test('name the endpoint of a request that is traced', async () => {
    const { traced } = await traces({ sampling: 1 });
    const kinds = { product_list: /\?page=/, sales_ranking: /ranking/, product_detail: /\/\d+$/ };
    for (const { headers, path } of traced)
      expect(path).toMatch(kinds[String(headers[endpointField]) as keyof typeof kinds]);
    expect(new Set(traced.map(({ headers }) => headers[endpointField])).size).toBe(3);
  });

  test.each([
    [0, 0],
    [1, 1],
  ])('with a share of %d, that of all', async (sampling, share) => {
    const { seen, traced } = await traces({ sampling, scenario: 'database-heavy', vus: 4 });
    expect(seen.length).toBeGreaterThan(20);
    expect(traced.length).toBe(share * seen.length);
    // Beside what else a request has.
    for (const { headers, path } of seen) {
      expect(headers[testidHeader]).toBe('a-run');
      if (path === '/api/v1/orders')
        expect(headers).toMatchObject({
          'content-type': 'application/json',
          authorization: expect.stringMatching(/^Bearer /),
        });
    }
    expect(seen.some(({ path }) => path === '/api/v1/orders')).toBe(true);
  });

  test('are those of no other runner', async () => {
    const [one, other] = await Promise.all([traces({ sampling: 1 }), traces({ sampling: 1 })]);
    const ids = [...idsOf(one.traced), ...idsOf(other.traced)];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describeWithTool(k6)('the log of a runner', () => {
  const failing = { sampling: 1, status: 503, scenario: 'database-heavy', vus: 3, milliseconds: 30 } as const;

  test('names traces of failed requests, five for each virtual user, and ends as ever', async () => {
    const { traced, lines, stdout } = await traces({ ...failing, seconds: 7 });
    const byId = new Map(traced.map((one) => [String(one.headers['x-b3-traceid']), one]));
    expect(lines).toHaveLength(15);
    for (const { id, endpoint, code, what } of lines)
      expect({ endpoint: byId.get(id)?.headers[endpointField], code, what }).toEqual({
        endpoint,
        code: 503,
        what: 'failed',
      });
    expect(stdout).toMatch(/^database-heavy: \d+ requests/);
    expect(stdout).not.toContain('trace');
  });

  test('names no more than one a second for each virtual user', async () => {
    const { lines } = await traces({ ...failing, seconds: 1.5 });
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  test('names slow ones by the budget of their endpoint, or else of all', async () => {
    const { lines } = await traces({
      sampling: 1,
      milliseconds: 80,
      thresholds: {
        http_req_duration: ['p(95)<=40', 'p(99)<=1'],
        'http_req_duration{name:product_list}': ['p(95)<=10000'],
      },
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines.map(({ endpoint }) => endpoint))).toEqual(new Set(['product_detail', 'sales_ranking']));
    for (const { ms, what } of lines) expect({ slow: ms >= 79, what }).toEqual({ slow: true, what: 'slow' });
  });

  test.each([
    ['no budget', {}, 1],
    ['no budget that it breaks', { http_req_duration: ['p(95)<=10000', 'avg<=1', 'p(99)<=1'] }, 1],
    ['no trace', { http_req_duration: ['p(95)<=1'] }, 0],
  ])('names none where there is %s', async (_, thresholds, sampling) => {
    const { lines, seen } = await traces({ sampling, milliseconds: 20, thresholds });
    expect(seen.length).toBeGreaterThan(20);
    expect(lines).toEqual([]);
  });
});

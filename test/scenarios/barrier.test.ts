import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithTool } from '../tool.ts';
import { k6, removeRuns, run, shortLoad } from './k6.ts';
import { openShop } from './shop.ts';

/** Runners that wait for each other. */

/** Holds runners until so many are there. Its first answer is of no use, its second says to ask again. */
async function barrierFor(runners: number) {
  const arrived = new Set<string | null>();
  const waiting: (() => void)[] = [];
  let asked = 0;
  let openedAt = Number.POSITIVE_INFINITY;
  const server = createServer((request, response) => {
    asked += 1;
    if (asked === 1) return response.writeHead(500).end('not yet');
    if (asked === 2) return response.writeHead(204).end();
    arrived.add(new URL(request.url ?? '', 'http://barrier').searchParams.get('runner'));
    waiting.push(() => response.end(JSON.stringify({ startsInMs: 300 })));
    if (arrived.size < runners) return;
    openedAt = Date.now();
    for (const go of waiting) go();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    openedAt: () => openedAt,
    close: () => server.close(),
  };
}

describeWithTool(k6)('the barrier', () => {
  afterAll(removeRuns);

  test('holds runners until all are there; then they go together, each with its share', async () => {
    const shop = await openShop('all');
    const barrier = await barrierFor(2);
    const runner = (index: number) =>
      run('coupon-spike', {
        BASE_URL: shop.url,
        BARRIER_URL: barrier.url,
        JOB_COMPLETION_INDEX: String(index),
        RUNNERS: '2',
        LOAD: JSON.stringify({ ...shortLoad(2), vus: 7 }),
      });
    const first = runner(0);
    await sleep(1500);
    expect(shop.seen).toEqual([]);
    const lastArrived = Date.now();
    const results = await Promise.all([first, runner(1)]);
    barrier.close();
    shop.close();

    expect([...barrier.arrived].sort()).toEqual(['0', '1']);
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: '' },
      { code: 0, stderr: '' },
    ]);
    // What is asked of the barrier is no request of the run.
    expect(results.map(({ result }) => result.requests)).toEqual([4, 3]);
    const [one, other] = results.map(({ result }) => result.started);
    expect(Math.abs(one - other)).toBeLessThan(100);
    expect(Math.min(one, other)).toBeGreaterThanOrEqual(barrier.openedAt() + 300);
    const times = shop.seen.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThan(lastArrived + 2000);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(250);
    expect(new Set(shop.seen.map(({ user }) => user))).toEqual(
      new Set(Array.from({ length: 7 }, (_, index) => `token-${index}`)),
    );
  });

  test('calls a run off', async () => {
    const shop = await openShop('all');
    const barrier = createServer((_request, response) => response.writeHead(410).end());
    await once(barrier.listen(0, '127.0.0.1'), 'listening');
    const { code, stderr, result } = await run('browse', {
      BASE_URL: shop.url,
      BARRIER_URL: `http://127.0.0.1:${(barrier.address() as AddressInfo).port}`,
    });
    barrier.close();
    shop.close();
    expect(code).not.toBe(0);
    expect(stderr).toContain('the run was called off before all runners were there');
    expect(result).toMatchObject({ requests: 0, iterations: 0 });
    expect(result).not.toHaveProperty('started');
    expect(shop.seen).toEqual([]);
  });
});

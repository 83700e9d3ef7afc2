import { Gauge, Registry } from 'prom-client';
import { Exposition } from '../../bots/kafka-bot/exposition.ts';
import { BotError } from '../../bots/kafka-bot/options.ts';

/** Where metrics are scraped, and how long they stay there. */

let expositions: Exposition[] = [];
let value: Gauge;
let url: string;

const open = async (port = 0) => {
  const registry = new Registry();
  value = new Gauge({ name: 'value', help: 'A value.', registers: [registry] });
  const exposition = new Exposition(registry);
  expositions.push(exposition);
  url = `http://localhost:${await exposition.listen(port)}`;
  return exposition;
};
afterEach(() => {
  for (const exposition of expositions) exposition.close();
  expositions = [];
});

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const scrape = async () => (await fetch(`${url}/metrics`)).text();
/** Seconds that a wait takes. */
async function lasts(waiting: Promise<void>): Promise<number> {
  const start = performance.now();
  await waiting;
  return (performance.now() - start) / 1000;
}

test('serves the metrics as they are now, and whether it is well', async () => {
  await open();
  value.set(7);
  expect(await scrape()).toContain('\nvalue 7\n');
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  await response.text();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/`)).status).toBe(404);
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405);
});

test('a port in use is said in one line that names the flag', async () => {
  await open();
  const { port } = new URL(url);
  const second = new Exposition(new Registry());
  await expect(second.listen(Number(port))).rejects.toThrow(
    new BotError(`--metrics-port: port ${port} is in use: choose another, or 0 for no metrics`),
  );
});

describe('behind the end of the work', () => {
  test('nobody is waited for who never came, unless that is asked', async () => {
    const exposition = await open();
    expect(await lasts(exposition.linger(0))).toBeLessThan(0.1);
    expect(await lasts(exposition.linger(0.3))).toBeGreaterThanOrEqual(0.3);
  });

  test('it ends with the second scrape', async () => {
    const exposition = await open();
    await scrape();
    let ended = false;
    const waiting = exposition.linger(20).then(() => {
      ended = true;
    });
    await sleep(150);
    await scrape();
    await sleep(250);
    expect(ended).toBe(false);
    await scrape();
    expect(await lasts(waiting)).toBeLessThan(0.5);
  });

  test('who has come twice is waited for by the pace at which it came', async () => {
    const exposition = await open();
    await scrape();
    await sleep(100);
    await scrape();
    let ended = false;
    const waiting = exposition.linger(0).then(() => {
      ended = true;
    });
    await sleep(400);
    expect(ended).toBe(false);
    await scrape();
    await scrape();
    await waiting;
  });

  test('it ends when it is told to', async () => {
    const exposition = await open();
    expect(await lasts(exposition.linger(20, AbortSignal.timeout(100)))).toBeLessThan(1);
  });
});

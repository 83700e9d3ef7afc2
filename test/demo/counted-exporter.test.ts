import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Meters } from '../../demo/lib/meters.ts';
import { startTracing } from '../../demo/lib/tracing.ts';

/** What a service counts as dropped that sends three spans to a Zipkin. */
async function droppedBy(url: string): Promise<number> {
  const meters = new Meters('shop');
  const dropped = meters.counter('zipkin_reporter_spans_dropped_total', 'Dropped.');
  const { tracer, close } = startTracing('shop', url, 1, dropped);
  for (let span = 0; span < 3; span++) tracer.startSpan('work').end();
  // It fails where not all could be sent.
  await close().catch(() => undefined);
  return (await dropped.get()).values[0]?.value ?? Number.NaN;
}

test('spans that Zipkin does not get are counted, and those that it gets are not', async () => {
  const server = createServer((_, response) => response.writeHead(202).end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    expect(await droppedBy(`http://127.0.0.1:${port}`)).toBe(0);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  expect(await droppedBy(`http://127.0.0.1:${port}`)).toBe(3);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Elasticsearch } from '../clients/elasticsearch.ts';

const nobody = 'http://127.0.0.1:9';

async function withServer(answer: () => [number, string], use: (url: string, asked: string[]) => Promise<void>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'nobody'}`);
    const [status, text] = answer();
    response.writeHead(status).end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('the next node is asked where one does not answer, with the password', () =>
  withServer(
    () => [200, '{"ok":true}'],
    async (url, asked) => {
      const server = new Elasticsearch({ urls: [nobody, url], username: 'zipkin', password: 'geheim' });
      expect(await server.send('GET', '_cat/health')).toEqual({ ok: true });
      await server.close();
      expect(asked).toEqual([`GET /_cat/health Basic ${Buffer.from('zipkin:geheim').toString('base64')}`]);
    },
  ));

test('what it refuses is told in its own words, and what is no Elasticsearch as that', () =>
  withServer(
    (
      (answers: [number, string][]) => () =>
        answers.shift() ?? [200, '<html>']
    )([[403, '{"error":{"type":"security_exception","reason":"not allowed"}}']]),
    async (url) => {
      const server = new Elasticsearch({ urls: [url] });
      await expect(server.send('GET', 'a')).rejects.toMatchObject({
        status: 403,
        message: 'security_exception: not allowed',
      });
      await expect(server.send('GET', 'b')).rejects.toThrow('no Elasticsearch: the answer is no JSON');
      await server.close();
    },
  ));

test('where nobody answers, it gives up at once, or after its patience', async () => {
  for (const [patience, least] of [
    [0, 0],
    [1, 900],
  ] as const) {
    const server = new Elasticsearch({ urls: [nobody], patience });
    const since = Date.now();
    await expect(server.send('GET', 'a')).rejects.toThrow(/connection refused/);
    expect(Date.now() - since).toBeGreaterThanOrEqual(least);
    await server.close();
  }
});

test('the time for an answer is no whole number of seconds', () =>
  withServer(
    () => [200, '{}'],
    async (url) => {
      // 80 % of 7 s, as floating point has it, over three nodes.
      for (const timeout of [7 * 0.8, 5 / 3]) {
        const server = new Elasticsearch({ urls: [url], timeout });
        expect(await server.send('GET', 'a')).toEqual({});
        await server.close();
      }
    },
  ));

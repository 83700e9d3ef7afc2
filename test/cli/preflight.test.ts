import { Evidence } from '../../cli/doctor/evidence.ts';
import { preflight } from '../../cli/doctor/preflight.ts';
import { refusal } from '../../cli/lib/refusal.ts';
import type { Connection } from '../../clients/connection.ts';
import { Prometheus } from '../../clients/prometheus.ts';
import type { Target } from '../../model/target.ts';
import { type Asked, PrometheusServer, type Scene } from './prometheus-server.ts';

/** Whether there is a Prometheus that can be asked, and what to say where there is none. */

let server: PrometheusServer;
beforeAll(async () => {
  server = await new PrometheusServer().start();
});
afterAll(() => server.stop());

const targets: Target[] = [
  ...['db', 'web'].map(
    (name): Target => ({
      name,
      title: name,
      metrics: {},
      scrape: { discovery: { kind: 'nodes' } },
    }),
  ),
  {
    name: 'known',
    title: 'known',
    metrics: {},
    scrape: { discovery: { kind: 'static', address: { host: 'known', port: 1 }, instance: 'own' } },
  },
  // Nothing is missing where there is none.
  {
    name: 'bot',
    title: 'bot',
    metrics: {},
    scrape: { discovery: { kind: 'pods', namespaces: ['stack'] }, comesAndGoes: true },
  },
];

async function look(scene: Scene, path = '/') {
  server.scene = scene;
  const url = new URL(path, server.url);
  const connection: Connection = { url, headers: {}, timeout: 1, secrets: [] };
  const prometheus = new Prometheus(connection);
  try {
    return await preflight(targets, prometheus, new Evidence(prometheus, { start: 0, end: 60 }));
  } catch (error) {
    const refused = refusal(error, connection) as Error;
    return { name: refused.name, message: refused.message.replaceAll(server.url, 'SERVER') };
  } finally {
    await prometheus.close();
  }
}

const answering = (wanted: RegExp, status: number, text: string, headers = {}): Scene => ({
  up: [['db', 'a']],
  instead: ({ path }: Asked, response) => {
    if (!wanted.test(path)) return false;
    response.writeHead(status, headers).end(text);
    return true;
  },
});

test('who answers, and which targets are up, down or not there', async () => {
  expect(
    await look({
      up: [
        ['db', 'a'],
        ['db', 'b', 0],
        ['other', 'c', 0],
        // A job of somebody else, who calls it the same.
        ['known', 'theirs', 0],
      ],
    }),
  ).toEqual({
    product: 'Prometheus',
    version: '3.9.1',
    targets: [
      { job: 'db', instance: 'a', state: 'up' },
      { job: 'db', instance: 'b', state: 'down', lastError: 'connection refused' },
      { job: 'web', state: 'missing' },
      { job: 'known', instance: 'own', state: 'missing' },
    ],
    notes: [],
  });
});

test.each([
  [
    'a proxy that lets queries through and nothing else',
    /buildinfo|targets/,
    403,
    ['its version is not known: HTTP 403: no'],
  ],
  ['a server that is overloaded', /query/, 503, ['what it scrapes is not known: HTTP 503: no']],
])('goes on with %s', async (_, path, status, notes) => {
  expect(await look(answering(path, status, 'no'))).toMatchObject({ notes });
});

test.each([
  ['3.8.5', ['it is older than 3.9: percentiles from native histograms may be missing']],
  ['3.10.0', []],
  ['2.55.1', [expect.stringContaining('older')]],
  ['4.0.0-rc.1', []],
])('version %s', async (version, notes) => {
  expect(await look({ buildInfo: { version } })).toMatchObject({ version, notes });
});

test.each([
  [
    'does not let us in',
    answering(/query/, 403, 'no'),
    '/',
    /^--prometheus SERVER\/: HTTP 403: no\. It does not let us in: give --token-file/,
  ],
  [
    'has no API there',
    answering(/./, 404, '<html>'),
    '/grafana/',
    /^--prometheus SERVER\/grafana\/: HTTP 404\. There is no API of Prometheus below this address; is a path prefix missing\?$/,
  ],
  ['is something else', answering(/./, 200, '<html>'), '/', /: HTTP 200\. There is no API of Prometheus below/],
  [
    'sends us to a login',
    answering(/./, 302, '', { location: 'http://login.example/' }),
    '/',
    /: redirects to http:\/\/login\.example, which gets no credentials/,
  ],
  ['does not answer', { instead: () => true }, '/', /^--prometheus SERVER\/: no answer within 1s\.$/],
])('stops at one that %s', async (_, scene: Scene, path, message) => {
  expect(await look(scene, path)).toEqual({ name: 'CliError', message: expect.stringMatching(message) });
});

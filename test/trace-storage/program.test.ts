import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { daysBefore } from '../../bots/trace-storage/day.ts';
import { bundle } from '../../charts/lib/bundle.ts';

/** The program as it runs in the cluster, against a server that answers as Elasticsearch does. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  const banner = "import{createRequire as requireFrom}from'node:module';const require=requireFrom('/');";
  writeFileSync(join(folder, 'main.mjs'), bundle('bots/trace-storage/main.ts', 'node', { banner: { js: banner } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Answer = { status?: number; body?: unknown } | 'lost' | undefined;
type Answers = (request: string, body: string) => Answer;

/** Runs it, and returns what it said, how it ended and what it asked for. */
async function run(args: readonly string[], answers: Answers, env: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const line = `${request.method} ${decodeURIComponent(request.url ?? '')}`;
    asked.push(body ? `${line} ${body}` : line);
    const answer = answers(line, body) ?? healthy(line);
    if (answer === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [join(folder, 'main.mjs'), ...args], {
    env: { ELASTICSEARCH_URLS: `http://127.0.0.1:${port}`, INDEX: 'zipkin', RETENTION_DAYS: '7', ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  server.close();
  return { code, out: out.trim().split('\n').filter(Boolean), err: err.trim().split('\n').filter(Boolean), asked };
}

const epoch = (ms: number) => [{ epoch: String(Math.floor(ms / 1000)) }];
const failure = (status: number, type: string, reason: string): Answer => ({
  status,
  body: { error: { type, reason }, status },
});

/** What a server without lifecycles says where a test does not say otherwise. */
function healthy(request: string): Exclude<Answer, undefined> {
  if (request.startsWith('GET /_cat/health')) return { body: epoch(Date.now()) };
  if (request.startsWith('GET /_cat/indices')) return { body: indices };
  if (request.startsWith('GET /_ilm')) return { status: 405, body: { error: 'Incorrect HTTP method' } };
  return {};
}

const today = daysBefore(Date.now(), 0);
const old = [9, 8, 7].map((days) => `zipkin-span-${daysBefore(Date.now(), days)}`);
const kept = [6, 0].map((days) => `zipkin-span-${daysBefore(Date.now(), days)}`);
const indices = [...kept, ...old, 'zipkin2-span-2020-01-01', 'zipkin-span-2020-02-30'].map((index) => ({
  index,
  'store.size': '100',
}));

const deletions = (asked: readonly string[]) => asked.filter((line) => line.startsWith('DELETE'));
const changes = (asked: readonly string[]) => asked.filter((line) => /^(DELETE|PUT)|_bulk/.test(line));

describe('retention', () => {
  test('deletes each index that is over by its full name, and tells of it', async () => {
    const { code, out, asked } = await run(['retention'], () => undefined);
    expect(code).toBe(0);
    expect(changes(asked)).toEqual(old.map((name) => `DELETE /${name}`));
    expect(out).toEqual([
      ...old.map((name) => `deleted ${name}, 100 bytes`),
      `2 indices are kept, from ${daysBefore(Date.now(), 6)} on; 300 bytes are gone`,
    ]);
  });

  test('only tells, where it is a dry run', async () => {
    const { code, out, asked } = await run(['retention'], () => undefined, { DRY_RUN: 'true' });
    expect(code).toBe(0);
    expect(changes(asked)).toEqual([]);
    expect(out[0]).toBe(`would delete ${old[0]}, 100 bytes`);
  });

  test.each([
    ['yesterday', -86_400_000],
    ['in a year', 365 * 86_400_000],
  ])('refuses where the server is %s', async (_, apart) => {
    const { code, err, asked } = await run(['retention'], (request) =>
      request.startsWith('GET /_cat/health') ? { body: epoch(Date.now() + apart) } : undefined,
    );
    expect(code).toBe(1);
    expect(err).toEqual([expect.stringMatching(/^the server's clock says .* nothing is done until they agree/)]);
    expect(changes(asked)).toEqual([]);
  });

  test('goes by its own clock where it may not ask for the other', async () => {
    const { code, asked } = await run(['retention'], (request) =>
      request.startsWith('GET /_cat/health') ? failure(403, 'security_exception', 'unauthorized') : undefined,
    );
    expect(code).toBe(0);
    expect(deletions(asked)).toHaveLength(3);
  });

  test('goes on where an index went by itself', async () => {
    const { code, out, asked } = await run(['retention'], (request) =>
      request === `DELETE /${old[0]}` ? failure(404, 'index_not_found_exception', 'no such index') : undefined,
    );
    expect(code).toBe(0);
    expect(deletions(asked)).toHaveLength(3);
    expect(out).toHaveLength(3);
  });

  test.each<[string, string, Answer, RegExp, number]>([
    [
      'a password that is wrong',
      'GET',
      failure(401, 'security_exception', 'unable to authenticate user'),
      /unable to auth/,
      0,
    ],
    ['a path that is not there', 'GET', failure(404, 'not_found', 'nothing here'), /nothing here/, 0],
    [
      'a server that has no master',
      'GET /_cat/indices',
      failure(503, 'master_not_discovered_exception', ''),
      /master/,
      0,
    ],
    ['a connection that breaks', 'GET /_cat/indices', 'lost', /connection closed without an answer/, 0],
    ['a page of something else', 'GET /_cat/indices', { status: 502, body: '<html>' }, /status 502/, 0],
    [
      'a right that is missing',
      'DELETE',
      failure(403, 'security_exception', 'is unauthorized'),
      /is not deleted: .*unauth/,
      1,
    ],
    ['a connection that breaks in between', `DELETE /${old[1]}`, 'lost', /is not deleted: connection closed/, 2],
  ])('of %s it says one line', async (_, at, answer, message, attempts) => {
    const { code, err, asked } = await run(['retention'], (request) => (request.startsWith(at) ? answer : undefined));
    expect(code).toBe(1);
    expect(err).toEqual([expect.stringMatching(message)]);
    expect(deletions(asked)).toHaveLength(attempts);
  });

  test.each([
    ['RETENTION_DAYS', '0'],
    ['RETENTION_DAYS', '7d'],
    ['RETENTION_DAYS', ''],
    ['INDEX', ''],
    ['INDEX', '*'],
  ])('with %s as "%s" it asks for nothing', async (variable, value) => {
    const { code, err, asked } = await run(['retention'], () => undefined, { [variable]: value });
    expect(code).toBe(1);
    expect(err).toEqual([`the environment variable ${variable} is not set, or wrongly`]);
    expect(asked).toEqual([]);
  });
});

describe('retention of a server that manages lifecycles', () => {
  const lifecycles =
    (policies: object, settings: object, refused?: string): Answers =>
    (request) => {
      if (refused && request.startsWith(refused)) return failure(403, 'security_exception', 'is unauthorized');
      if (request === 'GET /_ilm/status') return { body: { operation_mode: 'RUNNING' } };
      if (request === 'GET /_ilm/policy/zipkin-retention')
        return Object.keys(policies).length ? { body: policies } : { status: 404 };
      if (request.startsWith('GET /zipkin-*/_settings')) return { body: settings };
      return undefined;
    };
  const policy = (age: string) => ({ 'zipkin-retention': { policy: { phases: { delete: { min_age: age } } } } });
  const underPolicy = (name: string, from: string) => ({
    settings: { 'index.lifecycle.name': name, 'index.lifecycle.origination_date': from },
  });
  const begin = (name: string) => String(Date.parse(name.slice(-10)));
  const puts = (asked: readonly string[]) => asked.filter((line) => line.startsWith('PUT'));

  test('puts a policy, and each index under it from the day of its name', async () => {
    const { code, asked, out } = await run(['retention'], lifecycles({}, {}));
    expect(code).toBe(0);
    const [first = '', ...others] = puts(asked);
    expect(first).toMatch(
      /^PUT \/_ilm\/policy\/zipkin-retention .*"delete":\{"min_age":"7d","actions":\{"delete":\{\}\}\}/,
    );
    expect(others).toEqual(
      kept.map(
        (name) =>
          `PUT /${name}/_settings {"index.lifecycle.name":"zipkin-retention","index.lifecycle.origination_date":"${begin(name)}"}`,
      ),
    );
    expect(deletions(asked)).toHaveLength(3);
    expect(out).toContain(`${kept[0]} is under the policy zipkin-retention`);
  });

  test('changes nothing that is so already, and leaves an index to the policy of others', async () => {
    const settings = {
      [kept[0] as string]: underPolicy('zipkin-retention', begin(kept[0] as string)),
      [kept[1] as string]: underPolicy('theirs', '0'),
    };
    expect(puts((await run(['retention'], lifecycles(policy('7d'), settings))).asked)).toEqual([]);
    const changed = puts((await run(['retention'], lifecycles(policy('30d'), settings))).asked);
    expect(changed).toEqual([expect.stringMatching(/^PUT \/_ilm\/policy/)]);
  });

  test.each(['GET /_ilm/status', 'PUT /_ilm/policy', 'PUT /zipkin-span'])(
    'says so where %s is not allowed, and has done its own work',
    async (refused) => {
      const { code, out, asked } = await run(['retention'], lifecycles({}, {}, refused));
      expect(code).toBe(0);
      expect(deletions(asked)).toHaveLength(3);
      expect(out.at(-1)).toMatch(/^the server is not made to delete by itself, .*is unauthorized/);
    },
  );
});

describe('links', () => {
  const span = (traceId: string, id: string, parentId: string, kind: string, service: string) => ({
    _source: { traceId, id, ...(parentId ? { parentId } : {}), kind, localEndpoint: { serviceName: service } },
  });
  const call = (traceId: string) => [span(traceId, '1', '', 'CLIENT', 'web'), span(traceId, '2', '1', 'SERVER', 'app')];
  const storedBefore = ['web|app', 'web|gone'].map((_id) => ({ _id }));
  const answers: Answers = (request) => {
    if (request.startsWith(`POST /zipkin-span-${today}/_search`))
      return { body: { hits: { hits: [...call('a'), ...call('b')] } } };
    if (request.startsWith(`POST /zipkin-dependency-${today}/_search`))
      return { body: { hits: { hits: storedBefore } } };
    return undefined;
  };

  test('are stored by their names, and those that are no more are deleted', async () => {
    const { code, out, asked } = await run(['links', 'today'], answers);
    expect(code).toBe(0);
    expect(asked.filter((line) => line.includes('_bulk')).map((line) => line.slice(line.indexOf('{')))).toEqual([
      '{"index":{"_id":"web|app"}}\n{"id":"web|app","parent":"web","child":"app","callCount":2,"errorCount":0}\n',
      '{"delete":{"_id":"web|gone"}}\n',
    ]);
    expect(out).toEqual([`${today} has 1 links, of 4 spans in 2 traces; 1 links are gone`]);
  });

  test.each([
    ['is no index', failure(404, 'index_not_found_exception', 'no such index')],
    ['are no spans', { body: {} }],
  ])('stay as they are where there %s', async (_, answer) => {
    const { code, out, asked } = await run(['links', 'yesterday'], (request) =>
      request.includes('/_search') ? answer : undefined,
    );
    expect(code).toBe(0);
    expect(changes(asked)).toEqual([]);
    expect(out).toEqual([`${daysBefore(Date.now(), 1)} has no spans`]);
  });

  test.each<[string, string, Answer, RegExp]>([
    [
      'a shard that is away',
      'POST /zipkin-span',
      failure(503, 'search_phase_execution_exception', 'shards failed'),
      /shards/,
    ],
    ['a connection that breaks', 'POST /zipkin-span', 'lost', /connection closed/],
    [
      'a disk that is full',
      `POST /zipkin-dependency-${today}/_bulk`,
      { body: { items: [{ index: { error: { type: 'cluster_block_exception', reason: 'disk usage exceeded' } } }] } },
      /^links are not stored: disk usage exceeded$/,
    ],
  ])('of %s it says one line', async (_, at, answer, message) => {
    const { code, err } = await run(['links', 'today'], (request) =>
      request.startsWith(at) ? answer : answers(request, ''),
    );
    expect(code).toBe(1);
    expect(err).toEqual([expect.stringMatching(message)]);
  });

  test.each([[['links']], [['links', 'tomorrow']], [[]]])('%j is no task', async (args) => {
    const { code, err, asked } = await run(args, answers);
    expect([code, asked]).toEqual([1, []]);
    expect(err).toHaveLength(1);
  });
});

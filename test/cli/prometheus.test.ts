import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { type ConnectionFlags, connectionOf, withConnection } from '../../cli/lib/connection.ts';
import { Prometheus } from '../../clients/prometheus.ts';
import { caFile, fail, PrometheusServer, type Scene, succeed } from './prometheus-server.ts';

/** How Prometheus is reached: flags, credentials, TLS, redirects, and servers that are slow or fail. */

let folder: string;
const servers: PrometheusServer[] = [];
const clients: Prometheus[] = [];
const tokenFile = () => join(folder, 'token');
const passwordFile = () => join(folder, 'password');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-connection-'));
  writeFileSync(tokenFile(), 'tok-en-1234\n');
  writeFileSync(passwordFile(), 'päss:word 1\n');
  writeFileSync(join(folder, 'empty'), '\n');
});
afterEach(async () => {
  delete process.env.LOADSCOPE_PROMETHEUS_TOKEN;
  delete process.env.LOADSCOPE_PROMETHEUS_PASSWORD;
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function serve(scene: Scene = {}, tls = false): Promise<PrometheusServer> {
  const server = await new PrometheusServer(tls).start();
  server.scene = scene;
  servers.push(server);
  return server;
}

function connection(...args: string[]) {
  const command = withConnection(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  return connectionOf(command.parse(args, { from: 'user' }).opts<ConnectionFlags>());
}

function connect(url: string, ...args: string[]): Prometheus {
  const client = new Prometheus(connection('--prometheus', url, ...args));
  clients.push(client);
  return client;
}

const ask = (client: Prometheus) => client.instant('vector(1)', 0);

describe('a flag that is wrong is named, with what to do', () => {
  const url = ['--prometheus', 'http://localhost:9090'];
  test.each([
    [[], /required option '--prometheus <url>' not specified/],
    [['--prometheus', 'localhost:9090'], /^--prometheus: must be an http or https URL, for example/],
    [['--prometheus', 'http://u:s3cret-word@h'], /^--prometheus: must hold no user and no password/],
    [['--prometheus', 'http://h/?a=b'], /^--prometheus: must have no "\?"/],
    [[...url, '--timeout', '10'], /'--timeout <duration>' argument '10' is invalid\. It must be a duration/],
    [[...url, '--timeout', '0s'], /'--timeout <duration>' argument '0s' is invalid/],
    [[...url, '--token-file', '/nowhere'], /^--token-file \/nowhere: no such file\.$/],
    [[...url, '--token-file', 'EMPTY'], /^--token-file .*: is empty\.$/],
    [[...url, '--token-file', 'PASSWORD'], /^--token-file: must hold a token and nothing else\.$/],
    [[...url, '--token-file', 'TOKEN', '--username', 'u'], /^--token-file and --username exclude each other/],
    [[...url, '--username', 'u'], /^--username needs its password: give --password-file, or set LOADSCOPE_/],
    [[...url, '--username', 'u:v', '--password-file', 'PASSWORD'], /^--username: must have no ":"/],
    [[...url, '--password-file', 'PASSWORD'], /^--password-file needs --username/],
    [[...url, '--ca', 'TOKEN'], /^--ca .*: must be a certificate in PEM/],
    [[...url, '--header', 's3cret-word'], /^--header: must be "Name: value"/],
    [[...url, '--header', 'a: b\nc: s3cret-word'], /^--header: must be "Name: value"/],
    [
      [...url, '--header', 'Authorization: s3cret-word'],
      /^--header: Authorization would be seen in ps\. Give --token-file/,
    ],
    [[...url, '--header', 'Content-Length: 1'], /^--header: Content-Length is set by the request itself/],
    [[...url, '--token', 's3cret-word'], /unknown option '--token'/],
  ])('%j', (args, message) => {
    const files: Record<string, string> = {
      TOKEN: tokenFile(),
      PASSWORD: passwordFile(),
      EMPTY: join(folder, 'empty'),
    };
    let said = '';
    try {
      connection(...args.map((arg) => files[arg] ?? arg));
    } catch (error) {
      said = (error as Error).message.replace(/^error: /, '');
    }
    expect(said).toMatch(message);
    expect(said).not.toMatch(/s3cret/);
  });
});

describe('what goes with each request', () => {
  const sent = async (...args: string[]) => {
    const server = await serve();
    await ask(connect(server.url, ...args));
    await connect(server.url, ...args).buildInfo();
    expect(server.asked).toHaveLength(2);
    expect(server.asked[0]?.headers.authorization).toBe(server.asked[1]?.headers.authorization);
    return server.asked[0]?.headers ?? {};
  };

  test('nothing, where nothing is given', async () => {
    expect(await sent()).not.toHaveProperty('authorization');
  });
  test('a bearer token from a file', async () => {
    expect(await sent('--token-file', tokenFile())).toMatchObject({ authorization: 'Bearer tok-en-1234' });
  });
  test('a bearer token from the environment, after which a flag comes first', async () => {
    process.env.LOADSCOPE_PROMETHEUS_TOKEN = 'of-the-environment';
    expect(await sent()).toMatchObject({ authorization: 'Bearer of-the-environment' });
    expect(await sent('--token-file', tokenFile())).toMatchObject({ authorization: 'Bearer tok-en-1234' });
  });
  test('basic auth with a password from a file or the environment', async () => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await sent('--username', 'u', '--password-file', passwordFile())).toMatchObject({
      authorization: basic('u:päss:word 1'),
    });
    process.env.LOADSCOPE_PROMETHEUS_PASSWORD = 'other';
    expect(await sent('--username', 'u')).toMatchObject({ authorization: basic('u:other') });
  });
  test('headers, several of them', async () => {
    expect(await sent('--header', 'X-Scope-OrgID: team-a', '--header', 'X-More:  b c ')).toMatchObject({
      'x-scope-orgid': 'team-a',
      'x-more': 'b c',
    });
  });
});

describe('TLS', () => {
  test('a certificate of an authority that is named', async () => {
    const server = await serve({}, true);
    expect((await ask(connect(server.url, '--ca', caFile))).result).toHaveLength(1);
  });
  test('one that is not is refused before anything is sent', async () => {
    const server = await serve({}, true);
    await expect(ask(connect(server.url, '--token-file', tokenFile()))).rejects.toThrow(
      /^its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\); name its authority with --ca$/,
    );
    expect(server.asked).toEqual([]);
  });
  test('a server without it', async () => {
    const server = await serve();
    await expect(ask(connect(server.url.replace('http:', 'https:')))).rejects.toThrow(/TLS|SSL|EPROTO/);
  });
});

describe('a redirect', () => {
  const to = (location: string): Scene => ({
    instead: ({ path }, response) => {
      if (path.startsWith('/prometheus/')) return false;
      response.writeHead(307, { location: `${location}${path}` }).end();
      return true;
    },
  });

  test('to another path is followed, with the query and the credentials', async () => {
    const server = await serve(to('/prometheus'));
    expect((await ask(connect(server.url, '--token-file', tokenFile()))).result).toHaveLength(1);
    expect(server.asked[1]).toMatchObject({
      method: 'POST',
      path: '/prometheus/api/v1/query',
      parameters: { query: 'vector(1)' },
      headers: { authorization: 'Bearer tok-en-1234' },
    });
  });
  test('to another host is not: it gets no credentials, nor anything else', async () => {
    const other = await serve();
    const server = await serve(to(other.url));
    await expect(ask(connect(server.url, '--token-file', tokenFile(), '--header', 'X-Key: k'))).rejects.toThrow(
      `redirects to ${other.url}, which gets no credentials from here; where that is Prometheus, name it in --prometheus`,
    );
    expect(other.asked).toEqual([]);
  });
  test('without end', async () => {
    const server = await serve(to(''));
    await expect(ask(connect(server.url))).rejects.toThrow('redirects more than 3 times');
    expect(server.asked).toHaveLength(4);
  });
});

describe('a server that fails', () => {
  /** Fails the first times, and answers then. */
  const failing = (times: number, answer: Scene['instead']): Scene => {
    let left = times;
    return { instead: (asked, response) => left-- > 0 && answer?.(asked, response) === true };
  };
  const status =
    (code: number, headers = {}): Scene['instead'] =>
    (_, response) => {
      response.writeHead(code, headers).end('Service Unavailable');
      return true;
    };
  const reset: Scene['instead'] = (_, response) => {
    response.destroy();
    return true;
  };

  test.each([
    ['500', status(500)],
    ['429', status(429)],
    ['503 with a time to come back', status(503, { 'retry-after': '0' })],
    ['a connection that is reset', reset],
  ])('once is asked again: %s', async (_, answer) => {
    const server = await serve(failing(1, answer));
    expect((await ask(connect(server.url))).result).toHaveLength(1);
    expect(server.asked).toHaveLength(2);
  });
  test.each([
    ['500', status(500), 'HTTP 500: Service Unavailable'],
    ['a connection that is reset', reset, 'connection closed without an answer'],
  ])('twice is not asked a third time: %s', async (_, answer, message) => {
    const server = await serve(failing(2, answer));
    await expect(ask(connect(server.url))).rejects.toThrow(message);
    expect(server.asked).toHaveLength(2);
  });
  test('and wants to be left alone for long is left alone', async () => {
    const server = await serve(failing(1, status(429, { 'retry-after': '60' })));
    await expect(ask(connect(server.url))).rejects.toThrow('HTTP 429');
    expect(server.asked).toHaveLength(1);
  });
  test('for a reason of the query is not asked again, and its own words are shown', async () => {
    const server = await serve({
      instead: (_, response) => {
        fail(response, 422, 'execution', 'query processing would load too many samples into memory');
        return true;
      },
    });
    await expect(ask(connect(server.url))).rejects.toThrow(
      'HTTP 422: query processing would load too many samples into memory',
    );
    expect(server.asked).toHaveLength(1);
  });
  test('and repeats what it was sent shows no credentials', async () => {
    const server = await serve({
      instead: ({ headers }, response) => {
        fail(response, 400, 'bad_data', `no ${headers.authorization} ${headers['x-api-key']}\n\x1b[2J`);
        return true;
      },
    });
    const said = ask(connect(server.url, '--token-file', tokenFile(), '--header', 'X-Api-Key: key-5678'));
    await expect(said).rejects.toThrow(/^HTTP 400: no Bearer \*\*\* \*\*\* \[2J$/);
  });
  test('is waited for within the time limit', async () => {
    const server = await serve({ instead: () => true });
    const start = Date.now();
    await expect(ask(connect(server.url, '--timeout', '300ms'))).rejects.toThrow('no answer within 0.3s');
    expect(Date.now() - start).toBeLessThan(2000);
  });
  test('is waited for to the end of its answer', async () => {
    const server = await serve({
      instead: (_, response) => {
        response.writeHead(200).write('{"status":');
        return true;
      },
    });
    await expect(ask(connect(server.url, '--timeout', '300ms'))).rejects.toThrow('no answer within 0.3s');
  });
  test('is none', async () => {
    const closed = createServer();
    const port = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as { port: number }).port)),
    );
    await new Promise((resolve) => closed.close(resolve));
    await expect(ask(connect(`http://127.0.0.1:${port}`))).rejects.toThrow('connection refused: nothing listens there');
  });
});

test('warnings and numbers without series', async () => {
  const server = await serve({
    instead: (_, response) => {
      const body = { status: 'success', data: { resultType: 'scalar', result: [0, '1'] }, warnings: ['partial'] };
      response.end(JSON.stringify(body));
      return true;
    },
  });
  expect(await ask(connect(server.url))).toEqual({ result: [{ metric: {}, value: [0, '1'] }], warnings: ['partial'] });
});

test('a path prefix goes before the API, with or without a slash at its end', async () => {
  const server = await serve({
    instead: ({ path }, response) => {
      if (path === '/prometheus/api/v1/status/buildinfo') succeed(response, { version: '3.9.1' });
      else response.writeHead(404).end();
      return true;
    },
  });
  for (const prefix of ['/prometheus', '/prometheus/'])
    expect(await connect(`${server.url}${prefix}`).buildInfo()).toEqual({ version: '3.9.1' });
});

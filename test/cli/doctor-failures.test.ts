import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadscope } from './loadscope.ts';
import { caFile, fail, PrometheusServer } from './prometheus-server.ts';

/** The command as a process, against servers that are slow, fail, or do not let it in. */

let folder: string;
const servers: PrometheusServer[] = [];
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-doctor-'));
  writeFileSync(file('loadscope.yaml'), 'redis: [{ name: cache, address: "redis.data:6379" }]\n');
  writeFileSync(file('token'), 'tok-en-1234\n');
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

async function serve(tls = false): Promise<PrometheusServer> {
  const server = await new PrometheusServer(tls).start();
  servers.push(server);
  return server;
}

const doctor = (...args: string[]) => loadscope(['doctor', '--config', file('loadscope.yaml'), ...args]);

test('a query that is slow or fails has a line of its own, the others go on, and no secret is shown', async () => {
  const server = await serve(true);
  let failures = 0;
  server.scene = {
    up: [['redis', 'cache']],
    instead: ({ parameters: { query = '' }, headers }, response) => {
      if (/redis_connected_clients\)$/.test(query)) return true;
      if (/redis_blocked_clients\)$/.test(query)) {
        fail(response, 422, 'execution', `too many samples for ${headers.authorization}`);
        return true;
      }
      if (/redis_config_maxclients\)$/.test(query) && failures++ === 0) {
        response.writeHead(500).end('<html>500</html>');
        return true;
      }
      return false;
    },
  };
  const args = ['--prometheus', server.url, '--timeout', '1s', '--ca', caFile];
  const secrets = ['--token-file', file('token'), '--header', 'X-Scope-OrgID: team-alpha'];
  const { status, stdout, stderr } = await doctor(...args, ...secrets);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/\n {2}failed {3}Clients A +0 {2}no answer within 1s\n/);
  expect(stdout).toMatch(/\n {2}failed {3}Clients B +0 {2}HTTP 422: too many samples for Bearer \*\*\*\n/);
  expect(stdout).toMatch(/\n {2}ok {7}Clients C +1\n/);
  expect(failures).toBe(2);
  expect(stdout).toMatch(/ 0 empty, [1-9]\d* failed/);
  expect(stdout).not.toContain('tok-en-1234');
  for (const { headers } of server.asked)
    expect(headers).toMatchObject({ authorization: 'Bearer tok-en-1234', 'x-scope-orgid': 'team-alpha' });
});

describe('one line and exit code 2, where nothing can be checked', () => {
  const refused = async (message: RegExp, ...args: string[]) => {
    const { status, stdout, stderr } = await doctor(...args);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
  };

  test('no server, with --json too', () =>
    refused(
      /^error: --prometheus http:\/\/127\.0\.0\.1:1\/: connection refused: nothing listens there\.$/m,
      '--json',
      '--prometheus',
      'http://127.0.0.1:1',
    ));

  test('one that does not let us in, though it did at first', async () => {
    const server = await serve();
    server.scene = {
      up: [['redis', 'cache']],
      instead: (_, response) => {
        if (server.asked.length <= 10) return false;
        response.writeHead(401).end('no');
        return true;
      },
    };
    await refused(
      /^error: --prometheus http:\S+: HTTP 401: no\. It does not let us in: give --token-file, or --username/,
      '--prometheus',
      server.url,
    );
    // Those that were under way, and no more.
    expect(server.asked.length).toBeLessThan(18);
  });

  test('a flag that there is not, and a run where there is no load test', async () => {
    const prometheus = ['--prometheus', 'http://127.0.0.1:1'];
    await Promise.all([
      refused(
        /^error: unknown option '--rnage' \(Did you mean --range\?\)\. See --help/,
        ...prometheus,
        '--rnage',
        '1h',
      ),
      refused(/^error: --testid: the config has no load test/, ...prometheus, '--testid', 'a'),
    ]);
  });
});

import { spawn } from 'node:child_process';
import { createPrivateKey, pbkdf2Sync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../charts/lib/bundle.ts';
import type { WantedSecret } from '../model/wanted-secret.ts';
import { findTool, testWithTool } from './tool.ts';

/** The maker of Secrets as it runs in the cluster, against an API server that is a file. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  // Minified, as it is in the cluster: its libraries may look at names.
  writeFileSync(join(folder, 'main.mjs'), bundle('bots/secrets/main.ts', 'node', { minify: true }));
  writeFileSync(join(folder, 'cluster.mjs'), cluster);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Takes the place of what the program has from its pod: a token, and the API server that `fetch` reaches. */
const cluster = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { readFileSync } = fs;
const secrets = JSON.parse(readFileSync(process.env.SECRETS, 'utf8'));
fs.readFileSync = (path, ...rest) => (path.startsWith('/var/run/secrets/') ? 'token' : readFileSync(path, ...rest));
syncBuiltinESMExports();
const base64 = (texts = {}) =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
globalThis.fetch = async (url, { method, body }) => {
  const [, namespace, name] = /^\\/api\\/v1\\/namespaces\\/([^/]+)\\/secrets(?:\\/(.+))?$/.exec(new URL(url).pathname);
  const object = body && JSON.parse(body);
  const key = namespace + '/' + (name ?? object.metadata.name);
  console.log(method + ' ' + key);
  if (method === 'POST' && secrets[key]) return new Response('exists', { status: 409 });
  if (method !== 'POST' && !secrets[key]) return new Response('not found', { status: 404 });
  if (method !== 'GET') secrets[key] = { ...object.data, ...base64(object.stringData) };
  fs.writeFileSync(process.env.SECRETS, JSON.stringify(secrets));
  return Response.json({ data: secrets[key] });
};
`;

async function run(environment: Record<string, string>, ...preload: string[]) {
  const child = spawn(process.execPath, [...preload, join(folder, 'main.mjs')], { env: environment });
  let message = '';
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    message += chunk;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, message, log };
}

type Secrets = Record<string, Record<string, string>>;

/** What is there after a run, and the requests that the run made. */
async function runIn(secrets: Secrets, wanted: WantedSecret[]) {
  const file = join(folder, 'secrets.json');
  writeFileSync(file, JSON.stringify(secrets));
  const { status, message, log } = await run(
    {
      WANTED: JSON.stringify(wanted),
      SECRETS: file,
      KUBERNETES_SERVICE_HOST: 'kubernetes',
      KUBERNETES_SERVICE_PORT: '443',
    },
    '--import',
    join(folder, 'cluster.mjs'),
  );
  const requests = log.split('\n').filter((line) => /^[A-Z]{3,} /.test(line));
  return { status, message, requests, secrets: JSON.parse(readFileSync(file, 'utf8')) as Secrets };
}

const own: WantedSecret = { namespace: 'stack', secret: 'own', username: 'admin' };
const copied: WantedSecret = {
  namespace: 'demo',
  secret: 'root',
  username: 'root',
  copy: { namespace: 'stack', secret: 'demo-root' },
};

test.each([
  ['without its settings', {}, /^the environment variable WANTED is not set\n$/],
  [
    'outside a cluster',
    {
      WANTED: JSON.stringify([own]),
      KUBERNETES_SERVICE_HOST: 'kubernetes',
      KUBERNETES_SERVICE_PORT: '443',
    },
    /^ENOENT: .*serviceaccount\/token'\n$/,
  ],
])('%s it says what is missing, in one line, and fails', async (_, environment, expected) => {
  const { status, message } = await run(environment);
  expect(status).toBe(1);
  expect(message).toMatch(expected);
});

test('makes what is not there, each with a password of its own, and copies what is needed twice', async () => {
  const { status, secrets } = await runIn({}, [own, copied]);
  expect(status).toBe(0);
  expect(Object.keys(secrets)).toEqual(['stack/own', 'demo/root', 'stack/demo-root']);
  expect(Buffer.from(secrets['stack/own']?.username ?? '', 'base64').toString()).toBe('admin');
  expect(secrets['demo/root']?.password).not.toBe(secrets['stack/own']?.password);
  expect(secrets['stack/demo-root']).toEqual(secrets['demo/root']);
});

test('leaves what is there as it is, and reads none that is not copied', async () => {
  const { secrets: first } = await runIn({}, [own, copied]);
  const { secrets, requests } = await runIn(first, [own, copied]);
  expect(secrets).toEqual(first);
  expect(requests.filter((request) => request.startsWith('GET'))).toEqual(['GET demo/root']);
});

test('brings a copy to the state of an original that was made anew', async () => {
  const stale = { username: 'cm9vdA==', password: 'c3RhbGU=' };
  const { secrets } = await runIn({ 'stack/demo-root': stale }, [copied]);
  expect(secrets['demo/root']?.password).not.toBe(stale.password);
  expect(secrets['stack/demo-root']).toEqual(secrets['demo/root']);
});

describe("a user of Elasticsearch's", () => {
  const user: WantedSecret = { namespace: 'stack', secret: 'storage', username: 'zipkin', elasticsearchUser: true };

  test('has a line in its file of users, with a hash of the password and not the password', async () => {
    const { secrets } = await runIn({}, [user, own]);
    const { password, users } = decoded(secrets['stack/storage']);
    expect(secrets['stack/own']).not.toHaveProperty('users');
    const [, name, cost, salt, hash] =
      /^(\w+):\{PBKDF2\}(\d+)\$([\w+/=]{44})\$([\w+/=]{44})$/.exec(String(users)) ?? [];
    expect(name).toBe('zipkin');
    const expected = pbkdf2Sync(String(password), Buffer.from(salt ?? '', 'base64'), Number(cost), 32, 'sha512');
    expect(hash).toBe(expected.toString('base64'));
  });
});

describe('a certificate', () => {
  const hosts = ['elasticsearch', '*.elasticsearch-pods.stack.svc'];
  const wanted: WantedSecret = { namespace: 'stack', secret: 'tls', certificate: { hosts } };
  let files: Record<string, Buffer>;
  let server: X509Certificate;
  let authority: X509Certificate;
  beforeAll(async () => {
    const { status, secrets } = await runIn({}, [wanted]);
    expect(status).toBe(0);
    files = decoded(secrets['stack/tls']);
    server = new X509Certificate(fileOf('tls.crt'));
    authority = new X509Certificate(fileOf('ca.crt'));
  });
  const fileOf = (key: string) => files[key] ?? Buffer.alloc(0);

  test('is of its authority, which can sign no other: the key of that is nowhere', () => {
    expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
    expect([server.ca, authority.ca]).toEqual([false, true]);
    expect(Object.keys(files).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key', 'truststore.jks']);
    expect(server.checkPrivateKey(createPrivateKey(fileOf('tls.key')))).toBe(true);
    expect(authority.checkPrivateKey(createPrivateKey(fileOf('tls.key')))).toBe(false);
  });

  test('is of its hosts and of nobody else, for ten years', () => {
    for (const host of ['elasticsearch', 'elasticsearch-2.elasticsearch-pods.stack.svc'])
      expect(server.checkHost(host)).toBeTruthy();
    expect(server.checkIP('127.0.0.1')).toBeTruthy();
    for (const host of ['zipkin', 'elasticsearch.stack.svc']) expect(server.checkHost(host)).toBeUndefined();
    const years = (Date.parse(server.validTo) - Date.now()) / 31_557_600_000;
    expect(Math.round(years * 10) / 10).toBe(10);
    expect(Date.parse(server.validFrom)).toBeLessThan(Date.now());
  });

  test('is not made anew where it is there', async () => {
    const { secrets: first } = await runIn({}, [wanted]);
    const { secrets, requests } = await runIn(first, [wanted]);
    expect(secrets).toEqual(first);
    expect(requests).toEqual(['POST stack/tls']);
  });

  const keytool = findTool('keytool', '-help');
  testWithTool(keytool)('comes with a truststore that Java reads, and that has the authority alone', () => {
    const file = join(folder, 'truststore.jks');
    writeFileSync(file, fileOf('truststore.jks'));
    const list = (password: string) => keytool?.('-list', '-v', '-keystore', file, '-storepass', password);
    expect(list('another')?.output).toContain('password was incorrect');
    const { status, output } = list('changeit') ?? {};
    expect(status).toBe(0);
    expect(output).toContain('Your keystore contains 1 entry');
    expect(output).toContain('trustedCertEntry');
    expect(output).toContain(authority.fingerprint256);
  });
});

/** What a pod finds of a Secret. */
const decoded = (secret: Record<string, string> = {}): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(secret).map(([key, text]) => [key, Buffer.from(text, 'base64')]));

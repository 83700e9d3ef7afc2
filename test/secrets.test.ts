import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../charts/lib/bundle.ts';
import type { WantedSecret } from '../model/wanted-secret.ts';

/** The maker of Secrets as it runs in the cluster, against an API server that is a file. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  writeFileSync(join(folder, 'main.mjs'), bundle('bots/secrets/main.ts', 'node'));
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

type Secrets = Record<string, { username?: string; password?: string }>;

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

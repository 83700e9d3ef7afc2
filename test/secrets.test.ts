import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../charts/lib/bundle.ts';

/** The maker of Secrets as it runs in the cluster, where the cluster is not as it should be. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  writeFileSync(join(folder, 'main.mjs'), bundle('bots/secrets/main.ts', 'node'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(environment: Record<string, string>) {
  const child = spawn(process.execPath, [join(folder, 'main.mjs')], { env: environment });
  let message = '';
  child.stderr.on('data', (chunk: Buffer) => {
    message += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, message };
}

test.each([
  ['without its settings', {}, /^the environment variable WANTED is not set\n$/],
  ['outside a cluster', { WANTED: '[{"secret":"a","username":"b"}]' }, /^ENOENT: .*serviceaccount\/namespace'\n$/],
])('%s it says what is missing, in one line, and fails', async (_, environment, expected) => {
  const { status, message } = await run(environment);
  expect(status).toBe(1);
  expect(message).toMatch(expected);
});

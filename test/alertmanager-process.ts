import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Manifest } from './stack-fixture.ts';
import { commandOf } from './tool.ts';

/** Alertmanager itself, and those whom it tells. */

const portOf = (server: Server) => (server.address() as AddressInfo).port;
const listening = async (server: Server) => once(server.listen(0, '127.0.0.1'), 'listening');

/** What was posted, by path. */
export async function httpReceiver() {
  const posts: { readonly path: string; readonly body: string }[] = [];
  const server = createHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    posts.push({ path: request.url ?? '', body });
    // What Slack answers; the others do not look.
    response.end('ok');
  });
  await listening(server);
  return { url: `http://127.0.0.1:${portOf(server)}`, posts, close: () => server.close() };
}

/** Mails, each as it was sent: a mail server that takes everything. */
export async function mailServer() {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    // A mail ends in a line with a dot, and everything else in a line.
    let ending = '\r\n';
    socket.on('error', () => {});
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      text += chunk;
      for (let at = text.indexOf(ending); at >= 0; at = text.indexOf(ending)) {
        const said = text.slice(0, at);
        text = text.slice(at + ending.length);
        if (ending !== '\r\n') mails.push(said);
        ending = said === 'DATA' ? '\r\n.\r\n' : '\r\n';
        if (said === 'QUIT') socket.end('221 bye\r\n');
        else socket.write(said === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
      }
    });
  });
  await listening(server);
  return { address: `127.0.0.1:${portOf(server)}`, mails, close: () => server.close() };
}

/**
 * Runs Alertmanager in a folder of its own.
 *
 * @param files by their paths in that folder; `alertmanager.yml` is its configuration, in which FOLDER stands for it
 */
export async function alertmanager(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text.replaceAll('FOLDER', folder));
  }
  const free = createServer();
  await listening(free);
  const address = `127.0.0.1:${portOf(free)}`;
  free.close();
  const { command, before } = commandOf('alertmanager');
  const child = spawn(
    command,
    [
      ...before,
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    // In a group of its own, so that what the command may have started ends with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const api = `http://${address}/api/v2/alerts`;
  const close = async () => {
    const ended = child.exitCode === null ? once(child, 'close') : undefined;
    if (ended && child.pid) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (ready?.ok) break;
    if (child.exitCode !== null || tries > 200) {
      await close();
      throw new Error(`Alertmanager did not start:\n${log}`);
    }
    await setTimeout(50);
  }
  return {
    post: async (alerts: readonly object[]) => {
      const headers = { 'Content-Type': 'application/json' };
      const { ok, statusText } = await fetch(api, { method: 'POST', headers, body: JSON.stringify(alerts) });
      if (!ok) throw new Error(statusText);
    },
    alerts: async (): Promise<Manifest[]> => (await (await fetch(api)).json()) as Manifest[],
    log: () => log,
    close,
  };
}

/** Asks again until there is an answer, for ten seconds at most. */
export async function eventually<T>(question: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 10_000; ; ) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error('there was no answer in ten seconds');
    await setTimeout(50);
  }
}

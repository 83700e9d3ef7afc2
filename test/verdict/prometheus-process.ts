import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { commandOf } from '../tool.ts';

/** Runs Prometheus in a folder of its own: it scrapes nothing, and takes what is pushed to it. */
export async function prometheusProcess() {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  writeFileSync(join(folder, 'prometheus.yml'), '{}\n');
  const free = createServer();
  await once(free.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(free.address() as AddressInfo).port}`;
  free.close();
  const { command, before } = commandOf('prometheus');
  const child = spawn(
    command,
    [
      ...before,
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
    ],
    // In a group of its own, so that what the command may have started ends with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const close = async () => {
    const ended = child.exitCode === null ? once(child, 'close') : undefined;
    if (ended && child.pid) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const url = `http://${address}`;
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) return { url, close };
    if (child.exitCode !== null || tries > 400) {
      await close();
      throw new Error(`Prometheus did not start:\n${log}`);
    }
    await setTimeout(50);
  }
}

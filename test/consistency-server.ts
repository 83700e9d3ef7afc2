import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import mysql, { type Connection } from 'mysql2/promise';
import { commandOf } from './tool.ts';

/** A MariaDB of its own, in a folder of its own. */
export interface DatabaseServer {
  readonly address: { readonly host: string; readonly port: number };
  readonly root: Connection;
  close(): Promise<void>;
}

/**
 * Root logs in without a password, from here.
 *
 * @param options that it is started with
 */
export async function databaseServer(...options: string[]): Promise<DatabaseServer> {
  const folder = mkdtempSync(join(tmpdir(), 'loadscope-'));
  const place = ['--no-defaults', `--datadir=${folder}`, `--user=${userInfo().username}`];
  const install = commandOf('mariadb-install-db');
  const { status, stderr } = spawnSync(
    install.command,
    [...install.before, ...place, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`MariaDB could not be set up:\n${stderr}`);
  const { command, before } = commandOf('mariadbd');
  const port = await freePort();
  const child = spawn(
    command,
    [
      ...[...before, ...place, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`],
      ...['--skip-name-resolve', '--performance-schema=ON', '--innodb-buffer-pool-size=64M', '--skip-log-bin'],
      ...options,
    ],
    // In a group of its own, so that what the command may have started ends with it.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk;
  });
  const stop = async () => {
    const ended = child.exitCode === null ? once(child, 'close') : undefined;
    if (ended && child.pid) process.kill(-child.pid, 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  const address = { host: '127.0.0.1', port };
  for (let tries = 0; ; tries++) {
    const root = await mysql.createConnection({ ...address, user: 'root' }).catch(() => undefined);
    if (root)
      return {
        address,
        root,
        close: async () => {
          root.destroy();
          await stop();
        },
      };
    if (child.exitCode !== null || tries > 200) {
      await stop();
      throw new Error(`MariaDB did not start:\n${log}`);
    }
    await setTimeout(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

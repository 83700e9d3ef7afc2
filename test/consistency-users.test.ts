import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Testing } from 'cdk8s';
import mysql, { type Connection } from 'mysql2/promise';
import { MysqlUsersChart } from '../charts/mysql-users.ts';
import { wantedSecrets } from '../charts/secrets.ts';
import { targets } from '../exporters/index.ts';
import { configOf, fullConfig } from './config-fixture.ts';
import { type DatabaseServer, databaseServer } from './consistency-server.ts';
import type { Manifest } from './stack-fixture.ts';
import { commandOf, describeWithTool, findTool } from './tool.ts';

/** The Jobs that make users, as they run in the cluster, on a MariaDB. */

const check = (name: string, database: string) => ({ name, mysql: 'made', database, sql: 'SELECT 1', equals: 1 });
/** `_` is a pattern in a GRANT, `$` is one in a shell, and `$$` in a manifest. */
const databases = ['sh_p', 'a$$b$HOME', 'c-d'];
const config = (names: readonly string[]) => ({ ...fullConfig, consistency: names.map((name) => check(name, name)) });

const propsOf = (written: unknown) => {
  const config = configOf(written);
  return { config, targets: targets(config) };
};

const manifestsOf = (written: unknown): Manifest[] =>
  Testing.synth(new MysqlUsersChart(new App(), 'mysql-users', propsOf(written)));

const jobOf = (manifests: Manifest[], workload: string): Manifest =>
  manifests.find(({ kind, metadata }) => kind === 'Job' && metadata.labels['app.kubernetes.io/name'] === workload);

/** Passwords and names that a shell or SQL could take for their own. */
const nasty = `x'"\`$(id)\\ $HOME;--`;
const secrets: Record<string, Record<string, string>> = {
  'mysql-admin': { username: `admin ${nasty}`, password: `1${nasty}` },
  'mysqld-exporter-made': { username: 'loadscope_exporter', password: `2${nasty}` },
  'mysql-checks-made': { username: 'loadscope_checks', password: `3${nasty}` },
};

test('the Jobs of users have names that there may be', () => {
  const long = 'm'.repeat(40);
  const manifests = manifestsOf({
    mysql: [{ name: long, address: 'm:1', adminSecret: 'a' }],
    consistency: [{ ...check('x', 'y'), mysql: long }],
  });
  expect(jobOf(manifests, `check-user-${long}`).metadata.name.length).toBeLessThanOrEqual(63);
});

test('where no check asks SQL of a server as a user that is made, none is', () => {
  const own = { ...check('x', 'y'), credentialsSecret: 'own' };
  for (const consistency of [[], [own], [{ name: 'p', promql: 'up', equals: 1 }]])
    expect(jobOf(manifestsOf({ ...fullConfig, consistency }), 'check-user-made')).toBeUndefined();
});

test('its Secret is made in the cluster, unless a check brings one', () => {
  const made = { secret: 'mysql-checks-made', username: 'loadscope_checks', namespace: 'loadscope' };
  expect(wantedSecrets(propsOf(config(['a', 'b']))).filter(({ secret }) => secret === made.secret)).toEqual([made]);
  const own = { ...check('x', 'y'), credentialsSecret: 'own' };
  expect(wantedSecrets(propsOf({ ...fullConfig, consistency: [own] }))).toEqual(wantedSecrets(propsOf(fullConfig)));
});

describeWithTool(findTool('mariadbd', '--version') && findTool('mysql', '--version'))('on a server', () => {
  let server: DatabaseServer;
  let bin: string;
  beforeAll(async () => {
    server = await databaseServer();
    const { username, password } = secrets['mysql-admin'] ?? {};
    await server.root.query("CREATE USER ?@'%' IDENTIFIED BY ?", [username, password]);
    await server.root.query("GRANT ALL ON *.* TO ?@'%' WITH GRANT OPTION", [username]);
    for (const database of [...databases, 'shop']) {
      await server.root.query(`CREATE DATABASE ${mysql.escapeId(database)}`);
      await server.root.query(`CREATE TABLE ${mysql.escapeId(database)}.t (id INT)`);
    }
    bin = mkdtempSync(join(tmpdir(), 'loadscope-'));
    const { command, before } = commandOf('mysql');
    writeFileSync(join(bin, 'mysql'), `#!/bin/sh\nexec ${[command, ...before].join(' ')} "$@"\n`);
    chmodSync(join(bin, 'mysql'), 0o755);
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    rmSync(bin, { recursive: true });
  });

  /** Runs a Job with what Kubernetes would put into its environment. */
  function runJob(manifests: Manifest[], workload: string): void {
    const [{ command, env }] = jobOf(manifests, workload).spec.template.spec.containers;
    const environment = Object.fromEntries(
      env.map(({ name, value, valueFrom }: Manifest) => [
        name,
        valueFrom
          ? secrets[valueFrom.secretKeyRef.name]?.[valueFrom.secretKeyRef.key]
          : String(value).replaceAll('$$', () => '$'),
      ]),
    );
    const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
      encoding: 'utf8',
      env: {
        ...environment,
        ADDRESS: `${server.address.host}:${server.address.port}`,
        PATH: `${bin}:${process.env.PATH}`,
        HOME: '/nowhere',
      },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^user loadscope_\w+ is ready on 127\.0\.0\.1:\d+\n$/);
  }

  const grants = async (user: string) => {
    const [rows] = (await server.root.query("SHOW GRANTS FOR ?@'%'", [user])) as unknown as [Record<string, string>[]];
    return rows.map((row) => Object.values(row)[0]?.replace(/ TO `.*$/, '')).sort();
  };

  const as = async (name: string, work: (connection: Connection) => Promise<unknown>) => {
    const { username: user, password } = secrets[name] ?? {};
    const connection = await mysql.createConnection({ ...server.address, user, password });
    try {
      return await work(connection);
    } finally {
      connection.destroy();
    }
  };

  test('the user of the checks may read their databases and nothing else', async () => {
    runJob(manifestsOf(config(databases)), 'check-user-made');
    expect(await grants('loadscope_checks')).toEqual([
      'GRANT SELECT ON `a$$b$HOME`.*',
      'GRANT SELECT ON `c-d`.*',
      'GRANT SELECT ON `sh\\_p`.*',
      'GRANT USAGE ON *.*',
    ]);
    await as('mysql-checks-made', async (connection) => {
      for (const database of databases) await connection.query(`SELECT * FROM ${mysql.escapeId(database)}.t`);
      await expect(connection.query('SELECT * FROM shop.t')).rejects.toThrow('denied');
      await expect(connection.query('SELECT * FROM mysql.user')).rejects.toThrow('denied');
      await expect(connection.query('INSERT INTO `c-d`.t VALUES (1)')).rejects.toThrow('denied');
    });
  });

  test('it has three connections at most', async () => {
    await as('mysql-checks-made', () =>
      as('mysql-checks-made', () =>
        as('mysql-checks-made', () =>
          expect(as('mysql-checks-made', async () => {})).rejects.toThrow('max_user_connections'),
        ),
      ),
    );
  });

  test('a database that no check asks any more is taken from it, and its password is brought to the Secret', async () => {
    secrets['mysql-checks-made'] = { username: 'loadscope_checks', password: 'another' };
    runJob(manifestsOf(config(['c-d'])), 'check-user-made');
    expect(await grants('loadscope_checks')).toEqual(['GRANT SELECT ON `c-d`.*', 'GRANT USAGE ON *.*']);
    await as('mysql-checks-made', (connection) => connection.query('SELECT * FROM `c-d`.t'));
  });

  test('the user of the exporter may read what it reports', async () => {
    for (const _ of ['made', 'made again']) runJob(manifestsOf(fullConfig), 'mysql-user-made');
    expect(await grants('loadscope_exporter')).toEqual([
      'GRANT PROCESS, BINLOG MONITOR, SLAVE MONITOR ON *.*',
      'GRANT SELECT ON `performance_schema`.*',
    ]);
    await as('mysqld-exporter-made', (connection) => connection.query('SHOW SLAVE STATUS'));
  });
});

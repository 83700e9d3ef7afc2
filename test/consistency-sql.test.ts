import { setTimeout } from 'node:timers/promises';
import type { ConsistencyCheck } from '../model/consistency.ts';
import { type CheckedRun, type CheckOptions, checkConsistency } from '../runs/consistency.ts';
import type { CheckResult } from '../verdict/checks.ts';
import { caFile } from './cli/prometheus-server.ts';
import { type DatabaseServer, databaseServer } from './consistency-server.ts';
import { describeWithTool, findTool } from './tool.ts';

/** Checks that are asked in SQL, of a MariaDB. */

const password = 'p$ss\'w"rd';

const run = (databases: CheckedRun['databases']): CheckedRun => ({
  testid: 'run-1',
  loadTest: 'browse',
  service: 'shop',
  range: { start: 1000, end: 1030.2 },
  databases,
  environment: { NAME: 'reader', PASSWORD: password },
  prometheus: { instant: () => Promise.reject(new Error('nothing is asked of Prometheus')) },
});

const once: CheckOptions = { patience: 0 };
const said = ([result]: readonly CheckResult[]) => `${result?.state}: ${result?.text}`;

describeWithTool(findTool('mariadbd', '--version'))('of a database', () => {
  let server: DatabaseServer;
  beforeAll(async () => {
    const file = caFile.replace(/crt$/, '');
    server = await databaseServer(`--ssl-cert=${file}crt`, `--ssl-key=${file}key`, '--require-secure-transport=OFF');
    const { root } = server;
    await root.query('CREATE DATABASE `my-shop`');
    await root.query('CREATE TABLE `my-shop`.orders (id VARCHAR(64) PRIMARY KEY)');
    await root.query("INSERT INTO `my-shop`.orders VALUES ('run-1-1-1'), ('run-1-1-2'), ('run-2-1-1')");
    await root.query("CREATE USER reader@'%' IDENTIFIED BY ? REQUIRE SSL", [password]);
    await root.query("GRANT ALL ON `my-shop`.* TO reader@'%'");
  }, 60_000);
  afterAll(() => server?.close());

  const databases = (key = 'shop'): CheckedRun['databases'] => ({
    [key]: { address: server.address, userVariable: 'NAME', passwordVariable: 'PASSWORD' },
  });
  const sqlCheck = (sql: string, parts: Partial<ConsistencyCheck> = {}) =>
    ({
      ...{ name: 'it', mysql: 'shop', database: 'my-shop', value: { sql }, comparison: 'equals', bound: { number: 2 } },
      ...parts,
    }) as ConsistencyCheck;
  const asked = async (sql: string, parts: Partial<ConsistencyCheck> = {}, changes: Partial<CheckedRun> = {}) =>
    said(
      await checkConsistency([sqlCheck(sql, parts)], { ...run(databases()), ...changes }, { ...once, statement: 1 }),
    );

  test.each([
    ['in a pattern', "SELECT COUNT(*) FROM orders WHERE id LIKE '$testid-%'"],
    ['in a pattern of one character', "SELECT COUNT(*) FROM orders WHERE id LIKE '$testid_%'"],
    ['in double quotes', 'SELECT COUNT(*) FROM orders WHERE id LIKE "$testid-%"'],
    ['by itself', "SELECT COUNT(*) FROM orders WHERE id LIKE CONCAT($testid, '-%')"],
    [
      'beside quotes that are escaped',
      "SELECT COUNT(*) FROM orders WHERE id LIKE '$testid-%' AND '\\'$testid' = '''run-1'",
    ],
    ['in a comment', "SELECT COUNT(*) /* it's $testid */ FROM orders WHERE id LIKE CONCAT($testid, '-%') -- it's\n"],
    [
      'beside other dollars',
      "SELECT COUNT(*) FROM orders WHERE id LIKE '$testid-%' AND JSON_VALUE('{\"a\":\"$$\"}', '$.a') = '$$'",
    ],
  ])('the id of the run %s', async (_, sql) => {
    expect(await asked(sql)).toBe('held: 2 equals 2');
  });

  test.each([
    ['whole numbers', 'SELECT 2', 'held: 2 equals 2'],
    ['decimal numbers', "SELECT CAST('2.00' AS DECIMAL(10, 2))", 'held: 2 equals 2'],
    ['sums', 'SELECT SUM(2) FROM (SELECT 1) a', 'held: 2 equals 2'],
    ['floating numbers', 'SELECT 4e0 / 2', 'held: 2 equals 2'],
    ['negative numbers', 'SELECT -2', 'broken: -2, which should equal 2'],
    [
      'large numbers',
      'SELECT 9007199254740993',
      'unknown: cannot be asked: 9007199254740992 is too large to be compared exactly',
    ],
    ['no row', 'SELECT id FROM orders WHERE 1 = 0', 'unknown: cannot be asked: its SQL answers no row'],
    ['rows', 'SELECT 1 FROM orders', 'unknown: cannot be asked: its SQL answers more than one row'],
    [
      'rows without end',
      'SELECT seq FROM seq_1_to_1000000000',
      'unknown: cannot be asked: its SQL answers more than one row',
    ],
    ['columns', 'SELECT 1, 2', 'unknown: cannot be asked: its SQL answers 2 columns, not one'],
    [
      'nothing',
      'SELECT SUM(1) FROM orders WHERE 1 = 0',
      'unknown: cannot be asked: its SQL answers NULL; COALESCE(..., 0) is 0 in its place',
    ],
    ['text', "SELECT '2'", 'unknown: cannot be asked: its SQL answers what is no number'],
  ])('%s', async (_, sql, expected) => {
    expect(await asked(sql)).toBe(expected);
  });

  test('what takes too long is ended by the server', async () => {
    expect(await asked('SELECT SLEEP(20)')).toBe('unknown: cannot be asked: it takes longer than 1 s');
    const [sleeping] = await server.root.query("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'reader'");
    expect(sleeping).toEqual([]);
  });

  test('mistakes of SQL are told', async () => {
    expect(await asked('SELECT COUNT(*) FROM ordrs')).toBe(
      "unknown: cannot be asked: ER_NO_SUCH_TABLE: Table 'my-shop.ordrs' doesn't exist",
    );
    expect(await asked('SELECT 1; SELECT 2')).toMatch(/^unknown: cannot be asked: ER_PARSE_ERROR: /);
  });

  test.each(["INSERT INTO orders VALUES ('x')", 'DELETE FROM orders', 'WITH a AS (SELECT 1) DELETE FROM orders'])(
    'nothing is changed, even where its user may: %s',
    async (sql) => {
      expect(await asked(sql)).toMatch(
        /^unknown: cannot be asked: ER_(CANT_EXECUTE_IN_READ_ONLY_TRANSACTION|PARSE_ERROR)/,
      );
      expect(await asked('SELECT COUNT(*) FROM orders', { bound: { number: 3 } })).toBe('held: 3 equals 3');
    },
  );

  test('both numbers of a check are of the same moment', async () => {
    const slow = sqlCheck('SELECT COUNT(*) + SLEEP(0.5) FROM orders', {
      bound: { sql: 'SELECT COUNT(*) FROM orders' },
    });
    const answer = checkConsistency([slow], run(databases()), once);
    await setTimeout(250);
    await server.root.query("INSERT INTO `my-shop`.orders VALUES ('run-3-1-1')");
    try {
      expect(said(await answer)).toBe('held: 3 equals 3');
    } finally {
      await server.root.query("DELETE FROM `my-shop`.orders WHERE id = 'run-3-1-1'");
    }
  });

  test('each try looks anew, and finds what came late', async () => {
    const count = sqlCheck('SELECT COUNT(*) FROM orders', { bound: { number: 4 } });
    const answer = checkConsistency([count], run(databases()), { patience: 5, pause: 0.1 });
    await setTimeout(300);
    await server.root.query("INSERT INTO `my-shop`.orders VALUES ('run-3-1-1')");
    try {
      expect(said(await answer)).toBe('held: 4 equals 4');
    } finally {
      await server.root.query("DELETE FROM `my-shop`.orders WHERE id = 'run-3-1-1'");
    }
  });

  test('a server has one connection of them, however many checks there are', async () => {
    const connections = async () => {
      const [[row]] = (await server.root.query(
        "SELECT VARIABLE_VALUE AS n FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'CONNECTIONS'",
      )) as unknown as [[{ n: string }]];
      return Number(row.n);
    };
    const before = await connections();
    const results = await checkConsistency(
      Array.from({ length: 10 }, () => sqlCheck('SELECT 2')),
      run(databases()),
      once,
    );
    expect(results).toHaveLength(10);
    expect((await connections()) - before).toBe(1);
  });

  test('two users of a server are told apart', async () => {
    const own = { credentialsSecret: 'other' };
    expect(await asked('SELECT 2', own)).toBe('unknown: cannot be asked: no account is known for it');
    expect(await asked('SELECT 2', own, { databases: databases('shop/other') })).toBe('held: 2 equals 2');
  });

  test('what is not reached, or lets nobody in, is unknown; no password is told', async () => {
    const closed = {
      shop: { ...databases().shop, address: { host: '127.0.0.1', port: 1 } },
    } as CheckedRun['databases'];
    expect(await asked('SELECT 2', {}, { databases: closed })).toMatch(/^unknown: cannot be asked: .*ECONNREFUSED/);
    const wrong = await asked('SELECT 2', {}, { environment: { NAME: 'reader', PASSWORD: 'wrong' } });
    expect(wrong).toMatch(/^unknown: cannot be asked: ER_ACCESS_DENIED_ERROR: Access denied for user 'reader'@/);
    const repeated = await asked(`SELECT \`wrong-${password.replaceAll('`', '')}`);
    expect(repeated).not.toContain(password);
    expect(await asked('SELECT 2', {}, { environment: { NAME: 'reader' } })).toBe(
      'unknown: cannot be asked: the environment variable PASSWORD is not set',
    );
    expect(await asked('SELECT 2', { database: 'mysql' })).toMatch(
      /^unknown: cannot be asked: ER_DBACCESS_DENIED_ERROR/,
    );
  });

  test('a connection that breaks is made again', async () => {
    const kill = async () => {
      await setTimeout(200);
      const [rows] = (await server.root.query(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'reader'",
      )) as unknown as [{ ID: number }[]];
      for (const { ID } of rows) await server.root.query(`KILL ${ID}`);
    };
    const slow = sqlCheck('SELECT 2 + SLEEP(0.5)');
    const [answer] = await Promise.all([
      checkConsistency([slow], run(databases()), { patience: 10, pause: 0.1 }),
      kill(),
    ]);
    expect(said(answer)).toBe('held: 2 equals 2');
  });
});

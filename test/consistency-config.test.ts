import { contractMistakes } from '../contract/index.ts';
import { targets } from '../exporters/index.ts';
import { consistencyQuestions } from '../model/consistency.ts';
import { checkAccounts } from '../model/consistency-account.ts';
import { consistencyMistakes } from '../synth/consistency-mistakes.ts';
import { configOf, fullConfig } from './config-fixture.ts';
import { mistakes } from './config-mistakes.ts';

/** What a config may say of consistency, and what follows from it. */

const sql = { mysql: 'made', database: 'shop', sql: 'SELECT COUNT(*) FROM orders' };
const checksOf = (...checks: object[]) =>
  configOf({ ...fullConfig, consistency: checks.map((check, index) => ({ name: `check ${index}`, ...check })) });

test('a number, and what it has to be', () => {
  const { consistency } = checksOf(
    { ...sql, equals: 0 },
    { ...sql, atLeast: { promql: 'sum(x)' } },
    { promql: 'sum(x)', atMost: { sql: sql.sql }, mysql: 'made', database: 'shop', loadTests: ['browse'] },
  );
  const ofShop = { mysql: 'made', database: 'shop' };
  const counted = { sql: sql.sql };
  expect(consistency).toEqual([
    { name: 'check 0', ...ofShop, value: counted, comparison: 'equals', bound: { number: 0 } },
    { name: 'check 1', ...ofShop, value: counted, comparison: 'atLeast', bound: { promql: 'sum(x)' } },
    {
      name: 'check 2',
      ...ofShop,
      loadTests: ['browse'],
      value: { promql: 'sum(x)' },
      comparison: 'atMost',
      bound: counted,
    },
  ]);
  expect(consistencyQuestions(consistency)).toEqual([
    { budget: 'check 1', job: 'consistency', expr: 'sum(x)' },
    { budget: 'check 2', job: 'consistency', expr: 'sum(x)' },
  ]);
});

test.each([
  ['{name: x, equals: 1}', 'sql: is needed, or promql in its place; one of both'],
  ['{name: x, sql: SELECT 1, promql: up, mysql: m, database: d, equals: 1}', 'sql: is needed, or promql'],
  ['{name: x, promql: up}', 'equals: is needed, or atLeast or atMost in its place; one of the three'],
  ['{name: x, promql: up, equals: 1, atMost: 2}', 'equals: is needed, or atLeast or atMost'],
  ['{name: x, sql: SELECT 1, database: d, equals: 1}', 'mysql: is required where sql is asked'],
  ['{name: x, promql: up, equals: {sql: SELECT 1}, mysql: m}', 'database: is required where sql is asked'],
  ['{name: x, promql: up, equals: 1, mysql: m}', 'mysql: is for sql, and this check asks none'],
  ['{name: x, promql: up, equals: 1, credentialsSecret: s}', 'credentialsSecret: is for sql, and this check asks none'],
  ['{name: x, promql: up, equals: lots}', 'equals: must be a number, { sql: SELECT ... } or { promql: ... }'],
  ['{name: x, sql: "DELETE FROM t", mysql: m, database: d, equals: 1}', 'sql: must be one SELECT, without a ";"'],
  ['{name: x, sql: "SELECT 1; DELETE FROM t", mysql: m, database: d, equals: 1}', 'sql: must be one SELECT'],
  ['{name: x, sql: SELECT 1, mysql: m, database: "a`b", equals: 1}', 'database: must be the name of a database'],
])('%s is a mistake', (check, message) => {
  const lines = mistakes(`consistency:\n  - ${check}\n`);
  expect(lines.join('\n')).toContain(`consistency[0].${message}`);
  expect(lines.filter((line) => line.includes('consistency['))).toHaveLength(1);
});

test.each<[object, string[]]>([
  [{ ...sql, equals: 0, loadTests: ['browse'] }, []],
  [{ ...sql, mysql: 'given', credentialsSecret: 'own', equals: 0 }, []],
  [{ promql: 'up', equals: 0 }, []],
  [
    { ...sql, mysql: 'main', equals: 0 },
    ['consistency: "check 0": mysql: "main" is not the name of any of mysql: made, given'],
  ],
  [
    { ...sql, mysql: 'given', equals: 0 },
    [
      'consistency: "check 0": credentialsSecret: is required, because "given" has no adminSecret, with which a user would be made',
    ],
  ],
  [
    { ...sql, mysql: 'main', loadTests: ['brows', 'browse', 'x'], equals: 0 },
    [
      'consistency: "check 0": loadTests: "brows" is not the name of any of loadTests: browse',
      'consistency: "check 0": loadTests: "x" is not the name of any of loadTests: browse',
      'consistency: "check 0": mysql: "main" is not the name of any of mysql: made, given',
    ],
  ],
])('mistakes of %j', (check, expected) => {
  expect(consistencyMistakes(checksOf(check))).toEqual(expected);
});

test('mistakes where there is nothing to name', () => {
  const { consistency } = checksOf({ ...sql, loadTests: ['a'], equals: 0 });
  expect(consistencyMistakes({ consistency, mysql: [], loadTests: [] })).toEqual([
    'consistency: "check 0": loadTests: "a" is not the name of any of loadTests: there is none',
    'consistency: "check 0": mysql: "made" is not the name of any of mysql: there is none',
  ]);
});

test('an account for each server, and for each Secret of one', () => {
  const own = { ...sql, credentialsSecret: 'orders.reader', equals: 0 };
  const accounts = checkAccounts(
    checksOf(
      { ...sql, equals: 0 },
      { promql: 'up', equals: 0 },
      { ...sql, database: 'coupons', equals: 0 },
      { ...sql, equals: 1 },
      own,
      { ...own, credentialsSecret: 'orders-reader' },
      { ...own, mysql: 'given' },
      { ...sql, mysql: 'nobody', equals: 0 },
      { ...sql, mysql: 'given', equals: 0 },
    ),
  );
  const made = { instance: 'made', address: 'mysql.data.svc.cluster.local:3306' };
  const variables = (number: number) => ({
    userVariable: `DATABASE_${number}_USERNAME`,
    passwordVariable: `DATABASE_${number}_PASSWORD`,
  });
  expect(accounts).toEqual([
    {
      key: 'made',
      ...made,
      secret: 'mysql-checks-made',
      adminSecret: 'mysql-admin',
      databases: ['shop', 'coupons'],
      ...variables(1),
    },
    { key: 'made/orders.reader', ...made, secret: 'orders.reader', databases: ['shop'], ...variables(2) },
    { key: 'made/orders-reader', ...made, secret: 'orders-reader', databases: ['shop'], ...variables(3) },
    {
      key: 'given/orders.reader',
      instance: 'given',
      address: 'db.example.com:3307',
      secret: 'orders.reader',
      databases: ['shop'],
      ...variables(4),
    },
  ]);
});

test('what checks ask of Prometheus is held against the metric contract', () => {
  const config = checksOf({ promql: 'sum(redis_keyspace_missed_total)', equals: 0 });
  expect(contractMistakes(targets(config), [], { groups: [] }, consistencyQuestions(config.consistency))).toEqual([
    expect.stringContaining('redis_keyspace_misses_total'),
  ]);
});

import { Prometheus } from '../clients/prometheus.ts';
import type { ConsistencyCheck } from '../model/consistency.ts';
import { type CheckedRun, type CheckOptions, checkConsistency } from '../runs/consistency.ts';
import type { CheckResult } from '../verdict/checks.ts';
import { fail, PrometheusServer, type Scene } from './cli/prometheus-server.ts';

/** Checks of what a Prometheus says, and what becomes of checks. */

let prometheus: PrometheusServer;
let client: Prometheus;
beforeAll(async () => {
  prometheus = await new PrometheusServer().start();
  client = new Prometheus({ url: new URL(`${prometheus.url}/`), headers: {}, timeout: 5, secrets: [] });
});
afterAll(async () => {
  await client.close();
  await prometheus.stop();
});

const run = (): CheckedRun => ({
  testid: 'run-1',
  loadTest: 'browse',
  service: 'shop',
  range: { start: 1000, end: 1030.2 },
  databases: {},
  environment: {},
  prometheus: client,
});

const check = (parts: Partial<ConsistencyCheck>): ConsistencyCheck => ({
  name: 'it',
  value: { number: 1 },
  comparison: 'equals',
  bound: { number: 1 },
  ...parts,
});

const once: CheckOptions = { patience: 0 };
const said = ([result]: readonly CheckResult[]) => `${result?.state}: ${result?.text}`;

const asked = async (promql: string, scene: Scene, parts: Partial<ConsistencyCheck> = {}) => {
  prometheus.scene = scene;
  prometheus.asked.length = 0;
  return said(await checkConsistency([check({ value: { promql }, bound: { number: 1000 }, ...parts })], run(), once));
};

test('one number at the end of the run, of the run', async () => {
  const query = 'sum(x{testid="$testid",service="$service"}[$__range] / $__range_s)';
  expect(await asked(query, { series: () => [{ value: '1000' }] })).toBe('held: 1000 equals 1000');
  expect(prometheus.asked[0]?.parameters).toEqual({
    query: 'sum(x{testid="run-1",service="shop"}[48s] / 31)',
    time: '1045.2',
  });
});

test.each<[string, Scene, string]>([
  ['another number', { series: () => [{ value: '998' }] }, 'broken: 998, which should equal 1000'],
  [
    'no sample, which is not 0',
    { series: () => [] },
    'unknown: cannot be asked: Prometheus has no sample of it; where none means none of it, write "or vector(0)"',
  ],
  [
    'several series',
    { series: () => [{ a: '1' }, { a: '2' }] },
    'unknown: cannot be asked: Prometheus has 2 series of it, not one: sum them up',
  ],
  [
    'what is no number',
    { series: () => [{ value: 'NaN' }] },
    'unknown: cannot be asked: Prometheus has NaN of it, no number',
  ],
  [
    'a number that has no neighbours',
    { series: () => [{ value: '1e+16' }] },
    'unknown: cannot be asked: 10000000000000000 is too large to be compared exactly',
  ],
  [
    'a refusal',
    {
      instead: (_, response) => {
        fail(response, 400, 'bad_data', 'parse error');
        return true;
      },
    },
    'unknown: cannot be asked: HTTP 400: parse error',
  ],
])('%s', async (_, scene, expected) => {
  expect(await asked('x', scene)).toBe(expected);
});

test.each<[ConsistencyCheck['comparison'], number, string]>([
  ['atLeast', 999, 'held: 1000 is at least 999'],
  ['atLeast', 1000, 'held: 1000 is at least 1000'],
  ['atLeast', 1001, 'broken: 1000, which should be at least 1001'],
  ['atMost', 1001, 'held: 1000 is at most 1001'],
  ['atMost', 1000, 'held: 1000 is at most 1000'],
  ['atMost', 999, 'broken: 1000, which should be at most 999'],
  ['equals', 1000.5, 'broken: 1000, which should equal 1000.5'],
])('%s %d', async (comparison, number, expected) => {
  expect(await asked('x', { series: () => [{ value: '1000' }] }, { comparison, bound: { number } })).toBe(expected);
});

test('another query as the bound', async () => {
  const series = (query: string) => [{ value: query === 'x' ? '7' : '8' }];
  expect(await asked('x', { series }, { bound: { promql: 'y' } })).toBe('broken: 7, which should equal 8');
});

test('tries again until it holds', async () => {
  let value = 0;
  prometheus.scene = { series: () => [{ value: String(value++) }] };
  const checks = [check({ value: { promql: 'x' }, bound: { number: 2 } })];
  expect(await checkConsistency(checks, run(), { patience: 5, pause: 0.01 })).toEqual([
    { name: 'it', state: 'held', text: '2 equals 2' },
  ]);
});

test('ends when patience does, with what was last', async () => {
  let value = 0;
  prometheus.scene = { series: () => [{ value: String(value++) }] };
  const began = Date.now();
  const checks = [check({ value: { promql: 'x' }, bound: { number: -1 } })];
  const [result] = await checkConsistency(checks, run(), { patience: 0.3, pause: 0.05 });
  expect(Date.now() - began).toBeLessThan(1000);
  expect(result).toEqual({ name: 'it', state: 'broken', text: `${value - 1}, which should equal -1` });
  expect(value).toBeGreaterThan(2);
});

test('those that are about the load test, in order', async () => {
  prometheus.scene = {};
  const checks = [
    check({ name: 'all', value: { promql: 'x' } }),
    check({ name: 'other', loadTests: ['search'] }),
    check({ name: 'this', loadTests: ['search', 'browse'], mysql: 'nobody', value: { sql: 'SELECT 1' } }),
    check({ name: 'last', value: { promql: 'x' } }),
  ];
  const results = await checkConsistency(checks, run(), once);
  expect(results.map(({ name, state }) => `${name} ${state}`)).toEqual(['all held', 'this unknown', 'last held']);
});

test('an id that is none is not put into anything', async () => {
  await expect(checkConsistency([], { ...run(), testid: "a' OR 1" }, once)).rejects.toThrow('the id of a run must be');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { verdict as verdictCommand } from '../../cli/verdict.ts';
import { inProcess, loadscope } from './loadscope.ts';
import { PrometheusServer, type SeriesOf } from './prometheus-server.ts';

/** The command, against a server that plays Prometheus: when a run passes, fails, and says nothing. */

const config = {
  services: [
    { name: 'shop', namespace: 'shop', port: 8080 },
    { name: 'auth', namespace: 'shop', port: 8080 },
  ],
  loadTests: [
    { name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop' },
    { name: 'posts', scenario: 'blog-read', service: 'auth', url: 'http://auth.shop' },
  ],
  budgets: [
    { indicator: 'p95', bound: '300ms', endpoint: 'product_list' },
    { indicator: 'p99', bound: '1s', endpoint: 'post_list' },
    { indicator: 'p99', bound: '2s', service: 'auth' },
  ],
};

let folder: string;
let server: PrometheusServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-verdict-'));
  writeFileSync(join(folder, 'loadscope.yaml'), stringify(config));
  server = await new PrometheusServer().start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

type Answers = readonly (readonly [query: RegExp, series: readonly SeriesOf[]])[];

/** A run of 90 s, in which every budget holds. */
const good: Answers = [
  [/^k6_vus\{.*\}$/, []],
  [/^kafka_bot_target_rate/, []],
  // As it is stored: the last sample comes after the last look.
  [/^k6_vus\{.*\[20s\]$/, []],
  [/^min\(min_over_time\(timestamp/, [{ value: '1700000010' }]],
  [/^max\(max_over_time\(timestamp/, [{ value: '1700000100' }]],
  [/^group by \(service\)/, [{ service: 'shop' }]],
  [/^group by \(scenario\)/, [{ scenario: 'browse_first' }, { scenario: 'browse_second' }]],
  // What there is to doubt, and checks that failed.
  [/^group by \(reason\)|> (1|10|80)$|>= 2$|code!~"2/, []],
  [/k6_checks_rate/, [{ check: 'product_list answers 200', value: '0.99' } as SeriesOf]],
  [/^histogram_quantile\(0.95, sum by \(testid, service, name\)/, [{ value: '0.25' }]],
  [/^histogram_(avg|quantile)|_bucket|_seconds_sum/, [{ value: '0.2' }]],
  [/expected_response="false"|SERVER_ERROR/, [{ value: '0' }]],
  [/k6_http_reqs_total/, [{ value: '120' }]],
  [/^max_over_time/, [{ value: '0.1' }]],
];

function scene(answers: Answers): void {
  server.asked.length = 0;
  server.scene = {
    series: (query) => [...answers, ...good].find(([pattern]) => pattern.test(query))?.[1],
    labels: (label) => (label === 'testid' ? ['browse-1', 'browse-2'] : undefined),
  };
}

const asked = (...args: string[]) => {
  const file = join(folder, 'loadscope.yaml');
  return ['verdict', '--prometheus', server.url, '--config', file, '--testid', 'browse-1', ...args];
};

function verdict(answers: Answers, ...args: string[]) {
  scene(answers);
  return inProcess(verdictCommand, asked(...args));
}

/** The same as a process. */
function verdictOfProcess(answers: Answers, ...args: string[]) {
  scene(answers);
  return loadscope(asked(...args));
}

// Of availability good is the share that is left; failures are none.
const available: Answers = [[/^1 - .*SERVER_ERROR/s, [{ value: '1' }]]];

test('a run in which every budget holds passes', async () => {
  const { status, stdout } = await verdictOfProcess(available);
  expect(stdout).toMatch(/^Run browse-1: 2023-11-14T22:13:30.000Z to 2023-11-14T22:15:00.000Z, 90 s\n/);
  expect(stdout).toMatch(/\n {2}held +critical +p95 of endpoint product_list below 300ms +k6 +250ms\n/);
  expect(stdout).toMatch(/\nverdict: pass\n$/);
  expect(status).toBe(0);
});

test('the questions are about the whole run, asked once its last samples are there', async () => {
  await verdict(available);
  const sent = server.asked.filter(({ parameters: { query } }) => query?.startsWith('histogram_quantile'));
  expect(sent.map(({ parameters: { query } }) => query)).toContain(
    'histogram_quantile(0.95, sum by (testid, service, name) (last_over_time(k6_http_req_duration_seconds{scenario!="",testid="browse-1",name="product_list"}[107s])))',
  );
  for (const { parameters } of sent) expect(parameters.time).toBe('1700000115');
  expect(server.queries.filter((query) => query.includes('$'))).toEqual([]);
});

test('what is narrowed to another service, or to what its scenario does not send, is not asked of load generators', async () => {
  const { stdout } = await verdict(available);
  expect(stdout).toContain('p95 of endpoint product_list');
  expect(stdout).not.toContain('post_list');
  expect(stdout.match(/ p99 of service auth .*/g)).toEqual([expect.stringMatching(/ below 2s +service /)]);
});

test('a check of the scenario that fails too often fails it', async () => {
  const { status, stdout } = await verdict([
    ...available,
    [
      /k6_checks_rate/,
      [{ check: 'is a list', value: '0.93' } as SeriesOf, { check: 'answers', value: '1' } as SeriesOf],
    ],
  ]);
  expect(stdout).toMatch(/\nverdict: fail: check "is a list" passed in 93 %\n$/);
  expect(status).toBe(1);
});

test('a critical budget that is broken fails it, by the worst of its values', async () => {
  const { status, stdout } = await verdictOfProcess([
    ...available,
    [/^histogram_quantile\(0.95, sum by \(testid, service, name\)/, [{ value: '0.1' }, { value: '0.31' }]],
  ]);
  expect(stdout).toMatch(/\n {2}broken +critical +p95 of endpoint product_list below 300ms +k6 +310ms/);
  expect(stdout).toMatch(/\nverdict: fail: p95 of endpoint product_list by k6\n$/);
  expect(status).toBe(1);
});

test('a value at the bound holds, and a budget that warns fails nothing', async () => {
  const { status, stdout } = await verdict([
    ...available,
    [/^histogram_quantile\(0.95, sum by \(testid, service, name\)/, [{ value: '0.3' }]],
    [/^sum by \(testid, service\) \(last_over_time\(k6_http_reqs_total/, [{ value: '12' }]],
  ]);
  expect(stdout).toMatch(/\n {2}broken +warning +throughput above 100\/s +k6 +12\/s/);
  expect(stdout).toMatch(/\nverdict: pass\n$/);
  expect(status).toBe(0);
});

describe('invalid is a run', () => {
  test.each<[string, Answers, RegExp]>([
    [
      'of which nothing was measured',
      [[/^histogram_quantile\(0.95, sum by \(testid, service, name\)/, []]],
      /nothing was measured for p95 of endpoint product_list by k6/,
    ],
    [
      'whose figure is none',
      [[/^histogram_quantile\(0.95, sum by \(testid, service, name\)/, [{ value: 'NaN' }]]],
      /nothing was measured for p95 of endpoint product_list by k6/,
    ],
    [
      'whose generator was at its limit',
      [[/^group by \(reason\)/, [{ reason: 'LoadGeneratorSaturated' }]]],
      /the alert LoadTestInvalid fired during the run because of LoadGeneratorSaturated: /,
    ],
    [
      'whose service was away',
      [[/up\{job="service",service="shop"\}/, [{ value: '3' }]]],
      /no pod of service shop answered Prometheus in 3 scrapes of the run/,
    ],
    [
      'one of whose runners was stopped',
      [
        [
          /throttled_periods_total\{namespace="loadscope",pod=~"browse-1-load-/,
          [{ pod: 'browse-1-load-7-abcde', value: '23.4' } as SeriesOf],
        ],
      ],
      /runner browse-1-load-7-abcde was stopped by its CPU limit in 23.4 % of the periods/,
    ],
  ])('%s, also where a budget is broken', async (_, answers, reason) => {
    const broken: Answers = [[/^histogram_avg/, [{ value: '9' }]]];
    const { status, stdout } = await verdict([...answers, ...available, ...broken]);
    expect(stdout).toMatch(/\nverdict: invalid: /);
    expect(stdout).toMatch(reason);
    expect(status).toBe(2);
  });

  test('that there is not, or that is not over: one line says which', async () => {
    const none = await verdictOfProcess([[/_over_time\(timestamp/, []]]);
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toMatch(/^error: --testid browse-1: invalid, .* It has: browse-1, browse-2\.\n$/);
    const running = await verdict([[/^k6_vus\{.*\}$/, [{ testid: 'browse-1' }]]]);
    expect(running).toMatchObject({ status: 2, stdout: '' });
    expect(running.stderr).toMatch(/^error: --testid browse-1: is not over yet\..*\n$/);
  });
});

test('the document of --json', async () => {
  const { status, stdout } = await verdict(available, '--json');
  const { budgets, ...rest } = JSON.parse(stdout);
  expect(rest).toEqual({
    version: 1,
    testid: 'browse-1',
    service: 'shop',
    scenario: 'browse',
    start: '2023-11-14T22:13:30.000Z',
    end: '2023-11-14T22:15:00.000Z',
    verdict: 'pass',
    reasons: [],
    checks: [],
    runners: null,
  });
  expect(budgets).toContainEqual({
    budget: 'p95 of endpoint product_list',
    job: 'k6',
    indicator: 'p95',
    severity: 'critical',
    good: 'below',
    bound: 0.3,
    value: 0.25,
    used: 0.25 / 0.3,
    labels: {},
    state: 'held',
  });
  expect(status).toBe(0);
});

test('the Markdown of --markdown', async () => {
  const { status, stdout } = await verdict(available, '--markdown');
  expect(stdout).toMatch(/^## Load test `browse-1`: pass\n/);
  expect(stdout).toContain('\n| p95 of endpoint product_list | k6 | 250ms | ≤ 300ms | 83 % | held |\n');
  expect(status).toBe(0);
  expect((await verdictOfProcess(available, '--markdown', '--json')).status).toBe(2);
});

test('a name that is no Job, a server that is not there', async () => {
  const bad = await verdict([], '--testid', 'a"} or vector(1)');
  expect(bad).toMatchObject({ status: 2, stdout: '' });
  expect(bad.stderr).toMatch(/^error: --testid: must be lower-case letters.*\n$/);
  const file = join(folder, 'loadscope.yaml');
  const nobody = ['verdict', '--prometheus', 'http://127.0.0.1:1', '--config', file, '--testid', 'a'];
  const away = await inProcess(verdictCommand, nobody);
  expect(away).toMatchObject({ status: 2, stdout: '' });
  expect(away.stderr).toMatch(/^error: --prometheus http:\/\/127\.0\.0\.1:1\/: .*\n$/);
});

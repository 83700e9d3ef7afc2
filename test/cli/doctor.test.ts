import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { doctor as doctorCommand } from '../../cli/doctor.ts';
import { inProcess, loadscope, type Outcome, run } from './loadscope.ts';
import { PrometheusServer, type Scene, type SeriesOf } from './prometheus-server.ts';

/** The command, against a server that plays Prometheus: what it finds, and how it says so. */

const config = {
  services: [{ name: 'shop', namespace: 'shop', port: 8080 }],
  redis: [{ name: 'cache', address: 'redis.data:6379' }],
  loadTests: [{ name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop' }],
};

const up = [
  ['service', '10.0.0.1:8080'],
  ['containers', 'node-1'],
  ['redis', 'cache'],
  ['elasticsearch', 'trace-storage'],
  ['kube-state-metrics', 'kube-state-metrics'],
  ['zipkin', 'zipkin'],
  ['prometheus', 'prometheus'],
  ['alertmanager', 'alertmanager'],
] as const;

let folder: string;
let server: PrometheusServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-doctor-'));
  writeFileSync(join(folder, 'loadscope.yaml'), stringify(config));
  server = await new PrometheusServer().start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const flags = () => ['--prometheus', server.url, '--config', join(folder, 'loadscope.yaml')];

function doctor(scene: Scene, ...args: string[]): Promise<Outcome> {
  server.scene = { up, ...scene };
  server.asked.length = 0;
  return inProcess(doctorCommand, ['doctor', ...flags(), ...args]);
}

// biome-ignore lint/suspicious/noExplicitAny: the document as a reader of it has it
type Found = any;

async function findings(scene: Scene, ...args: string[]) {
  const { status, stdout, stderr } = await doctor(scene, '--json', ...args);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout);
  const find = (name: string, refId: string | null = 'A'): Found => {
    const found = document.queries.filter((query: Found) => query.name === name && query.refId === refId);
    expect({ name, refId, found: found.length > 0 }).toEqual({ name, refId, found: true });
    return found[0];
  };
  return { status, document, find };
}

/** The first answer whose pattern is in the query. */
const answers =
  (...rows: readonly (readonly [RegExp, readonly SeriesOf[]])[]) =>
  (query: string) =>
    rows.find(([pattern]) => pattern.test(query))?.[1];

describe('where every query has data', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    server.scene = { up, series: answers([/== 0$/, []]) };
    outcome = await loadscope(['doctor', ...flags()]);
  });

  test('it says so, in a table for each dashboard, and exits with 0', () => {
    const { status, stdout, stderr } = outcome;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Prometheus 3\.9\.1 at http:\/\/127\.0\.0\.1:\d+\/, the last 30 min\n/);
    expect(stdout).toContain('\nTargets: 8 of 8 up\n');
    expect(stdout).toMatch(/\n\nLoad test overview\n {2}ok {7}variable \$testid +1\n/);
    expect(stdout).toMatch(/\n {2}ok {7}Redis: hit ratio and memory B +1\n/);
    expect(stdout).toMatch(/\n {2}ok {7}alert RedisDown +0 {2}not firing\n/);
    expect(stdout).toMatch(/\n(\d+) queries: \d+ ok, 0 empty, 0 failed, \d+ skipped\n$/);
  });

  test('no colour and no progress where nobody watches', () => {
    expect(outcome.stdout + outcome.stderr).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  test('panels are asked as Grafana does: over a range in a form of a POST, tables at its end', () => {
    const sent = server.asked.filter(({ parameters: { query } }) => /k6_.*\{/.test(query ?? ''));
    expect(sent).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        path: '/api/v1/query_range',
        headers: expect.objectContaining({ 'content-type': 'application/x-www-form-urlencoded' }),
        parameters: expect.objectContaining({ query: 'sum(k6_vus{testid=~".+"})', step: '15' }),
      }),
    );
    expect(sent).toContainEqual(expect.objectContaining({ method: 'POST', path: '/api/v1/query' }));
    const { start, end } = sent.find(({ path }) => path === '/api/v1/query_range')?.parameters ?? {};
    expect(Number(end) - Number(start)).toBe(1800);
    // Of variables nothing is left; $1 is a group of a regular expression.
    expect(server.queries.join('\n')).not.toMatch(/\$(?!1)/);
  });

  test('the same query is asked once, on however many dashboards it stands', () => {
    const questions = server.asked.map(({ path, parameters }) => JSON.stringify([path, parameters]));
    expect(questions.length).toBeGreaterThan(100);
    expect(new Set(questions).size).toBe(questions.length);
  });
});

describe('where some have none, it says why', () => {
  const scene: Scene = {
    up: [...up.filter(([job]) => job !== 'alertmanager' && job !== 'zipkin'), ['zipkin', 'zipkin', 0]],
    labels: (label) => (label === '__name__' ? ['redis_memory_usage_bytes', 'up'] : undefined),
    series: answers(
      [/zipkin_|alertmanager_|k6_|redis_memory_used_bytes/, []],
      // There, but not of a service.
      [/^count by \(service\) \(last_over_time\(container_memory_working_set_bytes\[/, [{}]],
      [/container_memory_working_set_bytes\{service/, []],
      // One sample in the window of a rate.
      [/^count\(last_over_time\(redis_keyspace/, [{}]],
      [/redis_keyspace_\w+\[60s\]/, []],
      [/== 0$/, []],
    ),
  };
  let found: Awaited<ReturnType<typeof findings>>;
  beforeAll(async () => {
    found = await findings(scene);
  });

  test('and exits with 1', () => {
    expect(found.status).toBe(1);
    expect(found.document.summary.empty).toBeGreaterThan(10);
  });

  test.each([
    ['target_down', 'Spans received and dropped', 'target down: zipkin/zipkin: connection refused'],
    ['no_target', 'Alerts held', 'no target: Prometheus scrapes nothing as job alertmanager'],
    ['nothing_pushed', 'k6: active virtual users', 'nothing pushed yet: start a load test'],
    [
      'no_traffic',
      'Redis: hit ratio and memory',
      'no traffic yet: fewer than two samples in the range of rate(redis_keyspace_hits_total[60s])',
    ],
    [
      'label_mismatch',
      'Memory by service',
      'label mismatch: container_memory_working_set_bytes has nothing with service=~".+"; no series of it has the label service',
    ],
  ])('%s', (code, panel, text) => {
    expect(found.find(panel)).toMatchObject({ state: 'empty', series: 0, reason: { code, text }, error: null });
  });

  test('metric_absent, with the nearest that there is', () => {
    expect(found.find('Redis: hit ratio and memory', 'B')).toMatchObject({
      state: 'empty',
      reason: {
        code: 'metric_absent',
        text: 'metric absent: redis_memory_used_bytes; did you mean "redis_memory_usage_bytes"?',
      },
    });
    expect(server.asked.filter(({ path }) => path === '/api/v1/label/__name__/values')).toHaveLength(1);
  });

  test('an alert that does not fire is well', () => {
    expect(found.find('RedisDown', null)).toMatchObject({ state: 'ok', reason: { code: 'not_firing' } });
  });

  test('what a query that is not answered would tell is told beside it', () => {
    const { targets } = found.document;
    expect(targets).toContainEqual({
      job: 'zipkin',
      instance: 'zipkin',
      state: 'down',
      lastError: 'connection refused',
    });
    expect(targets).toContainEqual({
      job: 'alertmanager',
      instance: 'alertmanager',
      state: 'missing',
      lastError: null,
    });
  });
});

test('the document of --json', async () => {
  const { document, status, find } = await findings(
    {
      buildInfo: { application: 'Grafana Mimir', version: '2.17.0' },
      series: answers([/== 0$|ALERTS/, []]),
    },
    '--range',
    '1h',
  );
  expect(status).toBe(0);
  expect(Object.keys(document)).toEqual(['version', 'prometheus', 'range', 'targets', 'queries', 'summary']);
  expect(document).toMatchObject({
    version: 1,
    prometheus: {
      url: `${server.url}/`,
      product: 'Grafana Mimir',
      version: '2.17.0',
      notes: ['it is not a Prometheus but Grafana Mimir: some reasons may be missing'],
    },
    range: { start: expect.stringMatching(/Z$/), end: expect.stringMatching(/Z$/) },
  });
  expect(Date.parse(document.range.end) - Date.parse(document.range.start)).toBe(3_600_000);
  const states = document.queries.map(({ state }: Found) => state);
  expect(document.summary).toEqual({
    queries: states.length,
    ok: states.filter((state: string) => state === 'ok').length,
    empty: 0,
    failed: 0,
    skipped: states.filter((state: string) => state === 'skipped').length,
  });
  expect(document.queries.find(({ name }: Found) => name === 'k6: active virtual users')).toEqual({
    group: 'Load test overview',
    kind: 'panel',
    name: 'k6: active virtual users',
    refId: 'A',
    written: 'sum(k6_vus{testid=~"$testid"})',
    asked: { type: 'range', expr: 'sum(k6_vus{testid=~".+"})', step: 15 },
    state: 'ok',
    series: 1,
    reason: null,
    error: null,
    warnings: [],
  });
  // While there is no alert, there are no series of alerts.
  expect(find('Firing alerts', null)).toMatchObject({ kind: 'annotation', state: 'ok', reason: { code: 'not_yet' } });
  // Nothing is compared with until somebody chooses an earlier run.
  expect(document.queries.find(({ written }: Found) => written.includes('$baseline'))).toMatchObject({
    state: 'skipped',
    asked: null,
    reason: { code: 'not_chosen', text: 'not asked: nothing is chosen for $baseline' },
  });
});

test('a run that there is not: five of those that there are; an old server; nothing said moves the cursor', async () => {
  const runs = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ testid: `browse-${number}\x1b[2J` }));
  const { status, stdout } = await doctor(
    {
      buildInfo: { version: '3.8.0\x1b[2J' },
      series: answers([/^count by \(testid\)/, runs], [/testid=~"nope"/, []]),
    },
    '--testid',
    'nope',
  );
  expect(status).toBe(1);
  expect(stdout).toContain('\nnote: it is older than 3.9: percentiles from native histograms may be missing\n');
  expect(stdout).toMatch(
    /k6: active virtual users A .* label mismatch: k6_vus has nothing with testid=~"nope"; its testid is "browse-1.*", .*"browse-5.*" or one of 2 more\n/,
  );
  expect(stdout).not.toContain('\x1b');
});

test('a reader that has seen enough ends it quietly', async () => {
  server.scene = { up };
  const { status, stdout, stderr } = await run('bash', [
    '-c',
    `set -o pipefail; "$0" "$@" | head -1`,
    process.execPath,
    'cli/loadscope.cjs',
    'doctor',
    '--json',
    ...flags(),
  ]);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '{\n', stderr: '' });
});

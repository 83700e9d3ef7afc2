import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { readArchive, writeArchive } from '../../archive/file.ts';
import { keep } from '../../archive/folder.ts';
import { archive } from '../../cli/archive.ts';
import { traceIdPrefix } from '../../runs/traces.ts';
import { archiveOf } from '../archive/fixture.ts';
import { findTool, testWithTool } from '../tool.ts';
import { fakeForward } from './fake-forward.ts';
import { loadscope, type Outcome } from './loadscope.ts';
import { fail, PrometheusServer, type SeriesOf } from './prometheus-server.ts';
import { addJob, addRecord, addStack, factsOf, finish, jobSpec, statusOf, verdictOf } from './runs-fixture.ts';
import { KubernetesServer } from './runs-server.ts';
import { ZipkinServer } from './zipkin-server.ts';

/** The command: a run becomes a file, and files a folder of runs. */

const ifKubectl = testWithTool(findTool('kubectl', 'version', '--client'));
const prometheus = new PrometheusServer();
const zipkin = new ZipkinServer();
let cluster: KubernetesServer;
let folder: string;

const at = (name: string) => join(folder, name);
const start = 1_772_359_205;

jest.setTimeout(60_000);

beforeAll(async () => {
  cluster = await new KubernetesServer().start();
  await Promise.all([prometheus.start(), zipkin.start()]);
});
afterAll(async () => {
  await Promise.all([prometheus.stop(), zipkin.stop()]);
  await cluster.end();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadscope-archive-'));
  writeFileSync(at('loadscope.yaml'), stringify(config));
  cluster.clear();
  zipkin.clear();
  play();
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = {
  namespace: 'shop-load',
  services: [{ name: 'shop', namespace: 'shop', port: 8080 }],
  mysql: [{ name: 'shop-db', address: 'mysql.shop.svc:3306', credentialsSecret: 'reader' }],
  loadTests: [{ name: 'browse', scenario: 'browse', service: 'shop', url: 'http://shop.shop' }],
};

/** A run of 30 s, of which everything has one series. */
function play(answers: readonly (readonly [RegExp, readonly SeriesOf[]])[] = []): void {
  const run: typeof answers = [
    [/^(k6_vus|kafka_bot_target_rate)\{[^[]*\}$/, []],
    [/^k6_vus\{.*\[20s\]$/, []],
    [/^min\(min_over_time\(timestamp/, [{ value: String(start) }]],
    [/^max\(max_over_time\(timestamp/, [{ value: String(start + 30) }]],
    [/^group by \(scenario\)/, [{ scenario: 'browse' }]],
    [/^group by \(service\)/, [{ service: 'shop' }]],
    [/^sum by \(name, method\)/, [{ name: 'product_list', method: 'GET', value: '60' } as SeriesOf]],
    [/^ALERTS|_over_time\(up/, []],
  ];
  prometheus.scene = {
    series: (query) => [...answers, ...run].find(([pattern]) => pattern.test(query))?.[1],
    labels: (label) => (label === 'testid' ? ['browse-1', 'browse-2'] : undefined),
  };
}

/** What its coordinator has left behind. */
function addRun(): void {
  addStack(cluster);
  addJob(cluster, 'browse-1');
  finish(cluster, 'browse-1');
  const verdict = { ...verdictOf('browse-1', 'fail', ['p95 by k6']), service: 'shop', scenario: 'browse' };
  const whole = { ...verdict, checks: [], runners: [{ runner: '0', missing: 'it was killed' }] };
  addRecord(cluster, factsOf('browse-1', { vus: 7 }), statusOf({ stage: 'over' }), whole);
}

/** The command within this process, since the start of another takes longer than all that it does. */
async function command(...args: string[]): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    output.stdout += chunk;
    return true;
  });
  jest.spyOn(console, 'error').mockImplementation((line) => {
    output.stderr += `${line}\n`;
  });
  const program = new Command();
  archive(program);
  try {
    await program.parseAsync(['archive', ...args], { from: 'user' });
    return { status: 0, ...output };
  } catch (error) {
    if (!['ArchiveError', 'CliError'].includes((error as Error).name)) throw error;
    return { status: 2, ...output, stderr: `error: ${(error as Error).message}\n` };
  } finally {
    jest.restoreAllMocks();
  }
}

const argsOf = (...args: string[]) => [
  ...['export', '--testid', 'browse-1', '--config', at('loadscope.yaml'), '--kubeconfig', cluster.kubeconfig],
  ...args,
];
const exported = (...args: string[]) => command(...argsOf('--prometheus', prometheus.url, ...args));

describe('export', () => {
  ifKubectl('keeps what Prometheus, the cluster and Zipkin know of a run', async () => {
    addRun();
    cluster.objects.set('/version', { metadata: { name: '' }, gitVersion: 'v1.34.1' });
    const traceId = `${traceIdPrefix('browse-1')}0000000000000001`;
    zipkin.spans = [{ traceId, id: 'a', timestamp: start * 1e6, duration: 200_000, name: 'get /products' }];
    const { status, stdout } = await exported('--zipkin', zipkin.url, '--out', at('runs/'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${at('runs/browse-1.json.gz')}\n` });
    const kept = readArchive(at('runs/browse-1.json.gz'));
    expect(kept).toMatchObject({
      run: { testid: 'browse-1', start, end: start + 30, loadTest: 'browse', vus: 7, service: 'shop' },
      verdict: { verdict: 'fail', runners: [{ runner: '0', missing: 'it was killed' }] },
      axis: { start, step: 15, count: 3 },
      figures: { vus: [{ labels: {}, values: [1, null, 1] }] },
      places: { 'hikari-pool': { stage: 'pool-wait' } },
      systems: [{ instance: 'shop-db', kind: 'mysql', workload: 'mysql', namespace: 'shop' }],
      endpoints: [{ name: 'product_list', method: 'GET', requests: 60, failed: 60 }],
      environment: {
        versions: { kubernetes: 'v1.34.1', prometheus: '3.9.1', loadscope: expect.any(String) },
        options: { profile: 'smoke', vus: '7', duration: '30s', thinkMs: '100' },
        configHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      traces: [{ traceId, duration: 0.2 }],
    });
    // The folder of the config is in no repository.
    expect(kept.environment.commit).toBeUndefined();
    expect(prometheus.queries.filter((query) => /\$[a-z_{]/i.test(query))).toEqual([]);
  });

  test('without a cluster and Zipkin says so, and is judged by the budgets as they are', async () => {
    const { status, stderr } = await exported('--kubeconfig', at('none'), '--out', at('a.json'));
    expect(status).toBe(0);
    const { verdict, gaps, traces, environment, run } = readArchive(at('a.json'));
    expect([verdict?.testid, traces, environment.nodes, run.scenario]).toEqual(['browse-1', [], [], 'browse']);
    for (const text of [
      /^What the run was asked for/,
      /^The verdict is of/,
      /^Versions, .*: kubectl/,
      /^No traces: Zip/,
    ])
      expect(gaps).toContainEqual(expect.stringMatching(text));
    expect(stderr).toBe(gaps.map((gap) => `note: ${gap}\n`).join(''));
  });

  ifKubectl('finds the Prometheus of the stack by kubectl', async () => {
    const port = new URL(prometheus.url).port;
    const { path, ended } = fakeForward(cluster.folder, `echo "Forwarding from 127.0.0.1:${port} -> 9090"`);
    const args = argsOf('--zipkin', zipkin.url, '--out', at('a.json.gz'));
    const { status } = await loadscope(['archive', ...args], { PATH: path });
    expect(status).toBe(0);
    expect(await ended()).toContain('-n shop-load port-forward service/prometheus :9090');
    expect(readArchive(at('a.json.gz')).run.testid).toBe('browse-1');
  });

  ifKubectl('is refused while the verdict of the run is not found', async () => {
    addStack(cluster);
    addJob(cluster, 'browse-1');
    const { status, stderr } = await exported('--out', at('runs/'));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: --testid browse-1: is not over yet. Ask again when its Job has ended.\n',
    });
  });

  ifKubectl('takes a run of a suite that is over, while the suite goes on', async () => {
    addStack(cluster);
    const steps = [{ loadTest: 'browse' }, { loadTest: 'search' }];
    addJob(cluster, 'browse', {
      spec: jobSpec(steps, 'nightly'),
      metadata: { name: '', labels: { 'loadscope/suite': 'nightly' } },
    });
    const ofSuite = (number: number) => factsOf(`browse-${number}`, { suite: 'nightly' });
    const passed = { ...verdictOf('browse-1', 'pass'), service: 'shop', scenario: 'browse', checks: [], runners: [] };
    addRecord(cluster, ofSuite(1), statusOf({ stage: 'over' }), passed);
    addRecord(cluster, ofSuite(2), statusOf());
    expect(await exported('--out', at('runs/'))).toMatchObject({ status: 0 });
    const { status, stderr } = await exported('--testid', 'browse-2', '--out', at('runs/'));
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('browse-2: is not over yet') });
  });

  type Case = [what: string, set: () => void, args: string[], said: RegExp];
  test.each<Case>([
    [
      'a run that goes on',
      () => play([[/^k6_vus\{[^[]*\}$/, [{}]]]),
      [],
      /--testid browse-1: is not over yet\. Ask again when its Job has ended/,
    ],
    [
      'a run that nobody knows',
      () =>
        play([
          [/_over_time\(timestamp/, []],
          [/\[21600s\]$/, []],
        ]),
      [],
      /--testid browse-1: invalid, Prometheus has no sample of this run in the last 6 h\. It has: browse-1, browse-2/,
    ],
    [
      'a Prometheus that is away',
      () => undefined,
      ['--prometheus', 'http://127.0.0.1:9'],
      /--prometheus http:\/\/127\.0\.0\.1:9\/: connection refused/,
    ],
    [
      'a Prometheus that lets nobody in',
      () => {
        prometheus.scene = {
          instead: (_, response) => {
            fail(response, 401, '', 'no');
            return true;
          },
        };
      },
      [],
      /--prometheus .*: HTTP 401: no\. It does not let us in/,
    ],
    ['a file of another kind', () => undefined, ['--out', 'a.txt'], /--out a\.txt: must be a folder/],
  ])('%s is told in one line, and leaves no file', async (_, set, args, said) => {
    set();
    const { status, stdout, stderr } = await exported('--out', at('runs/'), ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toMatch(said);
    expect(existsSync(at('runs'))).toBe(false);
  });

  test('a Prometheus that goes away in the midst of it leaves no file', async () => {
    const { series } = prometheus.scene;
    prometheus.scene = {
      series,
      instead: ({ parameters: { query = '' } }, response) => {
        if (query.includes('resource:pressure')) response.destroy();
        return query.includes('resource:pressure');
      },
    };
    const { status, stderr } = await exported('--kubeconfig', at('none'), '--out', at('runs/'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: --prometheus [^\n]*: connection closed without an answer\.\n$/);
    expect(existsSync(at('runs'))).toBe(false);
  });

  test('writes over the same run, and over another only by force', async () => {
    const none = ['--kubeconfig', at('none'), '--out', at('a.json')];
    await writeArchive(at('a.json'), archiveOf('browse-1', start - 1000));
    const { status, stderr } = await exported(...none);
    expect(status).toBe(2);
    expect(stderr).toContain('a.json: has another run, browse-1 of 2026-03-01T09:43:25.000Z: give --force');
    expect((await exported(...none, '--force')).status).toBe(0);
    expect((await exported(...none)).status).toBe(0);
    expect(readArchive(at('a.json')).run.start).toBe(start);
  });
});

describe('import and list', () => {
  test('take all archives or none, and show the newest first', async () => {
    await writeArchive(at('one.json'), archiveOf('browse-1', 1_700_000_000));
    await writeArchive(at('two.json.gz'), archiveOf('browse-2', 1_700_003_600));
    writeFileSync(at('bad.json'), '{');
    const taken = (...files: string[]) => command('import', ...files.map(at), '--dir', at('runs'));
    expect(await taken('one.json', 'bad.json')).toEqual({
      ...{ status: 2, stdout: '' },
      stderr: `error: ${at('bad.json')}: is not JSON, or only a part of it.\n`,
    });
    expect(existsSync(at('runs'))).toBe(false);
    expect(await taken('one.json', 'two.json.gz')).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(at('runs')).sort()).toEqual(['browse-1.json.gz', 'browse-2.json.gz']);

    const { stdout } = await command('list', '--dir', at('runs'));
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 5))).toEqual([
      ['TESTID', 'LOAD TEST', 'START', 'LENGTH', 'VERDICT'],
      ['browse-2', 'browse', '2023-11-14 23:13', '1m00s', 'pass'],
      ['browse-1', 'browse', '2023-11-14 22:13', '1m00s', 'pass'],
      [''],
    ]);
    const listed = await command('list', '--dir', at('runs'), '--json');
    expect(JSON.parse(listed.stdout).archives[1]).toEqual({
      ...{ file: at('runs/browse-1.json.gz'), testid: 'browse-1', loadTest: 'browse', scenario: 'browse' },
      ...{ start: '2023-11-14T22:13:20.000Z', end: '2023-11-14T22:14:20.000Z', verdict: 'pass' },
    });
  });

  test('another run of an id that is there is refused', async () => {
    await keep(at('runs'), archiveOf('browse-1', 1_700_000_000));
    await writeArchive(at('other.json'), archiveOf('browse-1', 1_700_003_600));
    const take = (...args: string[]) => command('import', at('other.json'), '--dir', at('runs'), ...args);
    const { status, stderr } = await take();
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*browse-1\.json\.gz: has another run, browse-1 of .*: give --force/);
    expect((await take('--force')).status).toBe(0);
    expect(readArchive(at('runs/browse-1.json.gz')).run.start).toBe(1_700_003_600);
  });

  test('two runs of one id are refused, and none of them is taken', async () => {
    await writeArchive(at('one.json'), archiveOf('browse-1', 1_700_000_000));
    await writeArchive(at('two.json'), archiveOf('browse-1', 1_700_003_600));
    expect(await command('import', at('one.json'), at('two.json'), '--dir', at('runs'), '--force')).toEqual({
      ...{ status: 2, stdout: '' },
      stderr: `error: ${at('two.json')}: has the id browse-1, as ${at('one.json')} has. Import one of them.\n`,
    });
    expect(existsSync(at('runs'))).toBe(false);
  });

  test('of a folder without archives the list says how to make one', async () => {
    const { status, stdout, stderr } = await command('list', '--dir', at('runs'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toBe(`${at('runs')}: no archives. "loadscope archive export --testid ID" makes one.\n`);
  });
});

import { list } from '../../cli/list.ts';
import { status as statusCommand } from '../../cli/status.ts';
import { stop as stopCommand } from '../../cli/stop.ts';
import { findTool, testWithTool } from '../tool.ts';
import { inProcess } from './loadscope.ts';
import {
  addJob,
  addLoad,
  addPod,
  addRecord,
  addStack,
  clusterFlags,
  factsOf,
  finish,
  jobSpec,
  jobs,
  pods,
  start,
  statusOf,
  testRuns,
  verdictOf,
} from './runs-fixture.ts';
import { KubernetesServer } from './runs-server.ts';

/** The end of load, what there is, and logs: by the real kubectl, against a server that plays Kubernetes. */

const ifKubectl = testWithTool(findTool('kubectl', 'version', '--client'));
let server: KubernetesServer;

// Each is a few processes, and they wait for each other.
jest.setTimeout(90_000);

beforeAll(async () => {
  server = await new KubernetesServer().start();
});
afterAll(() => server.end());
beforeEach(() => {
  server.clear();
  addStack(server);
});

const stop = (...args: string[]) => inProcess(stopCommand, ['stop', ...args, ...clusterFlags(server)]);
const stopOfProcess = (...args: string[]) => start(server, 'stop', ...args).outcome;
const listed = (...args: string[]) => inProcess(list, ['list', ...args, ...clusterFlags(server)]);
const statusShown = (...args: string[]) => inProcess(statusCommand, ['status', ...args, ...clusterFlags(server)]);
const left = () => [...server.objects.keys()].filter((path) => /\/(jobs|pods|testruns)\//.test(path));

/** A coordinator that notices that it is to end. */
function heedful(id: string): void {
  addPod(server, `${id}-x`, { 'batch.kubernetes.io/job-name': id }, { phase: 'Running' });
  server.onChange = ({ path }) => {
    if (path !== jobs || !server.objects.get(`${jobs}/${id}`)?.metadata.annotations?.['loadscope/stop']) return;
    finish(server, id, 'Failed');
  };
}

describe('stop', () => {
  ifKubectl('says that nothing is under way', async () => {
    const none = await stopOfProcess();
    expect(none).toEqual({ status: 0, stdout: 'No run is under way.\n', stderr: '' });
    addJob(server, 'a');
    finish(server, 'a');
    const over = await stop('a');
    expect(over).toEqual({ status: 0, stdout: 'a is over: there is nothing to stop.\n', stderr: '' });
    const unknown = await stopOfProcess('b');
    expect(unknown.stderr).toMatch(/^error: there is no run b in the namespace shop-load: .*\n$/);
    expect(unknown.status).toBe(2);
  });

  ifKubectl('tells the coordinator first, then ends the load, and leaves the rest', async () => {
    addJob(server, 'a');
    addLoad(server, 'a', 3);
    addPod(server, 'shop', { app: 'shop' }, { phase: 'Running' });
    heedful('a');
    const { status, stdout } = await stopOfProcess();
    expect(stdout).toMatch(/^Stopped a: 3 runners, the last gone after \d+\.\d s\.\n$/);
    expect(status).toBe(0);
    expect(left()).toEqual([`${jobs}/a`, `${pods}/shop`, `${pods}/a-x`]);
    const changes = server.asked.filter(({ method }) => method !== 'GET');
    expect(changes.slice(0, 3).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${jobs}/a`,
      `DELETE ${jobs}/a-load`,
      `DELETE ${pods}`,
    ]);
    expect(changes[1]?.query.get('propagationPolicy')).toBe('Background');
    expect(changes[2]?.query.get('gracePeriodSeconds')).toBe('8');
    expect(changes[2]?.query.get('labelSelector')).toBe(
      'app.kubernetes.io/name in (k6,kafka-bot),loadscope/testid in (a)',
    );
  });

  ifKubectl('ends a TestRun, where there is k6-operator, and load that starts meanwhile', async () => {
    server.missing = [];
    server.podEnds = 5000;
    addJob(server, 'a');
    heedful('a');
    const load = (name: string, testid: string, what = 'k6') => ({
      metadata: { name, labels: { 'app.kubernetes.io/name': what, 'loadscope/testid': testid } },
    });
    server.put(testRuns, load('a-load', 'a'));
    server.put(testRuns, load('a-load-2', 'a-load-2'));
    // As k6-operator makes them: with the labels of their pods.
    server.put(jobs, load('a-load-initializer', 'a', 'k6-initializer'));
    let late = true;
    const heed = server.onChange;
    server.onChange = (asked) => {
      // The coordinator had read the annotation a moment before.
      if (asked.path === testRuns && late) addLoad(server, 'a', 1);
      if (asked.path === testRuns) late = false;
      heed(asked);
    };
    const { status, stdout } = await stop('a');
    expect(stdout).toMatch(/^Stopped a: 1 runner, the last gone after/);
    expect(status).toBe(0);
    expect(left()).toEqual([`${jobs}/a`, `${pods}/a-x`, `${testRuns}/a-load-2`]);
  });

  ifKubectl('ends the runs of a suite, by the name of the suite or of one of them', async () => {
    addJob(server, 'night', { spec: jobSpec([{ loadTest: 'browse' }, { loadTest: 'search' }], 'nightly') });
    addRecord(server, factsOf('night-1', { suite: 'nightly' }), statusOf());
    addLoad(server, 'night-1', 2);
    heedful('night');
    const { status, stdout } = await stop('night-1');
    expect(stdout).toMatch(/^Stopped night: 2 runners/);
    expect(status).toBe(0);
    expect(left()).toEqual([`${jobs}/night`, `${pods}/night-x`]);
  });

  ifKubectl('leaves a run alone whose name begins like the load of another', async () => {
    addJob(server, 'a');
    for (const id of ['a-load-2', 'a-load']) {
      addJob(server, id, { metadata: { name: id, labels: { 'loadscope/testid': id } } });
      finish(server, id);
    }
    await stop('a');
    expect(left()).toEqual([`${jobs}/a-load-2`, `${jobs}/a-load`]);
  });

  ifKubectl('ends load that has lost its coordinator, also before it has pods', async () => {
    addRecord(server, factsOf('a'), statusOf());
    addLoad(server, 'a', 0);
    const { status, stdout } = await stop('a');
    expect(stdout).toBe('Stopped a: no load was running.\n');
    expect(status).toBe(0);
    expect(left()).toEqual([]);
  });

  ifKubectl('deletes a coordinator that never started', async () => {
    addJob(server, 'a');
    addPod(server, 'a-x', { 'batch.kubernetes.io/job-name': 'a' }, { phase: 'Pending' });
    const { status, stdout } = await stop();
    expect(stdout).toBe('Stopped a: no load was running.\n');
    expect(status).toBe(0);
    expect(server.objects.has(`${jobs}/a`)).toBe(false);
  });

  ifKubectl('deletes a coordinator that it may not tell, and pods one by one where it has to', async () => {
    addJob(server, 'a');
    addLoad(server, 'a', 2);
    addPod(server, 'a-x', { 'batch.kubernetes.io/job-name': 'a' }, { phase: 'Running' });
    server.refuse = ({ method, path }) =>
      method === 'PUT' || (method === 'DELETE' && path === pods) ? [403, 'Forbidden', 'no'] : undefined;
    const { status } = await stop();
    expect(status).toBe(0);
    expect(left()).toEqual([`${pods}/a-x`]);
    expect(server.requests('DELETE')).toEqual(
      expect.arrayContaining([`${pods}/a-load-0-abcde`, `${pods}/a-load-1-abcde`, `${jobs}/a`]),
    );
  });

  ifKubectl('asks which, where several runs are under way; --all ends load without a run, too', async () => {
    for (const id of ['a', 'b']) addJob(server, id);
    addLoad(server, 'c', 1);
    const { status, stderr } = await stop();
    expect(stderr).toMatch(
      /^error: several runs are under way: name one of (a, b|b, a), c, or stop them with --all\.\n$/,
    );
    expect(status).toBe(2);
    expect(server.requests('DELETE')).toEqual([]);
    const all = await stop('--all');
    expect(all.stdout).toMatch(/^Stopped (a, b|b, a), c: 1 runner, /);
    expect(all.status).toBe(0);
    expect(left()).toEqual([]);
    const both = await stop('a', '--all');
    expect(both.stderr).toMatch(/^error: --all stops every run/);
  });
});

ifKubectl('list shows what can be launched, and runs, the newest first', async () => {
  addRecord(
    server,
    factsOf('old', { launched: '2026-03-01T09:00:00.000Z' }),
    statusOf({ stage: 'over' }),
    verdictOf('old', 'fail', ['p95']),
  );
  addRecord(server, factsOf('new', { launched: '2026-03-01T10:00:00.000Z' }), statusOf());
  addJob(server, 'new');
  addJob(server, 'bare', { metadata: { name: 'bare', creationTimestamp: '2026-03-01T09:30:00Z' } });
  finish(server, 'bare', 'Failed');
  const { status, stdout } = await start(server, 'list').outcome;
  const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '));
  expect(lines).toEqual([
    'LOAD TEST | SCENARIO | PROFILE | RUNNERS | SERVICE',
    'browse | browse | smoke | 1 | shop',
    'search | search-load | light | 2 | shop',
    'orders | shopping-journey | smoke | 1 | shop',
    'pages | product-query | smoke | 1 | shop',
    'products | product-query | smoke | 1 | shop',
    '',
    'SUITE | LOAD TESTS',
    'suite/nightly | browse, search',
    '',
    'RUN | LOAD TEST | LAUNCHED | LOAD | STATE',
    'new | browse | 2026-03-01 10:00:00 | 10s | load',
    'bare | browse | 2026-03-01 09:30:00 |  | over, no record'.replace('|  |', '|'),
    'old | browse | 2026-03-01 09:00:00 | 30s | fail',
    '',
  ]);
  expect(status).toBe(0);
  const { stdout: json } = await listed('--json');
  const { version, loadTests, suites, runs } = JSON.parse(json);
  expect([version, loadTests.length, suites]).toEqual([1, 5, [{ name: 'nightly', loadTests: ['browse', 'search'] }]]);
  expect(runs[2]).toEqual({
    ...{ testid: 'old', loadTest: 'browse', suite: null, launched: '2026-03-01T09:00:00.000Z' },
    ...{ duration: 30, stage: 'over', verdict: 'fail' },
  });
});

describe('status, once,', () => {
  ifKubectl('is of the run that is under way, or else of the last, and its exit code says nothing', async () => {
    const none = await start(server, 'status').outcome;
    expect(none.stderr).toMatch(/^error: the namespace shop-load has no run yet/);
    expect(none.status).toBe(2);
    addRecord(server, factsOf('old'), statusOf({ stage: 'over' }), verdictOf('old', 'fail', ['p95 by k6']));
    const last = await statusShown();
    expect(last.stdout).toBe('old: browse, profile smoke, 1 runner\n  over\n  verdict: fail: p95 by k6\n');
    expect(last.status).toBe(0);
    addJob(server, 'a');
    addRecord(
      server,
      factsOf('a', { runners: 3 }),
      statusOf({ vus: 40, iterations: 8.04, target: 10, nearest: { budget: 'p95', used: 0.93 } }),
    );
    const { stdout } = await statusShown();
    expect(stdout).toBe(
      [
        'a: browse, profile smoke, 3 runners',
        '  load [########................] 10s, 20s to go',
        '  40 VUs, 8 of 10 iterations/s',
        '  in danger: p95, at 93% of its bound',
        '',
      ].join('\n'),
    );
    const json = await statusShown('old', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ id: 'old', job: 'Gone', verdict: { verdict: 'fail' } });
  });
});

describe('logs', () => {
  ifKubectl('are those of the coordinator, or of runners, by number', async () => {
    addJob(server, 'a');
    addLoad(server, 'a', 2);
    addPod(server, 'a-x', { 'batch.kubernetes.io/job-name': 'a' }, { phase: 'Running' });
    server.logs.set('a-x', 'load: 10s\n\u001b[31mred\u001b[0m\u0007\n');
    for (const index of [0, 1]) server.logs.set(`a-load-${index}-abcde`, `k6 ${index}\n`);
    const logs = (...args: string[]) => start(server, 'logs', ...args).outcome;
    const [own, second, all, missing] = await Promise.all([
      logs(),
      logs('a', '--runner', '2'),
      logs('a', '--runners'),
      logs('a', '--runner', '3'),
    ]);
    expect(own).toMatchObject({ status: 0, stdout: 'load: 10s\nred\n' });
    expect(second).toMatchObject({ status: 0, stdout: 'k6 1\n' });
    expect(all.stdout.split('\n').sort()).toEqual(['', '[1] k6 0', '[2] k6 1']);
    expect(missing).toMatchObject({ status: 2, stderr: 'error: --runner 3: a has 2 of them.\n' });
  });

  ifKubectl('of a pod that is not there', async () => {
    addRecord(server, factsOf('old'), statusOf({ stage: 'over' }), verdictOf('old', 'pass'));
    const { status, stderr } = await start(server, 'logs', 'old').outcome;
    expect(stderr).toBe('error: the pod of old is not there yet, or is deleted and its log with it.\n');
    expect(status).toBe(2);
  });

  ifKubectl('wait for a container that starts', async () => {
    addJob(server, 'a');
    addPod(server, 'a-x', { 'batch.kubernetes.io/job-name': 'a' }, { phase: 'Pending' });
    server.logs.set('a-x', 'prepare\n');
    let starting = 2;
    server.refuse = ({ path }) =>
      path.endsWith('/log') && starting-- > 0
        ? [400, 'BadRequest', 'container "coordinator" in pod "a-x" is waiting to start: ContainerCreating']
        : undefined;
    const { status, stdout } = await start(server, 'logs', '-f').outcome;
    expect(stdout).toBe('prepare\n');
    expect(status).toBe(0);
  });
});

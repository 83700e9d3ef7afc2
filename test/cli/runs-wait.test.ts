import { setTimeout as sleep } from 'node:timers/promises';
import { findTool, testWithTool } from '../tool.ts';
import {
  addJob,
  addLoad,
  addPod,
  addRecord,
  addStack,
  factsOf,
  finish,
  jobs,
  shows,
  start,
  statusOf,
  verdictOf,
} from './runs-fixture.ts';
import { KubernetesServer } from './runs-server.ts';

/** Waiting for runs, by the real kubectl, against a server that plays Kubernetes. */

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

/** Looks often, so that tests are short. */
const often = ['--interval', '200ms'];
const launch = () => start(server, 'launch', 'browse', '--testid', 'a', '--wait', ...often);
const wait = (...args: string[]) => start(server, 'status', ...args, '--wait', ...often);

const record = (status = statusOf(), ended?: Parameters<typeof verdictOf>[1], reasons?: string[]) =>
  addRecord(server, factsOf('a'), status, ended && verdictOf('a', ended, reasons));

/** What a coordinator does: it writes how far it is, and in the end the verdict, and its Job is over. */
function conduct(ended: Parameters<typeof verdictOf>[1], reasons: string[] = []): void {
  const steps = [
    () => record(statusOf({ stage: 'prepare', elapsed: 0, remaining: 30 })),
    () => record(statusOf({ vus: 2, requests: 12.34, p95: 0.212, errorRatio: 0.001, dropped: 0 })),
    () => record(statusOf({ stage: 'over' }), ended, reasons),
    () => finish(server, 'a', ended === 'pass' ? 'Complete' : 'Failed'),
  ];
  // One step with every third question.
  let count = 0;
  server.onChange = ({ path }) => {
    if (path.endsWith('/jobs/a') && ++count % 3 === 0) steps.shift()?.();
  };
}

describe('the exit code is that of the verdict:', () => {
  ifKubectl.each([
    ['pass', 0, [], 'verdict: pass'],
    ['fail', 1, ['p95 by k6'], 'verdict: fail: p95 by k6'],
    ['invalid', 2, ['it was stopped: by joe'], 'verdict: invalid: it was stopped: by joe'],
  ] as const)('%s', async (verdict, code, reasons, line) => {
    conduct(verdict, [...reasons]);
    const { status, stdout, stderr } = await launch().outcome;
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\na: prepare\n/);
    expect(stdout).toMatch(/\na: load 10s of 30s: 2 VUs, 12 requests\/s, p95 212ms, 0\.10% failed, 0 dropped\n/);
    expect(stdout).toContain(`\n\n# Run a\n\n- text\n\n${line}\n`);
    expect(status).toBe(code);
  });
});

ifKubectl('a record of an earlier Job of that name is no verdict', async () => {
  const { metadata } = addJob(server, 'a');
  addRecord(server, factsOf('a'), statusOf({ stage: 'over' }), verdictOf('a', 'pass'), 'of-another');
  const running = wait('a');
  await shows(running, /waits for its coordinator/);
  addRecord(server, factsOf('a'), statusOf({ stage: 'over' }), verdictOf('a', 'fail', ['p95 by k6']), metadata.uid);
  finish(server, 'a', 'Failed');
  const { status, stdout } = await running.outcome;
  expect(stdout).toMatch(/\nverdict: fail: p95 by k6\n$/);
  expect(status).toBe(1);
});

ifKubectl('JSON is one document a line', async () => {
  conduct('fail', ['p95 by k6']);
  const { status, stdout } = await start(server, 'launch', 'browse', '--testid', 'a', '--wait', '--json', ...often)
    .outcome;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ version: 1, id: 'a', steps: [{ loadTest: 'browse', vus: 2 }] });
  expect(lines[1]).toEqual({ version: 1, id: 'a', suite: null, job: 'Active', run: null, status: null, verdict: null });
  expect(lines.at(-1)).toMatchObject({
    ...{ id: 'a', run: { testid: 'a' }, status: { stage: 'over' } },
    verdict: { verdict: 'fail', reasons: ['p95 by k6'] },
  });
  expect(status).toBe(1);
});

describe('there is no verdict, and why', () => {
  ifKubectl('the Job is deleted', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    record();
    await shows(running, /load 10s of 30s/);
    server.delete(`${jobs}/a`);
    const { status, stderr } = await running.outcome;
    expect(stderr).toBe(
      'error: a is gone: its Job was deleted, and there is no verdict. It had come to the stage "load".\n',
    );
    expect(status).toBe(2);
  });

  ifKubectl('the Job is deleted, and its coordinator has still said why', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    record();
    server.delete(`${jobs}/a`);
    record(statusOf({ stage: 'over' }), 'invalid', ['its coordinator was told to end']);
    const { status, stdout } = await running.outcome;
    expect(stdout).toMatch(/\nverdict: invalid: its coordinator was told to end\n$/);
    expect(status).toBe(2);
  });

  ifKubectl('the Job is over, and nothing is written', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    addPod(
      server,
      'a-x',
      { 'batch.kubernetes.io/job-name': 'a' },
      {
        phase: 'Failed',
        containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
      },
    );
    finish(server, 'a', 'Failed');
    const { status, stderr } = await running.outcome;
    expect(stderr).toBe(
      'error: a has ended without a verdict: its coordinator ended with exit code 137: OOMKilled. It has written nothing. "loadscope logs a" shows what it said.\n',
    );
    expect(status).toBe(2);
  });

  ifKubectl('the image of the coordinator is not to be had', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    addPod(
      server,
      'a-x',
      { 'batch.kubernetes.io/job-name': 'a' },
      {
        phase: 'Pending',
        containerStatuses: [
          { state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "node"' } } },
        ],
      },
    );
    const { status, stderr } = await running.outcome;
    expect(stderr).toMatch(
      /^error: a does not start: its pod a-x cannot start: ImagePullBackOff: Back-off pulling image "node"\. Its Job is still there: take it away with "loadscope stop a --kubeconfig .*"\.\n$/,
    );
    expect(status).toBe(2);
  });

  ifKubectl('time is up', async () => {
    addJob(server, 'a');
    const { status, stderr } = await wait('a', '--timeout', '1s').outcome;
    expect(stderr).toMatch(
      /^error: there is no verdict yet: given up after \d+ s\. The run goes on: "loadscope status a --kubeconfig .* --wait" waits for it again\.\n$/,
    );
    expect(status).toBe(2);
  });
});

describe('a cluster that does not answer', () => {
  ifKubectl('is asked again until it does, which is said once', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    await server.stop();
    await shows(running, /asking again/);
    await sleep(1500);
    await server.start();
    record(statusOf({ stage: 'over' }), 'pass');
    finish(server, 'a');
    const { status, stdout, stderr } = await running.outcome;
    expect(stderr).toMatch(
      /^the cluster is out of reach: .* The run goes on; asking again until \d\d:\d\d:\d\d\.\nthe cluster answers again\.\n$/,
    );
    expect(stdout).toMatch(/\nverdict: pass\n$/);
    expect(status).toBe(0);
  });

  ifKubectl('is given up in the end', async () => {
    addJob(server, 'a');
    const running = wait('a', '--timeout', '4s');
    await shows(running, /waits for its coordinator/);
    await server.stop();
    const { status, stderr } = await running.outcome;
    await server.start();
    expect(stderr).toMatch(
      /\nerror: the cluster has not answered again in time: given up after \d+ s\. The run goes on: "loadscope status a /,
    );
    expect(status).toBe(2);
  });

  ifKubectl('that refuses is not asked again', async () => {
    addJob(server, 'a');
    const running = wait('a');
    await shows(running, /waits for its coordinator/);
    server.refuse = () => [401, 'Unauthorized', 'Unauthorized'];
    const { status, stderr } = await running.outcome;
    expect(stderr).toMatch(/^error: the cluster does not let kubectl in: log in again, .* The run goes on: /);
    expect(status).toBe(2);
  });
});

describe('a signal, where there is no terminal,', () => {
  ifKubectl.each(['SIGINT', 'SIGTERM'] as const)('%s stops the run that was launched', async (signal) => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    record();
    addLoad(server, 'a', 2);
    await shows(running, /load 10s of 30s/);
    server.onChange = ({ path, method }) => {
      if (method === 'PUT' && path === `${jobs}/a`) finish(server, 'a', 'Failed');
    };
    running.signal(signal);
    const { status, stderr } = await running.outcome;
    expect(stderr).toMatch(/^Stopping a\.\nStopped a: 2 runners, the last gone after \d+\.\d s\.\n$/);
    expect(status).toBe(2);
    expect([...server.objects.keys()].filter((path) => path.includes('a-load'))).toEqual([]);
    expect(server.objects.get(`${jobs}/a`)?.metadata.annotations?.['loadscope/stop']).toMatch(/^by .* at \d{4}-/);
  });

  ifKubectl('a second one detaches at once', async () => {
    const running = launch();
    await shows(running, /waits for its coordinator/);
    record();
    addLoad(server, 'a', 1);
    server.podEnds = 60_000;
    running.signal('SIGINT');
    await shows(running, /Stopping a/);
    running.signal('SIGINT');
    const { status, stderr } = await running.outcome;
    expect(stderr).toMatch(/\nDetached\. The stop may not be complete: see "loadscope status"\.\n$/);
    expect(status).toBe(2);
  });

  ifKubectl('leaves a run that is only watched', async () => {
    addJob(server, 'a');
    record();
    const running = wait('a');
    await shows(running, /load 10s of 30s/);
    running.signal('SIGINT');
    const { status, stderr } = await running.outcome;
    expect(stderr).toMatch(/^Detached\. The run goes on: "loadscope status a .*" waits for it again\.\n$/);
    expect(status).toBe(2);
    for (const method of ['PUT', 'DELETE', 'POST']) expect(server.requests(method)).toEqual([]);
  });
});

import { findTool, testWithTool } from '../tool.ts';
import {
  addJob,
  addRecord,
  addStack,
  factsOf,
  finish,
  jobSpec,
  jobs,
  shows,
  start,
  statusOf,
  until,
  verdictOf,
} from './runs-fixture.ts';
import { KubernetesServer } from './runs-server.ts';

/** Waiting for suites, by the real kubectl, against a server that plays Kubernetes. */

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

const wait = (...args: string[]) => start(server, 'status', ...args, '--wait', '--interval', '200ms');

describe('a suite', () => {
  const nightly = { spec: jobSpec([{ loadTest: 'browse' }, { loadTest: 'search' }], 'nightly') };
  const written = (number: number, ended?: Parameters<typeof verdictOf>[1]) =>
    addRecord(
      server,
      factsOf(`night-${number}`, { suite: 'nightly' }),
      statusOf({ stage: ended ? 'over' : 'load' }),
      ended && verdictOf(`night-${number}`, ended, ended === 'pass' ? [] : ['p95 by k6']),
    );

  ifKubectl('is over with its last run, and is what the worst of them is', async () => {
    addJob(server, 'night', nightly);
    written(1, 'fail');
    const running = wait('night');
    await shows(running, /night-1 \(run 1 of 2\): over: verdict: fail: p95 by k6/);
    written(2);
    await shows(running, /night-2 \(run 2 of 2\): load/);
    // Longer than it waits for what a Job that is over may yet write.
    const looks = () => server.requests('GET').filter((path) => path === `${jobs}/night`).length;
    const before = looks();
    await until(() => looks() > before + 8);
    written(2, 'pass');
    finish(server, 'night', 'Failed');
    const { status, stdout } = await running.outcome;
    expect(stdout).toMatch(
      /\n# Run night-1\n[\s\S]*\n# Run night-2\n[\s\S]*\nverdict: fail: night-1: fail: p95 by k6\n$/,
    );
    expect(status).toBe(1);
  });

  ifKubectl('says nothing where runs are missing', async () => {
    addJob(server, 'night', nightly);
    written(1, 'pass');
    finish(server, 'night', 'Failed');
    const { status, stdout } = await wait('night').outcome;
    expect(stdout).toMatch(/\nverdict: invalid: only 1 of 2 runs took place\n$/);
    expect(status).toBe(2);
  });

  ifKubectl('has no runs of an earlier suite of that name', async () => {
    addJob(server, 'night', nightly);
    for (const number of [1, 2]) {
      const id = `night-${number}`;
      const facts = factsOf(id, { suite: 'nightly' });
      addRecord(server, facts, statusOf({ stage: 'over' }), verdictOf(id, 'pass'), 'of-another');
    }
    finish(server, 'night', 'Failed');
    for (const id of ['night', 'night-1']) {
      const { status, stderr } = await wait(id).outcome;
      expect(stderr).toMatch(/ has ended without a verdict: its Job is Failed/);
      expect(status).toBe(2);
    }
  });

  ifKubectl('has runs, each of which can be waited for', async () => {
    addJob(server, 'night', nightly);
    written(1, 'pass');
    written(2);
    const { status, stdout } = await wait('night-1').outcome;
    expect(stdout).toMatch(/\nverdict: pass\n$/);
    expect(status).toBe(0);
  });
});

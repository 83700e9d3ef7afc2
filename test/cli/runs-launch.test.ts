import { Command } from 'commander';
import { launch as launchCommand } from '../../cli/launch.ts';
import { loadOf } from '../../k6-jobs/profiles.ts';
import { stepsOf } from '../../runs/launch.ts';
import { longestTestid } from '../../runs/names.ts';
import { findTool, testWithTool } from '../tool.ts';
import { inProcess } from './loadscope.ts';
import {
  addJob,
  addLoad,
  addRecord,
  addStack,
  clusterFlags,
  factsOf,
  finish,
  jobs,
  start,
  statusOf,
  verdictOf,
} from './runs-fixture.ts';
import { type KubernetesObject, KubernetesServer } from './runs-server.ts';

/** Launches, by the real kubectl, against a server that plays Kubernetes. */

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

const launch = (...args: string[]) => inProcess(launchCommand, ['launch', ...args, ...clusterFlags(server)]);
const launchOfProcess = (...args: string[]) => start(server, 'launch', ...args).outcome;
const launched = () => [...server.objects].flatMap(([path, object]) => (path.startsWith(jobs) ? [object] : []));
const asked = (job: KubernetesObject | undefined) => job && stepsOf(job.spec);

ifKubectl('makes the Job of a load test, under an id of its own', async () => {
  const { status, stdout, stderr } = await launchOfProcess('browse');
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^Launched (browse-\d{8}-\d{6}):\n {2}browse: profile smoke, 2 virtual users for \d+s by 1 runner\n {2}wait {3}loadscope status \1 --wait --kubeconfig .* --namespace shop-load\n {2}read {3}loadscope logs \1 -f .*\n {2}stop {3}loadscope stop \1 .*\n$/,
  );
  expect(status).toBe(0);
  const [job] = launched();
  expect(job?.metadata.labels).toMatchObject({
    'app.kubernetes.io/name': 'coordinator',
    'loadscope/load-test': 'browse',
    'loadscope/testid': job?.metadata.name,
  });
  expect(job?.metadata.annotations).toEqual({ 'cronjob.kubernetes.io/instantiate': 'manual' });
  expect(asked(job)).toEqual([{ loadTest: 'browse' }]);
});

ifKubectl('asks the coordinator for what the flags say', async () => {
  const { status, stdout } = await launch(
    ...[
      'search',
      '--profile',
      'medium',
      '--runners',
      '4',
      '--set',
      'rate=80,duration=90s',
      '--testid',
      'mine',
      '--json',
    ],
  );
  expect(status).toBe(0);
  expect(asked(server.objects.get(`${jobs}/mine`))).toEqual([
    { loadTest: 'search', profile: 'medium', runners: 4, set: { rate: '80', duration: '90s' } },
  ]);
  expect(JSON.parse(stdout)).toEqual({
    ...{ version: 1, id: 'mine', namespace: 'shop-load', suite: null },
    steps: [
      {
        ...{ loadTest: 'search', scenario: 'search-load', profile: 'medium', engine: 'jobs', runners: 4 },
        ...{ vus: 20, rate: 80, duration: loadOf('medium', { duration: 90 }).duration },
      },
    ],
  });
});

ifKubectl('takes a scenario for its only load test, and suites by their prefix', async () => {
  const scenario = await launch('search-load');
  expect(scenario.stdout).toMatch(/^Launched search-\d{8}-/);
  for (const { metadata } of launched()) finish(server, metadata.name);
  const suite = await launch('suite/nightly', '--profile', 'light', '--testid', 'night');
  expect(suite.stdout).toMatch(
    /^Launched night, suite nightly:\n {2}browse: profile light.*\n {2}search: profile light/,
  );
  expect(asked(server.objects.get(`${jobs}/night`))).toEqual([
    { loadTest: 'browse', profile: 'light' },
    { loadTest: 'search', profile: 'light' },
  ]);
});

describe('refuses, before anything is made,', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], error: RegExp])[] = [
    [
      'a name that there is not',
      ['brows'],
      /there is no load test "brows"; did you mean "browse"\? There are: browse, .*suite\/nightly\.$/,
    ],
    [
      'a suite that there is not',
      ['suite/daily'],
      /there is no load test "suite\/daily"; did you mean "suite\/nightly"/,
    ],
    [
      'a scenario of several',
      ['product-query'],
      /is the scenario of several load tests: name one of pages, products\.$/,
    ],
    [
      'a profile that there is not',
      ['browse', '--profile', 'huge'],
      /'--profile <name>' argument 'huge' is invalid.*smoke, light/,
    ],
    ['an engine that there is not', ['browse', '--engine', 'docker'], /'--engine <name>' argument 'docker' is invalid/],
    [
      'no number of runners',
      ['browse', '--runners', 'two'],
      /'--runners <number>' argument 'two' is invalid.*whole number/,
    ],
    [
      'more runners than load',
      ['browse', '--runners', '3'],
      /--runners: 3 cannot share 2 virtual users.*\(load test browse\)\.$/,
    ],
    ['too many runners', ['browse', '--runners', '201'], /--runners: must be a whole number from 1 to 200, not 201/],
    [
      'more users than can log in',
      ['orders', '--set', 'vus=9'],
      /--set vus: 9 virtual users need as many users to log in/,
    ],
    [
      'a setting that there is not',
      ['browse', '--set', 'pages=3'],
      /--set: browse knows no "pages"; it knows: vus, rate, duration, thinkMs/,
    ],
    [
      'a setting without a value',
      ['browse', '--set', 'vus'],
      /'--set <name=value,...>' argument 'vus' is invalid\. It must be name=value/,
    ],
    ['a setting twice', ['browse', '--set', 'vus=3', '--set', 'vus=4'], /It sets vus twice/],
    ['a duration that is none', ['browse', '--set', 'duration=soon'], /--set duration: must be a duration such as 90s/],
    ['an id that is none', ['browse', '--testid', 'Mine'], /--testid "Mine": must be lower-case letters/],
    [
      'an id that is too long',
      ['browse', '--testid', 'a'.repeat(longestTestid + 1)],
      /--testid "a+": must have at most \d+ characters, and has \d+/,
    ],
    [
      'an id too long for a suite',
      ['suite/nightly', '--testid', 'a'.repeat(longestTestid - 1)],
      /must have at most \d+ characters, as runs of a suite are numbered/,
    ],
    [
      'an operator that there is not',
      ['browse', '--engine', 'operator'],
      /--engine operator: the cluster has no k6-operator/,
    ],
  ];
  /** In this process, since a process for each mistake would take long. */
  async function refusalOf(args: readonly string[]): Promise<string> {
    const said: string[] = [];
    const program = new Command().exitOverride().configureOutput({ writeErr: (text) => void said.push(text) });
    launchCommand(program);
    const flags = ['-n', 'shop-load', '--kubeconfig', server.kubeconfig];
    const error = await program
      .parseAsync(['node', 'loadscope', 'launch', ...args, ...flags])
      .catch((thrown) => thrown);
    expect(['CliError', 'CommanderError']).toContain(error?.name);
    return error.message;
  }
  for (const [what, args, error] of cases)
    ifKubectl(what, async () => {
      expect(await refusalOf(args)).toMatch(error);
      expect(server.requests('POST')).toEqual([]);
    });

  ifKubectl('with one line, and exit code 2', async () => {
    const bad = await launchOfProcess('browse', '--set', 'vus=0');
    const unknown = await launchOfProcess('browse', '--profile', 'huge');
    for (const { status, stdout, stderr } of [bad, unknown]) {
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect([status, stdout]).toEqual([2, '']);
    }
  });
});

ifKubectl('refuses a second run, and says how to be rid of the first', async () => {
  addJob(server, 'first');
  const { status, stderr } = await launch('browse');
  expect(stderr).toMatch(
    /^error: first is under way, .*"loadscope status first --wait .*-n.*shop-load", or stop it with "loadscope stop first .*"\.\n$/,
  );
  expect(status).toBe(2);
  expect(server.requests('POST')).toEqual([]);
  finish(server, 'first', 'Failed');
  expect((await launch('browse')).status).toBe(0);
});

ifKubectl("takes none of the stack's other Jobs for a run", async () => {
  server.put(jobs, {
    metadata: { name: 'mysql-users-1', labels: { 'app.kubernetes.io/part-of': 'loadscope' } },
    spec: { template: { spec: { containers: [] } } },
  });
  expect((await launch('browse')).status).toBe(0);
});

ifKubectl('refuses an id that was used: by a Job, or by a record that is left', async () => {
  addJob(server, 'used');
  finish(server, 'used');
  const job = await launch('browse', '--testid', 'used');
  addRecord(server, factsOf('old'), statusOf({ stage: 'over' }), verdictOf('old', 'pass'));
  const record = await launch('browse', '--testid', 'old');
  for (const { status, stderr } of [job, record]) {
    expect(stderr).toMatch(/^error: --testid (used|old): there is a run of that name already/);
    expect(status).toBe(2);
  }
});

ifKubectl('refuses a suite of whose runs one is written already', async () => {
  addRecord(
    server,
    factsOf('night-2', { suite: 'nightly' }),
    statusOf({ stage: 'over' }),
    verdictOf('night-2', 'pass'),
  );
  const { status, stderr } = await launch('suite/nightly', '--testid', 'night');
  expect(stderr).toMatch(/^error: --testid night: there is a run night-2 already, .*\n$/);
  expect(status).toBe(2);
  expect(server.requests('POST')).toEqual([]);
});

ifKubectl('refuses to run beside load whose coordinator is gone', async () => {
  addLoad(server, 'lost', 1);
  const { status, stderr } = await launch('browse');
  expect(stderr).toMatch(/^error: load of lost is still there, .* "loadscope stop lost .*-n.*shop-load"\.\n$/);
  expect(status).toBe(2);
  expect(server.requests('POST')).toEqual([]);
  finish(server, 'lost-load');
  expect((await launch('browse')).status).toBe(0);
});

describe('where the answer to a launch is lost', () => {
  const lose = () => {
    server.refuse = ({ method }) => (method === 'POST' ? [504, 'Timeout', 'request did not complete'] : undefined);
  };
  ifKubectl('it looks for the Job, and goes on', async () => {
    lose();
    server.onChange = ({ method }) => {
      if (method === 'POST') addJob(server, 'a');
    };
    const { status, stdout } = await launch('browse', '--testid', 'a');
    expect(stdout).toMatch(/^Launched a:/);
    expect(status).toBe(0);
  });
  ifKubectl('it does not claim that nothing was launched', async () => {
    lose();
    const { status, stderr } = await launch('browse', '--testid', 'a');
    expect(stderr).toMatch(/^error: a may be launched: the cluster cannot .* See "loadscope status a --.*"\.\n$/);
    expect(status).toBe(2);
  });
});

describe('one sentence says what is wrong', () => {
  ifKubectl('with the cluster', async () => {
    server.refuse = ({ path }) =>
      path.includes('configmaps')
        ? [
            403,
            'Forbidden',
            'configmaps "load-tests" is forbidden: User "joe" cannot get resource "configmaps" in API group "" in the namespace "shop-load"',
          ]
        : undefined;
    const forbidden = await launch('browse');
    expect(forbidden.stderr).toMatch(/^error: joe may not get configmaps in the namespace shop-load: ask .*\n$/);
    server.clear();
    const empty = await launch('browse');
    expect(empty.stderr).toMatch(/^error: the namespace shop-load has no load tests .* apply the stack, .*\n$/);
    addStack(server);
    server.refuse = ({ method }) =>
      method === 'POST' ? [403, 'Forbidden', 'jobs.batch "a" is forbidden: exceeded quota: count/jobs'] : undefined;
    const quota = await launch('browse', '--testid', 'a');
    expect(quota.stderr).toBe(
      'error: a is not launched: the cluster refuses it: jobs.batch "a" is forbidden: exceeded quota: count/jobs\n',
    );
    const context = await launchOfProcess('browse', '--context', 'other');
    expect(context.stderr).toMatch(/^error: kubectl: context "other" does not exist\n$/);
    for (const { status } of [forbidden, empty, quota, context]) expect(status).toBe(2);
  });
  ifKubectl('with the way to it', async () => {
    await server.stop();
    const { status, stderr } = await launch('browse');
    await server.start();
    expect(stderr).toMatch(
      /^error: the cluster is out of reach: The connection to the server 127\.0\.0\.1:\d+ was refused.*\n$/,
    );
    expect(status).toBe(2);
  });
});

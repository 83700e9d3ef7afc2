import { scenarios } from '../../k6-jobs/catalogue.ts';
import { loadName } from '../../runs/names.ts';
import { loadscope, start } from '../lib/command.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl, kubectlJson } from '../lib/kubectl.ts';
import { runnerChanged } from '../lib/launch.ts';
import { Runs } from '../lib/runs.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Load tests from the launch to the verdict. */
export function loadTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const inStack = (...args: string[]) => kubectl('-n', stack.namespace, ...args);
  const command = (...args: string[]) => [...args, '--namespace', stack.namespace];
  const runs = new Runs(stack);

  describe('each scenario, in its smallest profile', () => {
    const suite = runs.newId('suite');
    let launched = '';

    // All of them one after the other; what became of each is its own test's to tell.
    beforeAll(async () => {
      launched = (
        await loadscope(...command('launch', 'suite/scenarios', '--set', 'duration=12s', '--testid', suite, '--wait'))
      ).output;
    });

    for (const [index, scenario] of Object.keys(scenarios).entries())
      test(`${scenario} passes`, async () => {
        const { run, verdict } = await runs.record(`${suite}-${index + 1}`);
        if (verdict?.verdict !== 'pass') throw new Error(launched);
        expect(run).toMatchObject({ scenario, profile: 'smoke', duration: 12, suite: 'scenarios' });
      });

    test('and so does the suite that they are launched as', async () => {
      expect(await stack.jobEnded(suite, 30)).toBe('Complete');
      expect((await loadscope(...command('status', suite, '--wait'))).status).toBe(0);
    });

    test('they are listed with their verdicts, and none is under way', async () => {
      const { status, stdout } = await loadscope(...command('list', '--json'));
      expect(status).toBe(0);
      const { runs } = JSON.parse(stdout) as { runs: { loadTest: string; verdict: string }[] };
      for (const scenario of Object.keys(scenarios))
        expect(runs).toContainEqual(expect.objectContaining({ loadTest: `demo-${scenario}`, verdict: 'pass' }));
    });
  });

  describe('a run fails', () => {
    test('by a budget that nothing could meet: exit code, Job, record, termination message and metric say so', async () => {
      const { testid, status, verdict, reasons } = await runs.ends('demo-browse', {
        set: { duration: '10s' },
        plan: (plan) => ({
          ...plan,
          questions: plan.questions.map((question) =>
            question.budget === 'p95' && question.job === 'k6' ? { ...question, bound: 0.000_001 } : question,
          ),
        }),
      });
      expect({ status, verdict, reasons }).toEqual({
        status: 1,
        verdict: 'fail',
        reasons: expect.stringMatching(/^p95/),
      });
      expect(await stack.jobEnded(testid, 30)).toBe('Failed');
      const { items } = await kubectlJson<{
        items: { status: { containerStatuses: { state: { terminated: { exitCode: number; message: string } } }[] } }[];
      }>('-n', stack.namespace, 'get', 'pods', '-l', `batch.kubernetes.io/job-name=${testid}`);
      const ended = items[0]?.status.containerStatuses[0]?.state.terminated;
      expect(ended?.exitCode).toBe(1);
      expect(JSON.parse(ended?.message ?? '')).toMatchObject({ verdict: 'fail', testid });
      await eventually(30, async () =>
        expect(await prometheus.query(`last_over_time(loadscope_run_verdict{testid="${testid}"}[5m])`)).toMatchObject([
          { metric: { verdict: 'fail', job: 'loadscope', service: 'api-gateway' } },
        ]),
      );
    });
  });

  test('the profile breakpoint ends with the first budget that breaks, and fails by it', async () => {
    const bound = 0.000_001;
    const { verdict, status, output } = await runs.ends('demo-browse', {
      profile: 'breakpoint',
      runners: 2,
      set: { vus: '10', duration: '120s' },
      plan: (plan) =>
        runnerChanged('demo-browse', (template) => {
          const [container] = template.spec.containers;
          const env = (container.env ?? []).map((variable) =>
            variable.name === 'THRESHOLDS'
              ? { ...variable, value: JSON.stringify({ http_req_duration: [`p(95)<=${bound}`] }) }
              : variable,
          );
          return { ...template, spec: { ...template.spec, containers: [{ ...container, env }] as const } };
        })({
          ...plan,
          questions: plan.questions.map((question) =>
            question.budget === 'p95' && question.job === 'k6' ? { ...question, bound } : question,
          ),
        }),
    });
    if (verdict !== 'fail') throw new Error(output);
    expect(status).toBe(1);
  });

  describe('only one at a time', () => {
    test('a second launch is refused by the command, and by its coordinator where kubectl launched it', async () => {
      const first = start(
        ...command('launch', 'browse', '--set', 'duration=20s', '--testid', runs.newId('first'), '--wait'),
      );
      await eventually(60, async () => {
        if (!(await inStack('get', 'jobs', '-o', 'name')).includes('job.batch/first-')) throw new Error('not yet');
      });
      const second = await loadscope(...command('launch', 'browse'));
      expect(second).toMatchObject({ status: 2, output: expect.stringMatching(/first-/) });
      const third = await runs.ends('demo-browse', {});
      expect(third).toMatchObject({
        status: 2,
        verdict: 'invalid',
        reasons: expect.stringMatching(/first-.* under way/),
      });
      expect((await first.ended).status).toBe(0);
    });

    test('stop ends all load within ten seconds, and says what it stopped', async () => {
      const testid = runs.newId('stopped');
      const waiting = start(
        ...command('launch', 'browse', '--set', 'duration=300s', '--runners', '2', '--testid', testid, '--wait'),
      );
      await runs.underLoad(testid);
      const { status, output } = await loadscope(...command('stop'));
      console.log(output.trim());
      expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining(testid) });
      const [, seconds] = /last gone after ([\d.]+) s/.exec(output) ?? [];
      expect(Number(seconds)).toBeLessThan(10);
      expect(
        await inStack(
          'get',
          'pods',
          '-o',
          'name',
          '-l',
          'app.kubernetes.io/name=k6',
          '--field-selector=status.phase=Running',
        ),
      ).toBe('');
      expect(await waiting.ended).toMatchObject({ status: 2, output: expect.stringMatching(/stopped/) });
    });
  });

  describe('with k6-operator', () => {
    test('the same scenario has the same verdict', async () => {
      const resources = await kubectl('api-resources', '--api-group=k6.io', '-o', 'name');
      if (!resources.includes('testruns')) {
        console.warn('k6-operator is not in this cluster: its engine is not tried.');
        return;
      }
      const outcome = await runs.ends('demo-browse', { engine: 'operator', runners: 2, set: { duration: '20s' } });
      if (outcome.status !== 0) throw new Error(outcome.output);
      const { run, verdict } = await runs.record(outcome.testid);
      expect({ engine: run.engine, verdict: verdict?.verdict }).toEqual({ engine: 'operator', verdict: 'pass' });
      expect(verdict?.runners).toMatchObject([{ runner: '1' }, { runner: '2' }]);
      const { status } = await kubectlJson<{ status: { stage: string } }>(
        ...['-n', stack.namespace, 'get', 'testrun', loadName(outcome.testid)],
      );
      expect(status.stage).toBe('finished');
    });
  });
}

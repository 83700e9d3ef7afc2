import { scenarios } from '../../k6-jobs/catalogue.ts';
import { loadName, recordName } from '../../runs/names.ts';
import { type RunRecord, recordOf } from '../../runs/record.ts';
import { loadscope, start } from '../lib/command.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl, kubectlJson, kubectlStdin } from '../lib/kubectl.ts';
import { type Changes, launch, runnerChanged, starved } from '../lib/launch.ts';
import { rawSamples } from '../lib/raw-samples.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Load tests from the launch to the verdict, those that go well and those that do not. */
export function loadTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const inStack = (...args: string[]) => kubectl('-n', stack.namespace, ...args);
  const command = (...args: string[]) => [...args, '--namespace', stack.namespace];
  let number = 0;
  const newId = (name: string) => `${name}-${Date.now().toString(36)}${number++}`;

  const recordOfRun = async (testid: string): Promise<RunRecord> =>
    recordOf(await kubectlJson('-n', stack.namespace, 'get', 'configmap', recordName(testid)));

  /** How a run ends that is launched with something else in its plan. */
  const ends = async (loadTest: string, changes: Changes, meanwhile?: (testid: string) => Promise<void>) => {
    const testid = newId('e2e');
    await launch(stack.namespace, testid, loadTest, changes);
    await meanwhile?.(testid);
    const { status, output } = await loadscope(...command('status', testid, '--wait'));
    const { verdict } = await recordOfRun(testid);
    return { testid, status, output, verdict: verdict?.verdict, reasons: verdict?.reasons.join('; ') ?? '' };
  };
  /** Waits until requests of a run arrive. */
  const underLoad = (testid: string) =>
    eventually(120, async () => {
      const { status } = await recordOfRun(testid);
      if (status.stage !== 'load' || !status.requests) throw new Error(JSON.stringify(status));
    });

  describe('each scenario, in its smallest profile', () => {
    const suite = newId('suite');
    let launched = '';

    // All of them one after the other; what became of each is its own test's to tell.
    beforeAll(async () => {
      launched = (
        await loadscope(...command('launch', 'suite/scenarios', '--set', 'duration=12s', '--testid', suite, '--wait'))
      ).output;
    });

    for (const [index, scenario] of Object.keys(scenarios).entries())
      test(`${scenario} passes`, async () => {
        const { run, verdict } = await recordOfRun(`${suite}-${index + 1}`);
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
      const { testid, status, verdict, reasons } = await ends('demo-browse', {
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
    const { verdict, status, output } = await ends('demo-browse', {
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

  describe('a run is invalid', () => {
    test('by a budget on requests that it does not send', async () => {
      const outcome = await ends('demo-browse', {
        set: { duration: '10s' },
        plan: (plan) => ({
          ...plan,
          questions: plan.questions.flatMap((question) =>
            question.budget === 'p95' && question.job === 'k6'
              ? [
                  question,
                  {
                    ...question,
                    isDefault: false,
                    budget: 'p95 of endpoint never_sent',
                    expr: question.expr.replaceAll('testid="$testid"', 'testid="$testid",name="never_sent"'),
                  },
                ]
              : [question],
          ),
        }),
      });
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringContaining('never_sent') });
    });

    test('when what it measures does not arrive', async () => {
      const policy = await kubectlJson<{ spec: { ingress: { from: object[] }[] } }>(
        ...['-n', stack.namespace, 'get', 'networkpolicy', 'prometheus'],
      );
      const others = (from: object[]) => from.filter((peer) => !JSON.stringify(peer).includes('"k6"'));
      const closed = policy.spec.ingress.map((rule) => ({ ...rule, from: others(rule.from) }));
      const ingress = (rules: unknown) =>
        inStack(
          'patch',
          'networkpolicy',
          'prometheus',
          '--type=merge',
          '-p',
          JSON.stringify({ spec: { ingress: rules } }),
        );
      await ingress(closed);
      try {
        const outcome = await ends('demo-browse', { set: { duration: '10s' } });
        expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/Prometheus/) });
      } finally {
        await ingress(policy.spec.ingress);
      }
    });

    test('when its runner has no CPU for what is asked of it', async () => {
      const outcome = await ends('demo-blog-read', {
        set: { rate: '200', duration: '20s' },
        plan: starved('demo-blog-read'),
      });
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/CPU|dropped/i) });
    });

    test('when what it loads goes away', async () => {
      try {
        const outcome = await ends('demo-browse', { set: { duration: '30s' } }, async (testid) => {
          await underLoad(testid);
          await kubectl('-n', stack.shop, 'scale', 'deployment/api-gateway', '--replicas=0');
        });
        expect(outcome).toMatchObject({
          status: 2,
          verdict: 'invalid',
          reasons: expect.stringContaining('api-gateway'),
        });
      } finally {
        await kubectl('-n', stack.shop, 'scale', 'deployment/api-gateway', '--replicas=1');
        await stack.ready(stack.shop, 180);
      }
    });

    test('when a runner is killed, which is named', async () => {
      const outcome = await ends('demo-browse', { runners: 2, set: { duration: '60s' } }, async (testid) => {
        await underLoad(testid);
        const pods = (
          await inStack('get', 'pods', '-o', 'name', '-l', `loadscope/testid=${testid},app.kubernetes.io/name=k6`)
        )
          .trim()
          .split('\n');
        expect(pods).toHaveLength(2);
        await inStack('delete', pods[1] ?? '', '--grace-period=0', '--force', '--wait=false');
      });
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/runner 1/) });
    });

    test('when the node of its runners is drained', async () => {
      const outcome = await ends('demo-browse', { runners: 2, set: { duration: '60s' } }, async (testid) => {
        await underLoad(testid);
        const { items } = await kubectlJson<{ items: { metadata: { name: string } }[] }>(
          ...['-n', stack.namespace, 'get', 'pods', '-l', `loadscope/testid=${testid},app.kubernetes.io/name=k6`],
        );
        expect(items).toHaveLength(2);
        for (const { metadata } of items)
          await kubectlStdin(
            {
              apiVersion: 'policy/v1',
              kind: 'Eviction',
              metadata: { name: metadata.name, namespace: stack.namespace },
            },
            'create',
            '--raw',
            `/api/v1/namespaces/${stack.namespace}/pods/${metadata.name}/eviction`,
          );
      });
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid' });
      expect(await inStack('get', 'jobs', '-o', 'name')).toContain(loadName(outcome.testid));
    });

    test('when its coordinator is killed: another ends the load', async () => {
      const outcome = await ends('demo-browse', { set: { duration: '120s' } }, async (testid) => {
        await underLoad(testid);
        await inStack('delete', 'pod', '-l', `batch.kubernetes.io/job-name=${testid}`, '--grace-period=0', '--force');
      });
      expect(outcome).toMatchObject({
        status: 2,
        verdict: 'invalid',
        // Kubernetes may tell it to end before it kills it, and that may be time enough to say so.
        reasons: expect.stringMatching(/coordinator was (lost in stage load|told to end)/),
      });
    });
  });

  describe('only one at a time', () => {
    test('a second launch is refused by the command, and by its coordinator where kubectl launched it', async () => {
      const first = start(
        ...command('launch', 'browse', '--set', 'duration=20s', '--testid', newId('first'), '--wait'),
      );
      await eventually(60, async () => {
        if (!(await inStack('get', 'jobs', '-o', 'name')).includes('job.batch/first-')) throw new Error('not yet');
      });
      const second = await loadscope(...command('launch', 'browse'));
      expect(second).toMatchObject({ status: 2, output: expect.stringMatching(/first-/) });
      const third = await ends('demo-browse', {});
      expect(third).toMatchObject({
        status: 2,
        verdict: 'invalid',
        reasons: expect.stringMatching(/first-.* under way/),
      });
      expect((await first.ended).status).toBe(0);
    });

    test('stop ends all load within ten seconds, and says what it stopped', async () => {
      const testid = newId('stopped');
      const waiting = start(
        ...command('launch', 'browse', '--set', 'duration=300s', '--runners', '2', '--testid', testid, '--wait'),
      );
      await underLoad(testid);
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
      const outcome = await ends('demo-browse', { engine: 'operator', runners: 2, set: { duration: '20s' } });
      if (outcome.status !== 0) throw new Error(outcome.output);
      const { run, verdict } = await recordOfRun(outcome.testid);
      expect({ engine: run.engine, verdict: verdict?.verdict }).toEqual({ engine: 'operator', verdict: 'pass' });
      expect(verdict?.runners).toMatchObject([{ runner: '1' }, { runner: '2' }]);
      const { status } = await kubectlJson<{ status: { stage: string } }>(
        ...['-n', stack.namespace, 'get', 'testrun', loadName(outcome.testid)],
      );
      expect(status.stage).toBe('finished');
    });
  });

  describe('a fleet of four', () => {
    /** Samples that k6 wrote to the logs of the runners. */
    const toLogs =
      (loadTest: string): Changes['plan'] =>
      (plan) => {
        const planned = plan.loadTests[loadTest];
        if (!planned) throw new Error(`there is no load test ${loadTest}`);
        const { template } = planned;
        const [container] = template.spec.containers;
        const args = ['run', '--out=json', ...(container.args ?? []).slice(1)];
        const changed = { ...template, spec: { ...template.spec, containers: [{ ...container, args }] as const } };
        return { ...plan, loadTests: { ...plan.loadTests, [loadTest]: { ...planned, template: changed } } };
      };

    test('agrees with the raw samples of its runners: counts exactly, p95 within 5 %', async () => {
      // Whether it passes is a matter of the machine: four runners and the shop share it.
      const { testid, reasons } = await ends('demo-product-query', {
        runners: 4,
        set: { rate: '24', duration: '30s' },
        plan: toLogs('demo-product-query'),
      });
      expect(reasons).not.toMatch(/lost|left no result|no sample/);
      const raw = await rawSamples(stack.namespace, testid);
      expect(raw.runners).toBe(4);
      const ofRun = `testid="${testid}",scenario!=""`;
      const count = await prometheus.value(`sum(last_over_time(k6_http_reqs_total{${ofRun}}[10m]))`);
      const failed = await prometheus.value(
        `sum(last_over_time(k6_http_reqs_total{${ofRun},expected_response="false"}[10m])) or vector(0)`,
      );
      const p95 = await prometheus.value(
        `histogram_quantile(0.95, sum(last_over_time(k6_http_req_duration_seconds{${ofRun}}[10m])))`,
      );
      console.log(
        `fleet: ${count} requests, ${failed} failed, p95 ${p95}; merged samples: ${raw.requests}, ${raw.failed}, ${raw.p95}`,
      );
      expect(raw.requests).toBeGreaterThan(400);
      expect({ count, failed }).toEqual({ count: raw.requests, failed: raw.failed });
      expect(Math.abs(p95 / raw.p95 - 1)).toBeLessThan(0.05);
    });

    test('starts a coupon spike on all runners within 100 ms', async () => {
      const { testid, reasons } = await ends('demo-coupon-spike', {
        runners: 4,
        set: { vus: '40', coupon: '3' },
        plan: toLogs('demo-coupon-spike'),
      });
      expect(reasons).not.toMatch(/lost|left no result|no sample|is not so/);
      const { starts } = await rawSamples(stack.namespace, testid);
      const spread = Math.max(...starts) - Math.min(...starts);
      console.log(`four runners sent their first request within ${spread} ms`);
      expect(starts).toHaveLength(4);
      expect(spread).toBeLessThan(100);
      const outcomes = await prometheus.query(
        `sum by (outcome) (last_over_time(k6_coupon_outcomes_total{testid="${testid}"}[10m]))`,
      );
      expect(outcomes).toMatchObject([{ metric: { outcome: 'QUEUED' }, value: [expect.any(Number), '40'] }]);
    });
  });
}

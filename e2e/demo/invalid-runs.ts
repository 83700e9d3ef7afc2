import { loadName } from '../../runs/names.ts';
import { kubectl, kubectlJson, kubectlStdin } from '../lib/kubectl.ts';
import { starved } from '../lib/launch.ts';
import { Runs } from '../lib/runs.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Runs that say nothing, since what they measure was not measured, or not under the load that was asked for. */
export function invalidRuns(stack: Stack): void {
  const test = testWith(stack);
  const runs = new Runs(stack);
  const inStack = (...args: string[]) => kubectl('-n', stack.namespace, ...args);

  describe('a run is invalid', () => {
    test('by a budget on requests that it does not send', async () => {
      const outcome = await runs.ends('demo-browse', {
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
        const outcome = await runs.ends('demo-browse', { set: { duration: '10s' } });
        expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/Prometheus/) });
      } finally {
        await ingress(policy.spec.ingress);
      }
    });

    test('when its runner has no CPU for what is asked of it', async () => {
      const outcome = await runs.ends('demo-blog-read', {
        set: { rate: '200', duration: '20s' },
        plan: starved('demo-blog-read'),
      });
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/CPU|dropped/i) });
    });

    test('when what it loads goes away', async () => {
      try {
        const outcome = await runs.ends(
          'demo-browse',
          { set: { duration: '30s' } },
          {
            meanwhile: async (testid) => {
              await runs.underLoad(testid);
              await kubectl('-n', stack.shop, 'scale', 'deployment/api-gateway', '--replicas=0');
            },
          },
        );
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
      const outcome = await runs.ends(
        'demo-browse',
        { runners: 2, set: { duration: '60s' } },
        {
          meanwhile: async (testid) => {
            await runs.underLoad(testid);
            const pods = (
              await inStack('get', 'pods', '-o', 'name', '-l', `loadscope/testid=${testid},app.kubernetes.io/name=k6`)
            )
              .trim()
              .split('\n');
            expect(pods).toHaveLength(2);
            await inStack('delete', pods[1] ?? '', '--grace-period=0', '--force', '--wait=false');
          },
        },
      );
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid', reasons: expect.stringMatching(/runner 1/) });
    });

    test('when the node of its runners is drained', async () => {
      const outcome = await runs.ends(
        'demo-browse',
        { runners: 2, set: { duration: '60s' } },
        {
          meanwhile: async (testid) => {
            await runs.underLoad(testid);
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
          },
        },
      );
      expect(outcome).toMatchObject({ status: 2, verdict: 'invalid' });
      expect(await inStack('get', 'jobs', '-o', 'name')).toContain(loadName(outcome.testid));
    });

    test('when its coordinator is killed: another ends the load', async () => {
      const outcome = await runs.ends(
        'demo-browse',
        { set: { duration: '120s' } },
        {
          meanwhile: async (testid) => {
            await runs.underLoad(testid);
            await inStack(
              'delete',
              'pod',
              '-l',
              `batch.kubernetes.io/job-name=${testid}`,
              '--grace-period=0',
              '--force',
            );
          },
        },
      );
      expect(outcome).toMatchObject({
        status: 2,
        verdict: 'invalid',
        // Kubernetes may tell it to end before it kills it, and that may be time enough to say so.
        reasons: expect.stringMatching(/coordinator was (lost in stage load|told to end)/),
      });
    });
  });
}

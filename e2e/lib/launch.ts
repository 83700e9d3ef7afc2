import { planName } from '../../runs/names.ts';
import type { Plan, PlannedTest, Step } from '../../runs/plan.ts';
import { kubectl, kubectlJson, kubectlStdin } from './kubectl.ts';

interface Pod {
  containers: [{ env: { name: string; value?: string }[] }];
  volumes: { name: string; configMap?: { name: string } }[];
}

interface CronJob {
  spec: { jobTemplate: { metadata: object; spec: { template: { spec: Pod } } } };
}

/** What is other in a run than in the load test it is launched from. */
export interface Changes {
  readonly set?: Step['set'];
  readonly profile?: Step['profile'];
  readonly runners?: number;
  readonly engine?: PlannedTest['engine'];
  /** Of the plan that its coordinator reads, which is this run's alone. */
  readonly plan?: (plan: Plan) => Plan;
}

/** The plan with another pod for the runners of a load test. */
export const runnerChanged =
  (loadTest: string, change: (template: PlannedTest['template']) => PlannedTest['template']) =>
  (plan: Plan): Plan => {
    const test = plan.loadTests[loadTest];
    if (!test) throw new Error(`there is no load test ${loadTest}`);
    return { ...plan, loadTests: { ...plan.loadTests, [loadTest]: { ...test, template: change(test.template) } } };
  };

/** Response times as percentiles of each runner. */
export const trendStats = runnerChanged('demo-browse', (template) => {
  const [container] = template.spec.containers;
  const env = (container.env ?? []).filter(({ name }) => name !== 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM');
  const percentiles = { name: 'K6_PROMETHEUS_RW_TREND_STATS', value: 'p(50),p(95),p(99),avg' };
  return { ...template, spec: { ...template.spec, containers: [{ ...container, env: [...env, percentiles] }] } };
});

/** Runners with hardly any CPU. */
export const starved = (loadTest: string) =>
  runnerChanged(loadTest, (template) => {
    const [container] = template.spec.containers;
    const cpu = { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' };
    const resources = { requests: cpu, limits: cpu };
    return { ...template, spec: { ...template.spec, containers: [{ ...container, resources }] } };
  });

/** The plan of a stack's load tests. */
export async function planOf(namespace: string): Promise<Plan> {
  const { data } = await kubectlJson<{ data: Record<string, string> }>(
    ...['-n', namespace, 'get', 'configmap', planName],
  );
  return JSON.parse(data['plan.json'] ?? '');
}

/**
 * Launches a load test, with kubectl alone.
 *
 * @param run the name of its Job, and the id of the run
 */
export async function launch(
  namespace: string,
  run: string,
  loadTest = 'demo-browse',
  changes?: Changes,
  from = `k6-${loadTest}`,
): Promise<void> {
  if (!changes) {
    await kubectl('-n', namespace, 'create', 'job', run, `--from=cronjob/${from}`);
    return;
  }
  const { plan: change, ...step } = changes;
  const cronJob = await kubectlJson<CronJob>('-n', namespace, 'get', 'cronjob', from);
  const { metadata, spec } = cronJob.spec.jobTemplate;
  const pod = spec.template.spec;
  for (const variable of pod.containers[0].env)
    if (variable.name === 'STEPS') variable.value = JSON.stringify([{ loadTest, ...step }]);
  if (change) {
    const name = `plan-${run}`;
    const data = { 'plan.json': JSON.stringify(change(await planOf(namespace))) };
    await kubectlStdin({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data }, 'create');
    for (const { configMap } of pod.volumes) if (configMap?.name === planName) configMap.name = name;
  }
  await kubectlStdin(
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, name: run, namespace }, spec },
    'create',
  );
}

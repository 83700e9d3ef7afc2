import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl, kubectlJson, kubectlStdin } from './kubectl.ts';

interface Container {
  args: string[];
  env: { name: string; value?: string }[];
  volumeMounts: { name: string; mountPath: string }[];
}

interface JobSpec {
  template: { spec: { containers: [Container]; volumes: unknown[] } };
}

/** What is other in a run than in the load test it is launched from. */
export type Change = (container: Container, spec: JobSpec) => void;

/** Response times as percentiles of each runner. */
export const trendStats: Change = (container) => {
  container.env = container.env.filter(({ name }) => name !== 'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM');
  container.env.push({ name: 'K6_PROMETHEUS_RW_TREND_STATS', value: 'p(50),p(95),p(99),avg' });
};

/** Too few users for what is asked of them: fixtures/drops.js. */
export const drops: Change = (container, { template }) => {
  template.spec.volumes.push({ name: 'drops', configMap: { name: 'drops' } });
  container.volumeMounts.push({ name: 'drops', mountPath: '/drops' });
  container.args = [...container.args.slice(0, -1), '/drops/drops.js'];
};

/**
 * Launches the demo's load test.
 *
 * @param run the name of its Job, and the id of the run
 */
export async function launch(namespace: string, run: string, change?: Change): Promise<void> {
  if (!change) {
    await kubectl('-n', namespace, 'create', 'job', run, '--from=cronjob/k6-demo-browse');
    return;
  }
  const { spec: of } = await kubectlJson<{ spec: { jobTemplate: { metadata: object; spec: JobSpec } } }>(
    '-n',
    namespace,
    'get',
    'cronjob',
    'k6-demo-browse',
  );
  const { metadata, spec } = of.jobTemplate;
  change(spec.template.spec.containers[0], spec);
  const script = readFileSync(join(import.meta.dirname, '../fixtures/drops.js'), 'utf8');
  await kubectlStdin(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'drops', namespace }, data: { 'drops.js': script } },
    'apply',
  );
  await kubectlStdin(
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...metadata, name: run, namespace }, spec },
    'apply',
  );
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from '../../runs/plan.ts';
import { type RunFacts, type RunStatus, writtenBy } from '../../runs/record.ts';
import type { VerdictDocument } from '../../verdict/report.ts';
import type { Outcome } from './loadscope.ts';
import type { KubernetesObject, KubernetesServer } from './runs-server.ts';

/** A stack with its load tests, and runs in it. */

const namespace = 'shop-load';
export const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
export const pods = `/api/v1/namespaces/${namespace}/pods`;
export const maps = `/api/v1/namespaces/${namespace}/configmaps`;
export const testRuns = `/apis/k6.io/v1alpha1/namespaces/${namespace}/testruns`;
const cronJobs = `/apis/batch/v1/namespaces/${namespace}/cronjobs`;

const common = { service: 'shop', url: 'http://shop', engine: 'jobs', load: {}, parameters: {} } as const;
const template = { spec: { containers: [{ name: 'k6' }] } } as const;
const loadTests: Plan['loadTests'] = {
  browse: { ...common, scenario: 'browse', profile: 'smoke', runners: 1, template },
  search: { ...common, scenario: 'search-load', profile: 'light', runners: 2, template },
  orders: {
    ...common,
    ...{ scenario: 'shopping-journey', profile: 'smoke', runners: 1, template },
    users: { path: '/login', name: 'user{n}', first: 1, count: 5, passwordVariable: 'PASSWORD' },
  },
  pages: { ...common, scenario: 'product-query', profile: 'smoke', runners: 1, template },
  products: { ...common, scenario: 'product-query', profile: 'smoke', runners: 1, template },
};

const stack = { 'app.kubernetes.io/name': 'coordinator', 'app.kubernetes.io/part-of': 'loadscope' };

/** The spec of a coordinator's Job. */
export function jobSpec(steps: readonly object[], suite?: string) {
  const env = [
    { name: 'PLAN', value: '/plan/plan.json' },
    { name: 'TESTID', valueFrom: { fieldRef: {} } },
    { name: 'STEPS', value: JSON.stringify(steps) },
    ...(suite ? [{ name: 'SUITE', value: suite }] : []),
  ];
  return { backoffLimit: 1, template: { spec: { containers: [{ name: 'coordinator', image: 'node', env }] } } };
}

export function addStack(server: KubernetesServer): void {
  server.put(maps, { metadata: { name: 'load-tests' }, data: { 'plan.json': JSON.stringify({ loadTests }) } });
  const cronJob = (name: string, own: Record<string, string>, steps: readonly object[], suite?: string) => {
    const labels = { ...stack, ...own };
    const jobTemplate = { metadata: { labels }, spec: jobSpec(steps, suite) };
    server.put(cronJobs, { metadata: { name, labels }, spec: { suspend: true, jobTemplate } });
  };
  for (const [name, { scenario }] of Object.entries(loadTests))
    cronJob(`k6-${name}`, { 'loadscope/load-test': name, 'loadscope/scenario': scenario }, [{ loadTest: name }]);
  const nightly = [{ loadTest: 'browse' }, { loadTest: 'search' }];
  cronJob('suite-nightly', { 'loadscope/suite': 'nightly' }, nightly, 'nightly');
}

export function addJob(server: KubernetesServer, name: string, more: Partial<KubernetesObject> = {}): KubernetesObject {
  const labels = { ...stack, 'loadscope/load-test': 'browse', ...more.metadata?.labels };
  const metadata = { ...more.metadata, name, labels };
  return server.put(jobs, { kind: 'Job', spec: jobSpec([{ loadTest: 'browse' }]), ...more, metadata });
}

export function finish(server: KubernetesServer, name: string, type: 'Complete' | 'Failed' = 'Complete'): void {
  const job = server.objects.get(`${jobs}/${name}`);
  if (job) job.status = { conditions: [{ type, status: 'True', reason: 'BackoffLimitExceeded' }] };
}

export function addPod(server: KubernetesServer, name: string, labels: Record<string, string>, status: object): void {
  server.put(pods, { metadata: { name, labels }, status });
}

/** The load of a run, as its coordinator makes it. */
export function addLoad(server: KubernetesServer, testid: string, runners: number): void {
  const owner = server.objects.get(`${jobs}/${testid.replace(/-\d+$/, '')}`) ?? server.objects.get(`${jobs}/${testid}`);
  const labels = {
    ...{ 'app.kubernetes.io/name': 'k6', 'app.kubernetes.io/part-of': 'loadscope' },
    'loadscope/testid': testid,
  };
  const made = server.put(jobs, {
    metadata: { name: `${testid}-load`, labels, ownerReferences: [{ uid: owner?.metadata.uid ?? '' }] },
    spec: { template: { spec: { containers: [{ name: 'k6' }] } } },
  });
  for (let index = 0; index < runners; index++)
    server.put(pods, {
      metadata: {
        ...{ name: `${testid}-load-${index}-abcde`, labels },
        ownerReferences: [{ uid: made.metadata.uid ?? '' }],
      },
      status: { phase: 'Running' },
    });
}

export const factsOf = (testid: string, more: Partial<RunFacts> = {}): RunFacts => ({
  ...{ testid, loadTest: 'browse', scenario: 'browse', profile: 'smoke', service: 'shop', url: 'http://shop' },
  ...{ engine: 'jobs', runners: 1, vus: 2, rate: 4, duration: 30, launched: '2026-03-01T10:00:00.000Z' },
  ...more,
});

export const statusOf = (more: Partial<RunStatus> = {}): RunStatus => ({
  ...{ stage: 'load', at: new Date().toISOString(), elapsed: 10, remaining: 20 },
  ...more,
});

export const verdictOf = (testid: string, verdict: VerdictDocument['verdict'], reasons: string[] = []) => ({
  ...{ version: 1, testid, start: '2026-03-01T10:00:05.000Z', end: '2026-03-01T10:00:35.000Z' },
  ...{ verdict, reasons, budgets: [] },
});

export function addRecord(
  server: KubernetesServer,
  run: RunFacts,
  status: RunStatus,
  verdict?: ReturnType<typeof verdictOf>,
  job?: string,
): void {
  const name = `run-${run.testid}`;
  const ended = verdict && { 'verdict.json': JSON.stringify(verdict), 'verdict.md': `# Run ${run.testid}\n\n- text` };
  const labels = { 'loadscope/testid': run.testid, 'app.kubernetes.io/part-of': 'loadscope' };
  const data = { 'run.json': JSON.stringify(run), 'status.json': JSON.stringify(status), ...ended };
  const annotations = job === undefined ? undefined : { [writtenBy]: job };
  server.put(maps, { metadata: { name, labels, annotations }, data });
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  readonly output: { stdout: string; stderr: string };
  signal(name: NodeJS.Signals): void;
}

/** Where the stack is, for a command. */
export const clusterFlags = (server: KubernetesServer) => ['-n', namespace, '--kubeconfig', server.kubeconfig];

/** The command as a process of its own, without a terminal. A signal reaches its children, too, as Ctrl-C does. */
export function start(server: KubernetesServer, ...args: string[]): Running {
  const child = spawn(process.execPath, ['cli/loadscope.cjs', ...args, ...clusterFlags(server)], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
  return { outcome, output, signal: (name) => process.kill(-(child.pid ?? 0), name) };
}

/** Waits for what another process does. */
export async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what() && tries < 1200; tries++) await sleep(50);
  expect(what()).toBe(true);
}
export const shows = (running: Running, text: RegExp) =>
  until(() => text.test(running.output.stdout + running.output.stderr));

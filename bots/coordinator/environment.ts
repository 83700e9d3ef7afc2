import { readFileSync } from 'node:fs';
import { Kubernetes } from '../../clients/kubernetes.ts';
import { Prometheus } from '../../clients/prometheus.ts';
import { testidMistake } from '../../runs/names.ts';
import type { Plan, Step } from '../../runs/plan.ts';

/** What a coordinator is and has: who it is from its pod, what it can launch from the plan, what it was asked for. */
export interface Environment {
  readonly plan: Plan;
  readonly kubernetes: Kubernetes;
  readonly prometheus: Prometheus;
  readonly namespace: string;
  /** Its Job, which is the run or the suite, and whose end is the verdict. */
  readonly job: { readonly name: string; readonly uid: string };
  /** Where runners find it. */
  readonly address: string;
  readonly steps: readonly Step[];
  /** The suite, where it was launched as one. */
  readonly suite?: string;
  /** Seconds between two runs of a suite. */
  readonly coolDown: number;
  readonly onFailure: 'stop' | 'continue';
}

/** Seconds for which the API may be away: the upgrade of a control plane takes some minutes. */
const apiPatience = 300;

function need(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is not set`);
  return value;
}

/** @throws Error that says what of it is missing or wrong */
export function environment(): Environment {
  const plan = JSON.parse(readFileSync(need('PLAN'), 'utf8')) as Plan;
  const steps = JSON.parse(need('STEPS')) as Step[];
  const name = need('TESTID');
  const suite = process.env.SUITE;
  // Runs of a suite have a number behind its name.
  const mistake = testidMistake(suite ? `${name}-${steps.length}` : name);
  if (mistake) throw new Error(`the name of the Job ${mistake}`);
  for (const { loadTest } of steps)
    if (!Object.hasOwn(plan.loadTests, loadTest))
      throw new Error(`there is no load test "${loadTest}"; there are: ${Object.keys(plan.loadTests).join(', ')}`);
  return {
    plan,
    steps,
    suite,
    kubernetes: new Kubernetes(
      `https://${need('KUBERNETES_SERVICE_HOST')}:${need('KUBERNETES_SERVICE_PORT')}`,
      apiPatience,
    ),
    prometheus: new Prometheus({ url: new URL(plan.prometheusUrl), headers: {}, timeout: 20, secrets: [] }),
    namespace: need('NAMESPACE'),
    job: { name, uid: need('JOB_UID') },
    address: need('POD_IP'),
    coolDown: Number(process.env.COOL_DOWN ?? 0),
    onFailure: process.env.ON_FAILURE === 'continue' ? 'continue' : 'stop',
  };
}

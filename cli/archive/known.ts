import { isKubectlError, type Kubectl } from '../../clients/kubectl.ts';
import type { Plan, Step } from '../../runs/plan.ts';
import { CliError } from '../lib/cli-error.ts';
import { endOf } from '../runs/objects.ts';
import type { Recorded, Runs } from '../runs/runs.ts';

/** What the cluster knows of a run. */
export interface Known {
  /** Or why it cannot be asked. */
  readonly cluster: Kubectl | { readonly missing: string };
  readonly record?: Recorded;
  /** What its launch asked for; left out: its Job is gone. */
  readonly step?: Step;
  readonly plan?: Plan;
}

/**
 * @param what the run was given as, for the message
 * @throws CliError where the run goes on: its load may be over, and its verdict not found yet
 */
export async function knownOf(testid: string, runs: Runs, what: string): Promise<Known> {
  const { kubectl: cluster } = runs;
  try {
    const { job, steps, records, isSuite } = await runs.look(testid);
    // A suite goes on when one of its runs is over.
    if (job && !endOf(job) && !isSuite && !records[0]?.verdict)
      throw new CliError(`${what}: is not over yet. Ask again when its Job has ended.`);
    const [record] = records;
    const plan = await runs.plan().catch((error) => {
      if (error instanceof CliError) return undefined;
      throw error;
    });
    if (!record && !plan)
      return { cluster: { missing: `the namespace ${runs.namespace} has no load tests, and no record of this run.` } };
    const place = record?.run.suite === undefined ? 0 : Number(/-(\d+)$/.exec(testid)?.[1]) - 1;
    return { cluster, record, plan, step: steps?.[place] };
  } catch (error) {
    if (!isKubectlError(error)) throw error;
    return { cluster: error.failure === 'forbidden' ? cluster : { missing: error.message } };
  }
}

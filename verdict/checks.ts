import { heldInRun } from '../exporters/k6/checks.ts';
import { ask, numberOf } from './ask.ts';
import type { Asked, Run } from './run.ts';

/** A check of the data after a run: whether it is as it has to be. */
export interface CheckResult {
  readonly name: string;
  readonly state: 'held' | 'broken' | 'unknown';
  /** What was found, or why nothing was. */
  readonly text: string;
}

/** The share of its answers that a check of a scenario has to hold for; the same as in its own threshold. */
const least = 0.99;

/** The checks of the scenario that failed too often, over all runners. */
export async function failedChecks(run: Run, prometheus: Asked, own: (query: string) => string): Promise<string[]> {
  const shares = await ask(own(heldInRun()), run, prometheus);
  return shares
    .filter((share) => numberOf(share) < least)
    .sort((a, b) => numberOf(a) - numberOf(b))
    .map((share) => `check "${share.metric.check}" passed in ${Number((100 * numberOf(share)).toPrecision(4))} %`);
}

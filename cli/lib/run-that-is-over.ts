import type { Prometheus } from '../../clients/prometheus.ts';
import { findRun, isRunning, knownRuns, type Run } from '../../verdict/run.ts';
import { CliError } from './cli-error.ts';

/**
 * A run that has ended, as Prometheus knows it.
 *
 * @param back seconds to look back for it
 * @param what it was given as, for the message
 * @throws CliError where it goes on, or where there is none
 */
export async function runThatIsOver(testid: string, back: number, prometheus: Prometheus, what: string): Promise<Run> {
  if (await isRunning(testid, prometheus))
    throw new CliError(`${what}: is not over yet. Ask again when its Job has ended.`);
  const found = await findRun(testid, back, prometheus);
  if (found) return found;
  const known = await knownRuns(back, prometheus);
  throw new CliError(
    `${what}: invalid, Prometheus has no sample of this run in the last ${Number((back / 3600).toFixed(1))} h. It has: ${known.join(', ') || 'no run at all'}.`,
  );
}

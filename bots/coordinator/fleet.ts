import { plain } from '../../clients/plain.ts';
import type { Fleet, LostRunner, RunnerResult } from '../../verdict/fleet.ts';
import type { Runner } from './load.ts';

/** Exit code of a k6 whose thresholds are broken. */
export const thresholdsBroken = 99;

/** Exit codes of a k6 that did its work: all well, and a threshold of its own broken, which the whole fleet decides. */
const done = [0, thresholdsBroken];

/** Whether a runner ended before its work was done. */
export const isLost = ({ ended }: Runner): boolean => ended !== undefined && !done.includes(ended.exitCode);

/**
 * What the runners counted themselves, by what each left in the status of its pod.
 *
 * @param size how many there were to be
 */
export function fleetOf(runners: readonly Runner[], size: number): Fleet {
  const results = runners.map(resultOf);
  return results.length < size
    ? [...results, { runner: `${results.length + 1} of ${size}`, missing: 'it had no pod' }]
    : results;
}

function resultOf(runner: Runner): RunnerResult | LostRunner {
  const name = String(runner.index);
  const { ended } = runner;
  if (!ended) return { runner: name, missing: `its pod ${runner.pod} has not ended` };
  if (isLost(runner)) return { runner: name, missing: howItEnded(ended) };
  const result = parsed(ended.message);
  return result
    ? { ...result, runner: name }
    : { runner: name, missing: `what it left cannot be read: ${plain(ended.message)}` };
}

/** Such as `OOMKilled, exit code 137`, with what k6 said last. */
function howItEnded({ exitCode, reason, message }: NonNullable<Runner['ended']>): string {
  const said = parsed(message) ? '' : plain(message.trim().split('\n').at(-1) ?? '');
  return [reason === 'Error' ? '' : reason, `exit code ${exitCode}`, said].filter(Boolean).join(', ');
}

function parsed(message: string): Omit<RunnerResult, 'runner'> | undefined {
  try {
    const { requests, failed, iterations, dropped, broken } = JSON.parse(message);
    return typeof requests === 'number' ? { requests, failed, iterations, dropped, broken: broken ?? [] } : undefined;
  } catch {
    return undefined;
  }
}

import { plain } from '../../clients/plain.ts';
import type { Generator } from '../../runs/generator.ts';
import type { Fleet, LostRunner, RunnerResult } from '../../verdict/fleet.ts';
import type { Runner } from './load.ts';

/**
 * Whether a runner ended before its work was done.
 *
 * @param broken how one ends that has seen its own bounds broken, of which the whole fleet decides
 */
export const isLost = ({ ended }: Runner, { broken }: Pick<Generator, 'broken'>): boolean =>
  ended !== undefined && ended.exitCode !== 0 && ended.exitCode !== broken;

/**
 * What the runners counted themselves, by what each left in the status of its pod.
 *
 * @param size how many there were to be
 */
export function fleetOf(runners: readonly Runner[], size: number, generator: Generator): Fleet {
  const results = runners.map((runner) => resultOf(runner, generator));
  return results.length < size
    ? [...results, { runner: `${results.length + 1} of ${size}`, missing: 'it had no pod' }]
    : results;
}

function resultOf(runner: Runner, generator: Generator): RunnerResult | LostRunner {
  const name = String(runner.index);
  const { ended } = runner;
  if (!ended) return { runner: name, missing: `its pod ${runner.pod} has not ended` };
  if (isLost(runner, generator)) return { runner: name, missing: howItEnded(ended) };
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
    const { requests, failed, iterations, dropped, broken, findings } = JSON.parse(message);
    return typeof requests === 'number'
      ? { requests, failed, iterations, dropped, broken: broken ?? [], ...(findings ? { findings } : {}) }
      : undefined;
  } catch {
    return undefined;
  }
}

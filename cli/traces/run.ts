import { kafkaBot } from '../../runs/generator.ts';
import { CliError } from '../lib/cli-error.ts';
import type { Look, Recorded } from '../runs/runs.ts';

/** The run that traces are looked for of, and when they were. */

/** Milliseconds that clocks may differ, and that a coordinator may be silent. */
const margin = 60_000;

/** @throws CliError where it can have no traces */
export function tracedRun({ id, records }: Look): Recorded {
  // Of a suite, the run that is under way, or else the last.
  const record = records.at(-1);
  if (!record) throw new CliError(`${id} has no record yet, so that nobody knows when its load was: ask again later.`);
  const { testid, scenario } = record.run;
  if (scenario === kafkaBot)
    throw new CliError(`${testid} is a run of the Kafka bot: it sends no requests, and its messages are not traced.`);
  return record;
}

/**
 * @param now milliseconds since 1970
 * @returns when its traces began, in milliseconds since 1970
 */
export function windowOf({ run, status }: Recorded, now: number): { readonly begin: number; readonly end: number } {
  const written = Date.parse(status.at);
  const last = status.stage === 'over' ? written : written + status.remaining * 1000 + 10 * margin;
  const begin = Date.parse(run.launched) - margin;
  return { begin, end: Math.max(begin + 1, Math.min(last + margin, now)) };
}

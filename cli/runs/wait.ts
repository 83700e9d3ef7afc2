import type { Command } from 'commander';
import { Option } from 'commander';
import { asDuration } from '../lib/connection.ts';
import { exitCodes, type Following, follow, outcomeOf } from './follow.ts';
import { interrupts } from './interrupt.ts';
import { harmless, verdictLine } from './render.ts';
import type { Look, Runs } from './runs.ts';
import { Screen } from './screen.ts';
import { stoppedText, stopRuns } from './stopping.ts';

export interface WaitFlags {
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly interval?: number;
  readonly timeout?: number;
}

/** Adds the flags of a wait to a subcommand. */
export const withWait = (command: Command): Command =>
  command
    .option('--wait', 'wait until the run is over, show how far it is, and exit by its verdict')
    .addOption(
      new Option('--timeout <duration>', 'longest wait (default: as long as the load, and 15m)').argParser(asDuration),
    )
    .addOption(
      new Option(
        '--interval <duration>',
        'how often to show how far it is (default: 2s on a terminal, else 10s)',
      ).argParser(asDuration),
    )
    .option('--json', 'print JSON, one document a line');

interface Waiting extends Pick<Following, 'duration' | 'again'> {
  /** Whether a wait that is broken off may end the run. */
  readonly own: boolean;
}

/** Seconds between two looks, at most. */
const slowest = 2;

/** Waits for a run, shows how far it is and how it ended, and sets the exit code by that. */
export async function waitFor(runs: Runs, first: Look, flags: WaitFlags, { own, ...more }: Waiting): Promise<void> {
  const { json = false, interval = process.stdout.isTTY ? slowest : 10, timeout } = flags;
  const screen = new Screen(json, interval);
  const abort = new AbortController();
  let detached = `The run goes on: "${more.again} --wait" waits for it again.`;
  const interrupted = interrupts({
    own,
    hold: (held) => screen.hold(held),
    detach: () => {
      screen.note(`Detached. ${detached}`);
      process.exit(exitCodes.invalid);
    },
  });
  try {
    const ended = await Promise.race([
      follow(runs, first, {
        ...more,
        timeout,
        interval: Math.min(interval, slowest),
        signal: abort.signal,
        onLook: (look) => screen.show(look),
        note: (text) => screen.note(text),
      }),
      interrupted.wish,
    ]);
    abort.abort();
    if (ended === 'stop') {
      detached = 'The stop may not be complete: see "loadscope status".';
      screen.note(`Stopping ${first.jobName}.`);
      process.exitCode = exitCodes.invalid;
      console.error(stoppedText(await stopRuns(runs, [first.jobName])).trimEnd());
    } else if (ended === 'detach') {
      process.exitCode = exitCodes.invalid;
      screen.note(`Detached. ${detached}`);
    } else {
      process.exitCode = exitCodes[outcomeOf(ended).verdict];
      if (!json) process.stdout.write(endText(ended));
    }
  } finally {
    abort.abort();
    interrupted.release();
  }
}

/** The verdicts of a launch as text, and what they come to in the last line. */
function endText(look: Look): string {
  const texts = look.records.flatMap(({ markdown }) => (markdown ? [`${harmless(markdown).trim()}\n`] : []));
  return ['', ...texts, verdictLine(outcomeOf(look)), ''].join('\n');
}

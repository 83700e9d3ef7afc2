import type { Command } from 'commander';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import { jsonOf, linesOf } from './runs/render.ts';
import { type WaitFlags, waitFor, withWait } from './runs/wait.ts';

/** `loadscope status`: how far a run is, now or until it is over. */
export function status(program: Command): void {
  withWait(
    withCluster(
      program
        .command('status')
        .description('How far a run is; with --wait, until it is over.')
        .argument('[id]', 'a run, or the launch of a suite (default: what is under way, or else the last)'),
    ),
  )
    .addHelpText('after', '\nExit codes: with --wait 0 pass, 1 fail, 2 invalid or no verdict to be had; else 0.')
    .action(run);
}

async function run(id: string | undefined, flags: ClusterFlags & WaitFlags): Promise<void> {
  if (id !== undefined) checkTestid('the id', id);
  const { runs, flags: shared } = stackOf(flags);
  const look = await runs.find(id);
  if (flags.wait) {
    await waitFor(runs, look, flags, { own: false, again: `loadscope status ${look.id}${shared}` });
    return;
  }
  process.stdout.write(flags.json ? `${jsonOf(look)}\n` : `${linesOf(look).join('\n')}\n`);
}

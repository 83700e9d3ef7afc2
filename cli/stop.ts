import type { Command } from 'commander';
import { CliError } from './lib/cli-error.ts';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import { endOf } from './runs/objects.ts';
import { stoppedText, stopRuns, underWay } from './runs/stopping.ts';

interface Flags extends ClusterFlags {
  readonly all?: boolean;
}

/** `loadscope stop`: ends all load, and says what is left. */
export function stop(program: Command): void {
  withCluster(
    program
      .command('stop')
      .description('End the load of a run, and wait until none of it is left.')
      .argument('[id]', 'a run, or the launch of a suite (default: the one that is under way)'),
  )
    .option('--all', 'end all load of the stack, also where its run is gone')
    .addHelpText('after', '\nExit codes: 0 no load is left, 2 some is, or nobody knows.')
    .action(run);
}

async function run(id: string | undefined, flags: Flags): Promise<void> {
  if (id !== undefined) checkTestid('the id', id);
  if (id !== undefined && flags.all) throw new CliError('--all stops every run: leave the id out.');
  const { runs } = stackOf(flags);
  const active = await underWay(runs);
  const wanted = active.filter((one) => id === undefined || one === id);
  if (id !== undefined && !wanted.length) {
    // A run of a suite, or one that is over; else there is none of that name.
    const { job, jobName } = await runs.find(id);
    if (job && !endOf(job)) wanted.push(jobName);
  }
  if (!wanted.length) {
    process.stdout.write(id === undefined ? 'No run is under way.\n' : `${id} is over: there is nothing to stop.\n`);
    return;
  }
  if (id === undefined && wanted.length > 1 && !flags.all)
    throw new CliError(`several runs are under way: name one of ${wanted.join(', ')}, or stop them with --all.`);
  process.stdout.write(stoppedText(await stopRuns(runs, wanted)));
}

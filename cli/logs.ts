import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { concurrently } from '../clients/concurrently.ts';
import { isKubectlError } from '../clients/kubectl.ts';
import { CliError } from './lib/cli-error.ts';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import type { Pod } from './runs/objects.ts';
import { harmless } from './runs/render.ts';
import type { Runs } from './runs/runs.ts';

interface Flags extends ClusterFlags {
  readonly follow?: boolean;
  readonly runner?: number;
  readonly runners?: boolean;
}

/** Each log that is followed is a kubectl of its own. */
const mostFollowed = 20;
const atOnce = 4;

/** `loadscope logs`: what the coordinator of a run says, or its load generators. */
export function logs(program: Command): void {
  withCluster(
    program
      .command('logs')
      .description('The log of a run, or those of its runners.')
      .argument('[id]', 'a run, or the launch of a suite (default: what is under way, or else the last)'),
  )
    .option('-f, --follow', 'go on until the run is over')
    .addOption(new Option('--runner <number>', 'the log of this runner, counted from 1').argParser(asNumber))
    .option('--runners', 'the logs of all runners')
    .action(run);
}

async function run(id: string | undefined, flags: Flags): Promise<void> {
  if (id !== undefined) checkTestid('the id', id);
  if (flags.runner && flags.runners) throw new CliError('--runner and --runners exclude each other.');
  const { runs } = stackOf(flags);
  const { id: found, job, jobName, isSuite, records } = await runs.find(id);
  if (!flags.runner && !flags.runners) {
    const [pod] = await firstPods(() => runs.podsOf(jobName), Boolean(flags.follow && job));
    if (!pod) throw gone(`the pod of ${found}`);
    await print(runs, pod, '', flags);
    return;
  }
  // Of a suite, the runners of the run that is under way.
  const testid = isSuite ? (records.at(-1)?.run.testid ?? found) : found;
  const pods = [...(await runs.runners([testid]))].sort((a, b) => numberOf(a) - numberOf(b));
  const chosen = flags.runner ? pods.slice(flags.runner - 1, flags.runner) : pods;
  if (!pods.length) throw gone(`the runners of ${testid}`);
  if (!chosen.length) throw new CliError(`--runner ${flags.runner}: ${testid} has ${pods.length} of them.`);
  if (flags.follow && chosen.length > mostFollowed)
    throw new CliError(
      `--follow: ${chosen.length} logs are too many at once: choose one with --runner, or leave it out.`,
    );
  const one = (pod: Pod) => print(runs, pod, flags.runner ? '' : `[${pods.indexOf(pod) + 1}] `, flags);
  await concurrently(flags.follow ? mostFollowed : flags.runner ? 1 : atOnce, chosen, one);
}

const gone = (what: string) => new CliError(`${what} is not there yet, or is deleted and its log with it.`);

/** Both engines put the runner's number behind the name of the load. */
const numberOf = ({ metadata }: Pod): number => Number(/-load-(\d+)-/.exec(metadata.name)?.[1] ?? 0);

/** A Job that was just made has no pod yet. */
async function firstPods(read: () => Promise<readonly Pod[]>, patient: boolean): Promise<readonly Pod[]> {
  for (let tries = 0; ; tries++) {
    const pods = await read();
    if (pods.length || !patient || tries >= 30) return pods;
    await sleep(1000);
  }
}

async function print(
  { kubectl, core }: Runs,
  { metadata: { name } }: Pod,
  prefix: string,
  flags: Flags,
): Promise<void> {
  const path = `${core}/pods/${name}/log`;
  const each = (line: string) => void process.stdout.write(`${prefix}${harmless(line)}\n`);
  for (;;) {
    try {
      await kubectl.lines(path, flags.follow ? { follow: 'true' } : {}, each);
      return;
    } catch (error) {
      // Its image is pulled, for example.
      if (!flags.follow || !isKubectlError(error, 'refused') || !/waiting to start/.test(error.message)) throw error;
      await sleep(1000);
    }
  }
}

function asNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, counted from 1.');
  return Number(text);
}

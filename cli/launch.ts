import { type Command, InvalidArgumentError, Option } from 'commander';
import { closest } from 'fastest-levenshtein';
import { isKubectlError } from '../clients/kubectl.ts';
import { profiles } from '../k6-jobs/profiles.ts';
import { factsOf, kafkaBot, type LoadScenario } from '../runs/generator.ts';
import { type CronJob, changed, defaultTestid, jobOf, type LaunchedJob, longestId, stepsOf } from '../runs/launch.ts';
import { cronJobName } from '../runs/names.ts';
import type { Engine, Plan, Step } from '../runs/plan.ts';
import { type Settings, SettingsError, settingsOf } from '../runs/settings.ts';
import { CliError } from './lib/cli-error.ts';
import { type ClusterFlags, checkTestid, stackOf, withCluster } from './runs/cluster.ts';
import { type Job, loadOf } from './runs/objects.ts';
import { lengthOf } from './runs/render.ts';
import type { Runs } from './runs/runs.ts';
import { asSettings } from './runs/set.ts';
import { type WaitFlags, waitFor, withWait } from './runs/wait.ts';

interface Flags extends ClusterFlags, WaitFlags {
  readonly profile?: Step['profile'];
  readonly runners?: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly engine?: Engine;
  readonly testid?: string;
}

/** What a name stands for. */
interface Launchable {
  readonly name: string;
  readonly cronJob: CronJob;
  readonly isSuite: boolean;
}

/** A step with all that its load test, its profile and the launch say. */
type Planned = Settings & { readonly loadTest: string; readonly scenario: LoadScenario };

/** `loadscope launch`: starts a run, and waits for its verdict where that is asked for. */
export function launch(program: Command): void {
  withWait(
    withCluster(
      program
        .command('launch')
        .description('Start a load test or a suite, and with --wait follow it to its verdict.')
        .argument('<name>', 'a load test, a scenario that only one load test has, or suite/NAME'),
    )
      .addOption(new Option('--profile <name>', 'how much load for how long').choices(Object.keys(profiles)))
      .addOption(new Option('--runners <number>', 'pods that the load is divided over').argParser(asNumber))
      .option(
        '--set <name=value,...>',
        'vus, rate, duration, or a parameter of the scenario; may be repeated',
        asSettings,
      )
      .addOption(new Option('--engine <name>', 'what runs k6').choices(['jobs', 'operator']))
      .option('--testid <id>', 'id of the run (default: the name, the date and the time)'),
  )
    .addHelpText(
      'after',
      '\nExit codes: 0 launched, or with --wait pass; 1 fail; 2 invalid, not or perhaps not launched, or no verdict to be had.',
    )
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  if (flags.testid !== undefined) checkTestid('--testid', flags.testid);
  const { runs, flags: shared } = stackOf(flags);
  const plan = await runs.plan();
  const { cronJob, isSuite, name: found } = await launchable(name, plan, runs);
  const written = stepsOf(cronJob.spec.jobTemplate.spec);
  if (!written?.length)
    throw new CliError(`the CronJob ${cronJob.metadata.name} has no steps: apply the stack of this version again.`);
  const { profile, runners, set, engine } = flags;
  const steps = changed(written, { profile, runners, set, engine });
  const planned = steps.map((step) => plannedOf(step, plan));
  if (planned.some((step) => step.engine === 'operator')) await checkOperator(runs);

  const longest = longestId(steps, isSuite);
  const testid = flags.testid ?? defaultTestid(found, new Date(), longest);
  if (testid.length > longest)
    throw new CliError(`--testid ${testid}: must have at most ${longest} characters, as runs of a suite are numbered.`);
  await checkFree(runs, testid, isSuite ? steps.length : 0, shared);
  const job = await made(runs, jobOf(cronJob, testid, steps), shared);

  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ version: 1, id: testid, namespace: runs.namespace, suite: isSuite ? found : null, steps: planned.map(documentOf) })}\n`,
    );
  else
    process.stdout.write(
      [
        `Launched ${testid}${isSuite ? `, suite ${found}` : ''}:`,
        ...planned.map((step) => `  ${stepText(step)}`),
        ...(flags.wait
          ? []
          : [`  wait   loadscope status ${testid} --wait${shared}`, `  read   loadscope logs ${testid} -f${shared}`]),
        `  stop   loadscope stop ${testid}${shared}`,
        '',
      ].join('\n'),
    );
  if (!flags.wait) return;
  const look = { id: testid, jobName: testid, job, isSuite, steps, records: [] };
  const duration = planned.reduce((sum, { load }) => sum + load.duration, 0);
  await waitFor(runs, look, flags, { own: true, duration, again: `loadscope status ${testid}${shared}` });
}

async function launchable(name: string, plan: Plan, runs: Runs): Promise<Launchable> {
  const [, suite] = /^suite\/(.+)$/.exec(name) ?? [];
  if (suite !== undefined) {
    const cronJob = (await runs.suites()).find(({ metadata }) => metadata.name === `suite-${suite}`);
    if (cronJob) return { name: suite, cronJob, isSuite: true };
  }
  const having = Object.entries(plan.loadTests).filter(([, { scenario }]) => scenario === name);
  if (!Object.hasOwn(plan.loadTests, name) && having.length > 1)
    throw new CliError(
      `${name} is the scenario of several load tests: name one of ${having.map(([test]) => test).join(', ')}.`,
    );
  const test = Object.hasOwn(plan.loadTests, name) ? name : having[0]?.[0];
  if (suite !== undefined || test === undefined) throw await unknown(name, plan, runs);
  const from = cronJobName(plan.loadTests[test] as Plan['loadTests'][string], test);
  const cronJob = await runs.cronJob(from);
  if (!cronJob) throw new CliError(`there is no CronJob ${from} to launch from: apply the stack again.`);
  return { name: test, cronJob, isSuite: false };
}

async function unknown(name: string, plan: Plan, runs: Runs): Promise<CliError> {
  const suites = (await runs.suites()).map(({ metadata }) => metadata.name.replace(/^suite-/, 'suite/'));
  const all = [...Object.keys(plan.loadTests), ...suites];
  if (!all.length)
    return new CliError(`there is no load test in the namespace ${runs.namespace}: add one to the config.`);
  return new CliError(
    `there is no load test ${JSON.stringify(name)}; did you mean "${closest(name, all)}"? There are: ${all.join(', ')}.`,
  );
}

/** @throws CliError that names the flag */
function plannedOf(step: Step, plan: Plan): Planned {
  const { loadTest } = step;
  const test = Object.hasOwn(plan.loadTests, loadTest) ? plan.loadTests[loadTest] : undefined;
  if (!test) throw new CliError(`there is no load test ${loadTest}, which is a step of it: apply the stack again.`);
  try {
    return { loadTest, scenario: test.scenario, ...settingsOf(test, step) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const [, setting = '', mistake = ''] = /^([\w-]+): (.*)$/s.exec(error.message) ?? [];
    const flag = ['profile', 'engine', 'runners', 'set'].includes(setting) ? `--${setting}` : `--set ${setting}`;
    throw new CliError(`${flag}: ${mistake} (load test ${loadTest}).`);
  }
}

async function checkOperator({ kubectl }: Runs): Promise<void> {
  if (!(await kubectl.find('/apis/k6.io/v1alpha1')))
    throw new CliError('--engine operator: the cluster has no k6-operator (API k6.io/v1alpha1). Use --engine jobs.');
}

const taken = 'there is a run of that name already: choose another, or leave it out.';

/** Makes a Job. An answer that is lost on the way says nothing of whether it was made. */
async function made(runs: Runs, job: LaunchedJob, shared: string): Promise<Job> {
  const { name } = job.metadata;
  try {
    return await runs.kubectl.create<Job>(runs.jobsPath, job);
  } catch (error) {
    if (!isKubectlError(error)) throw error;
    if (error.failure === 'exists') throw new CliError(`--testid ${name}: ${taken}`);
    if (error.failure !== 'unreachable') throw new CliError(`${name} is not launched: ${error.message}`);
    const found = await runs.job(name).catch(() => undefined);
    if (found) return found;
    throw new CliError(`${name} may be launched: ${error.message} See "loadscope status ${name}${shared}".`);
  }
}

/**
 * Two runs at a time would each be load that the other does not know of, and a record that is left would be read as that
 * of the new run.
 *
 * @param numbered how many runs are called by the id and a number
 */
async function checkFree(runs: Runs, testid: string, numbered: number, shared: string): Promise<void> {
  const [other] = await runs.active();
  if (other) {
    const { name } = other.metadata;
    throw new CliError(
      name === testid
        ? `--testid ${testid}: ${taken}`
        : `${name} is under way, and there is one run at a time. Wait for it with "loadscope status ${name} --wait${shared}", or stop it with "loadscope stop ${name}${shared}".`,
    );
  }
  const [stray] = (await runs.loads()).flatMap(({ metadata }) => loadOf(metadata) ?? []);
  if (stray !== undefined)
    throw new CliError(
      `load of ${stray} is still there, without its coordinator, and there is one run at a time. End it with "loadscope stop ${stray}${shared}".`,
    );
  const numbers = Array.from({ length: numbered }, (_, index) => `${testid}-${index + 1}`);
  const [used] = await runs.written([testid, ...numbers]);
  if (used !== undefined)
    throw new CliError(
      `--testid ${testid}: ${used === testid ? taken : `there is a run ${used} already, as one of the suite would be called: choose another.`}`,
    );
}

const documentOf = ({ loadTest, scenario, profile, engine, runners, load: { vus, rate, duration } }: Planned) => ({
  ...{ loadTest, scenario, profile, engine, runners, vus, rate, duration },
});

function stepText({ loadTest, scenario, profile, engine, runners, load }: Planned): string {
  const isBot = scenario === kafkaBot;
  const unit = isBot ? 'messages' : 'iterations';
  const much = factsOf(scenario).paced === 'vus' ? `${load.vus} virtual users` : `${load.rate} ${unit}/s`;
  const by = `${runners} ${isBot ? 'bot' : 'runner'}${runners === 1 ? '' : 's'}${engine === 'operator' ? ' of k6-operator' : ''}`;
  return `${loadTest}: profile ${profile}, ${much} for ${lengthOf(load.duration)} by ${by}`;
}

function asNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

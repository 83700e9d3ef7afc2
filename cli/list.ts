import type { Command } from 'commander';
import { type CronJob, stepsOf } from '../runs/launch.ts';
import { runLabels } from '../runs/names.ts';
import type { PlannedTest } from '../runs/plan.ts';
import { type ClusterFlags, stackOf, withCluster } from './runs/cluster.ts';
import { endOf, type Job, suiteOf } from './runs/objects.ts';
import { columns, lengthOf } from './runs/render.ts';
import { isOf, jobNameOf, type Recorded } from './runs/runs.ts';

/** `loadscope list`: what can be launched, and the runs that there are. */
export function list(program: Command): void {
  withCluster(program.command('list').description('What can be launched, and the runs that there are.'))
    .option('--json', 'print one JSON document instead of tables')
    .action(run);
}

/** A run as a line of the list. */
interface Row {
  readonly testid: string;
  /** Left out of a Job that has no record. */
  readonly loadTest: string | null;
  readonly suite: string | null;
  readonly launched: string;
  /** Seconds, of the load. */
  readonly duration: number | null;
  readonly stage: string | null;
  readonly verdict: string | null;
}

async function run({ json, ...flags }: ClusterFlags & { readonly json?: boolean }): Promise<void> {
  const { runs } = stackOf(flags);
  const plan = await runs.plan();
  const [cronJobs, records, jobs] = await Promise.all([runs.suites(), runs.records(), runs.jobs()]);
  const loadTests = Object.entries(plan.loadTests).map(([name, test]) => ({ name, ...factsOf(test) }));
  const suites = cronJobs.map(suiteFacts);
  const isWritten = ({ metadata: { name, uid } }: Job) =>
    records.some((record) => jobNameOf(record) === name && isOf(record, uid));
  const rows = [...records.map(rowOf), ...jobs.filter((job) => !isWritten(job)).map(rowOfJob)].sort(
    (a, b) => Date.parse(b.launched) - Date.parse(a.launched),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ version: 1, loadTests, suites, runs: rows }, null, 2)}\n`);
    return;
  }
  const tests = loadTests.map(({ name, scenario, profile, runners, service }) => [
    name,
    scenario,
    profile,
    String(runners),
    service,
  ]);
  const lines = [
    ...columns([['LOAD TEST', 'SCENARIO', 'PROFILE', 'RUNNERS', 'SERVICE'], ...tests]),
    ...(suites.length
      ? [
          '',
          ...columns([
            ['SUITE', 'LOAD TESTS'],
            ...suites.map(({ name, loadTests: of }) => [`suite/${name}`, of.join(', ')]),
          ]),
        ]
      : []),
    '',
    ...(rows.length
      ? columns([['RUN', 'LOAD TEST', 'LAUNCHED', 'LOAD', 'STATE'], ...rows.map(cellsOf)])
      : ['No run yet.']),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const factsOf = ({ scenario, profile, runners, service, engine }: PlannedTest) => ({
  ...{ scenario, profile, runners, service, engine },
});

const suiteFacts = ({ metadata, spec }: CronJob) => ({
  name: metadata.name.replace(/^suite-/, ''),
  loadTests: (stepsOf(spec.jobTemplate.spec) ?? []).map(({ loadTest }) => loadTest),
});

const rowOf = ({ run: { testid, loadTest, suite, launched }, status, verdict }: Recorded): Row => ({
  ...{ testid, loadTest, launched, suite: suite ?? null },
  duration: verdict ? (Date.parse(verdict.end) - Date.parse(verdict.start)) / 1000 : status.elapsed,
  stage: status.stage,
  verdict: verdict?.verdict ?? null,
});

/** Of a Job whose coordinator has not written anything. */
const rowOfJob = (job: Job): Row => ({
  testid: job.metadata.name,
  loadTest: job.metadata.labels?.[runLabels.loadTest] ?? null,
  suite: suiteOf(job) ?? null,
  launched: job.metadata.creationTimestamp ?? '',
  duration: null,
  stage: endOf(job) ? 'over, no record' : 'not started',
  verdict: null,
});

const cellsOf = ({ testid, loadTest, suite, launched, duration, stage, verdict }: Row): string[] => [
  testid,
  loadTest ?? (suite ? `suite/${suite}` : ''),
  launched.slice(0, 19).replace('T', ' '),
  duration === null ? '' : lengthOf(duration),
  verdict ?? stage ?? '',
];

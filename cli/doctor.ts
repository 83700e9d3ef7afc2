import { type Command, Option } from 'commander';
import { concurrently } from '../clients/concurrently.ts';
import { Prometheus } from '../clients/prometheus.ts';
import { targets as targetsOf } from '../exporters/index.ts';
import { readConfig } from '../model/config-file.ts';
import { seconds } from '../model/duration.ts';
import { checkedQueries } from '../synth/publish.ts';
import { knownOf } from './doctor/absence.ts';
import { checksOf } from './doctor/checks.ts';
import { documentOf, summaryOf } from './doctor/document.ts';
import { Evidence } from './doctor/evidence.ts';
import { examine } from './doctor/examine.ts';
import { preflight } from './doctor/preflight.ts';
import { table } from './doctor/table.ts';
import { CliError } from './lib/cli-error.ts';
import { asDuration, type ConnectionFlags, connectionOf, withConnection } from './lib/connection.ts';
import type { DashboardJson } from './lib/grafana-queries.ts';
import { progress } from './lib/progress.ts';
import { refusal } from './lib/refusal.ts';

/** How many queries are under way at a time: a Prometheus under load has others to answer. */
const atOnce = 4;

interface Flags extends ConnectionFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly testid?: string;
  readonly range: number;
}

/** `loadscope doctor`: every query against a live Prometheus, and why one has nothing to show. */
export function doctor(program: Command): void {
  withConnection(
    program
      .command('doctor')
      .description('Ask a live Prometheus every query of every panel, variable and rule, and say why one is empty.'),
  )
    .option('--config <file>', 'what is monitored', process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml')
    .option('--testid <id>', 'run to look at (default: all)')
    .addOption(new Option('--range <duration>', 'how far to look back').argParser(asDuration).default(1800, '30m'))
    .option('--json', 'print one JSON document instead of tables')
    .addHelpText(
      'after',
      '\nExit codes: 0 all have data or are rightly empty, 1 some are empty or failed, 2 could not check.',
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const config = readConfig(flags.config);
  const connection = connectionOf(flags);
  const targets = targetsOf(config);
  const { dashboards, rules } = checkedQueries(config);
  const checks = checksOf(dashboards as readonly DashboardJson[], rules, {
    scrapeInterval: seconds(config.scrapeInterval) ?? 15,
    range: flags.range,
    choices: choicesOf(flags, targets),
  });
  const known = knownOf(targets, rules);

  const end = Math.floor(Date.now() / 1000);
  const range = { start: end - flags.range, end };
  const prometheus = new Prometheus(connection);
  const evidence = new Evidence(prometheus, range);
  const shown = progress(checks.length, Boolean(flags.json));
  try {
    const found = await preflight(targets, prometheus, evidence);
    const findings = await concurrently(atOnce, checks, async (check) => {
      const finding = await examine(check, known, evidence);
      shown.done(`${check.group}: ${check.name}`);
      return finding;
    });
    shown.end();
    const { empty, failed } = summaryOf(findings);
    process.exitCode = empty || failed ? 1 : 0;
    const report = { connection, range, preflight: found, findings };
    const colored = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
    process.stdout.write(flags.json ? `${JSON.stringify(documentOf(report), null, 2)}\n` : table(report, colored));
  } catch (error) {
    shown.end();
    throw refusal(error, connection);
  } finally {
    await prometheus.close();
  }
}

function choicesOf({ testid }: Flags, targets: ReturnType<typeof targetsOf>): Record<string, string> {
  if (testid === undefined) return {};
  if (!testid) throw new CliError('--testid: must be the id of a run, which is the name of its Job.');
  if (!targets.some(({ variables = [] }) => variables.some(({ name }) => name === 'testid')))
    throw new CliError('--testid: the config has no load test, so that no panel asks for a run. Leave it out.');
  return { testid };
}

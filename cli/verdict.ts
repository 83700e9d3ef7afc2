import { type Command, Option } from 'commander';
import { Prometheus } from '../clients/prometheus.ts';
import { targets as targetsOf } from '../exporters/index.ts';
import { readConfig } from '../model/config-file.ts';
import { ownSeries } from '../model/own-series.ts';
import { testidMistake } from '../runs/names.ts';
import { questionsOf } from '../synth/questions.ts';
import { documentOf, markdownOf, reportOf } from '../verdict/report.ts';
import { verdictOn } from '../verdict/verdict.ts';
import { CliError } from './lib/cli-error.ts';
import { asDuration, type ConnectionFlags, connectionOf, withConnection } from './lib/connection.ts';
import { refusal } from './lib/refusal.ts';
import { runThatIsOver } from './lib/run-that-is-over.ts';

interface Flags extends ConnectionFlags {
  readonly config: string;
  readonly testid: string;
  readonly range: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

const exitCodes = { pass: 0, fail: 1, invalid: 2 } as const;

/** `loadscope verdict`: the budgets of the config, asked of a run that is over. */
export function verdict(program: Command): void {
  withConnection(
    program.command('verdict').description('Hold a load test that is over against the budgets of the config.'),
  )
    .option('--config <file>', 'what is monitored', process.env.LOADSCOPE_CONFIG ?? 'loadscope.yaml')
    .requiredOption('--testid <id>', 'the run: the name of its Job')
    .addOption(
      new Option('--range <duration>', 'how far to look back for it').argParser(asDuration).default(21600, '6h'),
    )
    .addOption(new Option('--json', 'print one JSON document instead of a table').conflicts('markdown'))
    .option('--markdown', 'print Markdown, for the summary of a pipeline')
    .addHelpText(
      'after',
      '\nExit codes: 0 pass, 1 fail, 2 invalid: the run says nothing, or there was nothing to ask it of.',
    )
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { testid, range } = flags;
  const mistake = testidMistake(testid);
  if (mistake) throw new CliError(`--testid: ${mistake}.`);
  const config = readConfig(flags.config);
  const connection = connectionOf(flags);
  const { questions, doubts } = questionsOf(config);
  const own =
    config.output.mode === 'operator' ? ownSeries(targetsOf(config), config.namespace) : (query: string) => query;
  const prometheus = new Prometheus(connection);
  try {
    const found = await runThatIsOver(testid, range, prometheus, `--testid ${testid}`);
    const judged = await verdictOn(found, { questions, doubts, own }, prometheus);
    process.exitCode = exitCodes[judged.verdict];
    const document = documentOf(found, judged);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify(document, null, 2)}\n`
        : flags.markdown
          ? markdownOf(document)
          : reportOf(found, judged),
    );
  } catch (error) {
    throw refusal(error, connection);
  } finally {
    await prometheus.close();
  }
}

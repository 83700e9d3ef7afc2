/**
 * The Kafka bot: sends messages by the clock, proves that they arrive, and watches those who read them. Ends with 0
 * where all is well, 1 where a message was lost or worse, and 2 where nothing can be said.
 */

import { writeFileSync } from 'node:fs';
import { Bot } from './bot.ts';
import { dryRun } from './dry-run.ts';
import { Exposition } from './exposition.ts';
import { optionsOf } from './flags.ts';
import { log } from './log.ts';
import { Metrics } from './metrics.ts';
import { BotError, type Options } from './options.ts';
import { Schedule } from './schedule.ts';
import { resultOf, type Summary } from './summary.ts';

const exitCodes = { pass: 0, fail: 1, invalid: 2 } as const;

/** Whoever started it may want to know what it ends as without reading its log. */
const resultFile = process.env.RESULT_FILE;

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2), process.env);
  if (options.dryRun) {
    dryRun(options, (text) => process.stdout.write(text));
    return 0;
  }
  const topics = options.topics.map(({ of }) => of);
  const metrics = new Metrics({ ...options, topics, schedule: new Schedule(options.stages) });
  const exposition = new Exposition(metrics.registry);
  if (options.metricsPort) await exposition.listen(options.metricsPort);
  const bot = new Bot(options, metrics, log);
  const ended = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      log.info({ signal }, 'told to end');
      bot.stop();
      ended.abort();
    });
  const summary = await bot.run();
  tell(summary, options);
  if (options.metricsPort) await exposition.linger(Number(process.env.LINGER ?? 0), ended.signal);
  exposition.close();
  return exitCodes[summary.verdict];
}

function tell(summary: Summary, { summaryFile }: Options): void {
  const text = JSON.stringify(summary);
  log.info({ verdict: summary.verdict, reasons: summary.reasons }, 'verdict');
  if (resultFile) writeFileSync(resultFile, resultOf(summary));
  if (!summaryFile) process.stdout.write(`${text}\n`);
  else
    try {
      writeFileSync(summaryFile, `${text}\n`);
    } catch (error) {
      process.stdout.write(`${text}\n`);
      throw new BotError(`--summary: ${(error as Error).message}; the summary is on standard output`);
    }
}

try {
  process.exit(await main());
} catch (error) {
  const { message, stack } = error as Error;
  // What is wrong with what it was asked for is one line; anything else is a mistake of the bot.
  const isKnown = error instanceof BotError || (error as Error).name === 'AbortError';
  process.stderr.write(isKnown ? `kafka-bot: ${message}\n` : `${stack}\n`);
  if (resultFile) writeFileSync(resultFile, message);
  process.exit(exitCodes.invalid);
}

import { parseAddress } from '../model/address.ts';
import { checkAccounts } from '../model/consistency-account.ts';
import type { Images } from '../model/images.ts';
import { ownSeries } from '../model/own-series.ts';
import { backlogQuery, progressQueries } from '../rules/progress.ts';
import { doubts } from '../rules/validity.ts';
import { verdictQuestions } from '../rules/verdict.ts';
import type { Generator } from '../runs/generator.ts';
import type { Plan } from '../runs/plan.ts';
import { plannedBot, plannedOf } from '../runs/planned.ts';
import { botTemplate } from './bot.ts';
import type { Program } from './lib/program.ts';
import type { StackChartProps } from './lib/stack-chart.ts';
import { receiverOf, runnerTemplate } from './runner.ts';

/** What coordinators know of the stack. */
/** @param botProgram what runs in the pods of Kafka bots */
export function loadTestPlan({ config, targets }: StackChartProps, images: Images, botProgram?: Program): Plan {
  const { queries, url } = receiverOf(config);
  const own = config.output.mode === 'operator' ? ownSeries(targets, config.namespace) : (query: string) => query;
  const narrowed = <Asked extends { expr: string }>(asked: Asked): Asked => ({ ...asked, expr: own(asked.expr) });
  const backlog = backlogQuery(targets);
  const progress = (generator: Generator['job']) =>
    Object.fromEntries(Object.entries(progressQueries(targets, generator)).map(([name, query]) => [name, own(query)]));
  return {
    prometheusUrl: queries,
    remoteWriteUrl: url,
    // A last scrape, and the last pushes of k6, which come every five seconds.
    settle: Number.parseInt(config.scrapeInterval, 10) + 5,
    starter: { image: images.k6Starter },
    loadTests: Object.fromEntries([
      ...config.loadTests.map((test) => [
        test.name,
        { ...plannedOf(test), template: runnerTemplate(test, config, images) },
      ]),
      ...config.kafkaBots.map((bot) => [
        bot.name,
        { ...plannedBot(bot, config), template: botTemplate(bot, config, images, botProgram) },
      ]),
    ]),
    questions: verdictQuestions(config, targets).map(narrowed),
    doubts: doubts(config, targets).map(narrowed),
    consistency: config.consistency,
    databases: Object.fromEntries(
      checkAccounts(config).map(({ key, address, userVariable, passwordVariable: ofDatabase }) => [
        key,
        { address: parseAddress(address), userVariable, passwordVariable: ofDatabase },
      ]),
    ),
    progress: { k6: progress('k6'), 'kafka-bot': progress('kafka-bot') },
    ...(backlog ? { backlog: own(backlog) } : {}),
  };
}

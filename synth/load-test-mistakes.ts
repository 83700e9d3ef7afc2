import type { Config } from '../model/config.ts';
import { plannedBot, plannedOf } from '../runs/planned.ts';
import { settingsOf } from '../runs/settings.ts';

/**
 * Load tests that could never be launched as they are: more runners than virtual users, or more of these than there are
 * users to log in.
 *
 * @returns one line for each: the load test, the field, what is wrong
 */
export const loadTestMistakes = (config: Pick<Config, 'loadTests' | 'kafkaBots' | 'kafka'>): string[] => [
  ...config.loadTests.flatMap((test) => mistakesOf('loadTests', test.name, plannedOf(test))),
  ...config.kafkaBots.flatMap((bot) => mistakesOf('kafkaBots', bot.name, plannedBot(bot, config))),
];

function mistakesOf(list: string, name: string, planned: Parameters<typeof settingsOf>[0]): string[] {
  try {
    settingsOf(planned, { loadTest: name });
    return [];
  } catch (error) {
    return [`${list}: "${name}": ${(error as Error).message}`];
  }
}

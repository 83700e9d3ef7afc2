import type { Config } from '../model/config.ts';
import { plannedOf } from '../runs/planned.ts';
import { settingsOf } from '../runs/settings.ts';

/**
 * Load tests that could never be launched as they are: more runners than virtual users, or more of these than there are
 * users to log in.
 *
 * @returns one line for each: the load test, the field, what is wrong
 */
export const loadTestMistakes = ({ loadTests }: Pick<Config, 'loadTests'>): string[] =>
  loadTests.flatMap((test) => {
    try {
      settingsOf(plannedOf(test), { loadTest: test.name });
      return [];
    } catch (error) {
      return [`loadTests: "${test.name}": ${(error as Error).message}`];
    }
  });

import { targets } from '../exporters/index.ts';
import type { Config } from '../model/config.ts';
import { doubts } from '../rules/validity.ts';
import { verdictQuestions } from '../rules/verdict.ts';
import { budgetMistakes } from './budget-mistakes.ts';
import { ManifestError } from './check.ts';

/**
 * What a verdict asks, without the dashboards and objects that a synth makes beside it and holds it against.
 *
 * @throws ManifestError with every budget that nothing could be held against
 */
export function questionsOf(config: Config) {
  const declared = targets(config);
  const mistakes = budgetMistakes(config, declared);
  if (mistakes.length) throw new ManifestError(mistakes.join('\n'));
  return { questions: verdictQuestions(config, declared), doubts: doubts(config, declared) };
}

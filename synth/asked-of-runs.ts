import type { Expression } from '../contract/expression.ts';
import { expressionOf, expressionOfArchive, expressionOfDoubt } from '../contract/question.ts';
import type { Config } from '../model/config.ts';
import { consistencyQuestions } from '../model/consistency.ts';
import type { Target } from '../model/target.ts';
import { archiveQueries } from '../rules/archived.ts';
import { doubts } from '../rules/validity.ts';
import { verdictQuestions } from '../rules/verdict.ts';

/** What Prometheus is asked about runs: budgets, doubts, checks of data, and what archives keep. */
export const askedOfRuns = (config: Config, targets: readonly Target[]): Expression[] => [
  ...[...verdictQuestions(config, targets), ...consistencyQuestions(config.consistency)].map(expressionOf),
  ...doubts(config, targets).map(expressionOfDoubt),
  ...archiveQueries(config, targets).map(expressionOfArchive),
];

import type { Target } from '../model/target.ts';
import { catalogueOf } from './catalogue.ts';
import { check } from './check.ts';
import { type Dashboard, expressionsOf, variableMistakes } from './dashboard.ts';
import {
  type ArchiveQuery,
  type Doubt,
  expressionOf,
  expressionOfArchive,
  expressionOfDoubt,
  type Question,
} from './question.ts';
import { type RuleFile, ruleMistakes } from './rules.ts';

/**
 * Holds every expression of dashboards, rules, verdicts and archives against what the targets expose; docs/metric-contract.md has
 * the rules.
 *
 * @returns one line for each mistake: where it is, what is wrong, the nearest that exists, the query
 */
export function contractMistakes(
  targets: readonly Target[],
  dashboards: readonly Dashboard[],
  rules: RuleFile,
  questions: readonly Question[] = [],
  doubts: readonly Doubt[] = [],
  archived: readonly ArchiveQuery[] = [],
): string[] {
  const catalogue = catalogueOf(targets);
  return [
    ...ruleMistakes(rules, catalogue),
    ...[...questions.map(expressionOf), ...doubts.map(expressionOfDoubt), ...archived.map(expressionOfArchive)].flatMap(
      (expression) => check(expression, catalogue).mistakes,
    ),
    ...dashboards.flatMap((dashboard) => [
      ...variableMistakes(dashboard),
      ...expressionsOf(dashboard).flatMap((expression) => check(expression, catalogue).mistakes),
    ]),
  ];
}

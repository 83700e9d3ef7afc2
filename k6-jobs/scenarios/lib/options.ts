import type { Options, Scenario, Threshold } from 'k6/options';
import type { ScenarioName } from '../../catalogue.ts';
import { runners } from './env.ts';
import { thresholdsOf } from './thresholds.ts';

/**
 * What k6 is told of a scenario.
 *
 * @param parts what it does, in order; each by a name that begins with the scenario's, by which its requests are found
 * @param own thresholds beside those that all scenarios have
 */
export function optionsOf<Name extends ScenarioName>(
  name: Name,
  parts: Record<`${Name}${string}`, Scenario>,
  own: { [metric: string]: Threshold[] } = {},
): Options {
  return {
    scenarios: parts,
    thresholds: thresholdsOf(name, Object.keys(parts), own),
    ...segment(),
    // Runners wait in it for each other.
    setupTimeout: '10m',
    // Without `url`, which would make a series of every product; requests are told apart by the name they are given.
    systemTags: ['proto', 'status', 'method', 'name', 'scenario', 'expected_response', 'check', 'error_code'],
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
  };
}

/** The share of this runner, where an Indexed Job says which it is; k6-operator says it by flags. */
function segment(): Pick<Options, 'executionSegment' | 'executionSegmentSequence'> {
  const index = __ENV.JOB_COMPLETION_INDEX;
  if (index === undefined || index === '') return {};
  const border = (at: number) => `${at}/${runners}`;
  return {
    executionSegment: `${border(Number(index))}:${border(Number(index) + 1)}`,
    executionSegmentSequence: Array.from({ length: runners + 1 }, (_, at) => border(at)).join(','),
  };
}

import { type ScenarioFacts, type ScenarioName, scenarios } from '../k6-jobs/catalogue.ts';

/**
 * The scenario that a run's samples are of. One scenario may run under several names, each of which begins with its own.
 *
 * @param labels what the samples carry as `scenario`
 * @returns the one that all of them are of: its name in the catalogue, or, where that has none, the label; undefined
 * where they are of several
 */
export function scenarioIn(labels: readonly string[]): string | undefined {
  const names = new Set(labels.map((label) => known(label) ?? label));
  return names.size === 1 ? [...names][0] : undefined;
}

/** The requests that a scenario sends; undefined where the catalogue does not know it. */
export function endpointsOf(scenario: string): readonly string[] | undefined {
  const name = known(scenario);
  return name === undefined ? undefined : scenarios[name].endpoints;
}

/** Thresholds without which a run of a scenario has not done what it is for, as runners name them when they are broken. */
export function achievementsOf(scenario: string): readonly string[] {
  const name = known(scenario);
  if (name === undefined) return [];
  const { achieves = {} }: ScenarioFacts = scenarios[name];
  return Object.entries(achieves).flatMap(([metric, bounds]) => bounds.map((bound) => `${metric}: ${bound}`));
}

/** The longest name of the catalogue that a label begins with: where there were `blog` and `blog-read`, the latter. */
const known = (label: string): ScenarioName | undefined =>
  (Object.keys(scenarios) as ScenarioName[])
    .filter((name) => label.startsWith(name))
    .sort((a, b) => b.length - a.length)[0];

import type { Figure, FigureName } from '../model/figure.ts';
import { selector } from '../model/promql.ts';
import { pressure, type Resource, verdictScore } from '../model/resource.ts';
import type { Target } from '../model/target.ts';
import { measuresStages } from './bottleneck.ts';

/** Every figure that some target measures; what several do, such as two kinds of load generator, is asked of each. */
export function figures(targets: readonly Target[]): Figure[] {
  const byName = new Map<FigureName, string>();
  for (const { name, expr } of [...targets.flatMap(({ figures: own = [] }) => own), ...recorded(targets)]) {
    const other = byName.get(name);
    byName.set(name, other ? `(${other}) or (${expr})` : expr);
  }
  return [...byName].map(([name, expr]) => ({ name, expr }));
}

/** What rules make of several targets. */
function recorded(targets: readonly Target[]): Figure[] {
  const resources = targets.flatMap(({ resources: own = [] }) => own);
  // Others may go on beside this run, and those of its time are no part of it.
  const ofRun = resources.some(({ of }) => of === 'testid')
    ? `${selector(pressure.name, { testid: '=' })} or ${selector(pressure.name, { testid: '=$testid' })}`
    : pressure.name;
  return [
    ...(resources.length ? [{ name: 'pressure' as const, expr: ofRun }] : []),
    ...(measuresStages(targets) ? [{ name: 'verdict_score' as const, expr: verdictScore.name }] : []),
  ];
}

/** Where each resource stands on the way of a request, by its name; those that no request waits for are left out. */
export const placesOf = (targets: readonly Target[]): Record<string, NonNullable<Resource['place']>> =>
  Object.fromEntries(
    targets
      .flatMap(({ resources = [] }) => resources)
      .flatMap(({ resource, place }) => (place ? [[resource, place]] : [])),
  );

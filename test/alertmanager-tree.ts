import type { Labels } from './alerting-fixture.ts';
import type { Manifest } from './stack-fixture.ts';

/** What Alertmanager makes of its configuration, in short. */

/** Whether labels fit matchers such as `severity="critical"`; a label that is not there is empty. */
export const fits = (matchers: readonly string[] = [], labels: Labels): boolean =>
  matchers.every((matcher) => {
    const [, label = '', operator = '', text = ''] = /^(\w+)(=~|!~|!=|=)(".*")$/s.exec(matcher) ?? [];
    const value = labels[label] ?? '';
    const wanted: string = JSON.parse(text);
    const equal = operator.endsWith('~') ? new RegExp(`^(?:${wanted})$`).test(value) : value === wanted;
    return operator.startsWith('!') ? !equal : equal;
  });

/** The route that an alert takes: the first child that fits, with what it does not say taken from its parent. */
export function routeOf(route: Manifest, labels: Labels): Manifest {
  const { routes = [], ...own } = route;
  const child = routes.find(({ matchers }: Manifest) => fits(matchers, labels));
  return child ? routeOf({ ...own, routes: undefined, ...child }, labels) : own;
}

/** Whether one alert keeps another back. */
export const inhibits = (rules: readonly Manifest[], source: Labels, target: Labels): boolean =>
  rules.some(
    ({ source_matchers, target_matchers, equal }) =>
      fits(source_matchers, source) &&
      fits(target_matchers, target) &&
      equal.every((label: string) => (source[label] ?? '') === (target[label] ?? '')),
  );

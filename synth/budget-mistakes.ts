import { scenarios } from '../k6-jobs/catalogue.ts';
import { nameOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import type { Target } from '../model/target.ts';
import { measured } from '../rules/measured.ts';

/**
 * Budgets that nothing would ever be held against: of a system that is not monitored, or of requests that nobody sends.
 * Defaults are for whatever there is.
 *
 * @returns one line for each: the budget, what is missing, what there is
 */
export function budgetMistakes(config: Config, targets: readonly Target[]): string[] {
  return config.budgets.flatMap((budget) => {
    if (budget.isDefault) return [];
    const mistake = (message: string) => [`budgets: "${nameOf(budget)}": ${message}`];
    const { service, endpoint } = budget;
    const services = config.services.map(({ name }) => name);
    if (service !== undefined && !services.includes(service))
      return mistake(`"${service}" is not the name of any of services: ${listed(services)}`);
    if (endpoint !== undefined) {
      const sent = config.loadTests
        .filter((test) => service === undefined || test.service === service)
        .flatMap(({ scenario }) => [...scenarios[scenario].endpoints]);
      if (!sent.some((name) => name === endpoint))
        return mistake(
          `no load test${service === undefined ? '' : ` of ${service}`} sends "${endpoint}"; they send: ${listed(sent)}`,
        );
    }
    if (measured([budget], targets).length > 0) return [];
    const known = targets.flatMap(({ title, indicators = [] }) =>
      indicators
        .filter(({ indicator }) => indicator === budget.indicator)
        .map(({ resource, subjects }) => {
          const by = Object.keys(subjects);
          return [title, ...(resource ? [resource] : []), ...(by.length ? [`by ${by.join(', ')}`] : [])].join(' ');
        }),
    );
    return mistake(
      known.length
        ? `nothing measures ${budget.indicator} so; it is measured of: ${known.join('; ')}`
        : `nothing that is monitored measures ${budget.indicator}`,
    );
  });
}

const listed = (names: readonly string[]) => [...new Set(names)].join(', ') || 'there is none';

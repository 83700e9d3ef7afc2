import { group, last, type Matchers, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

const check = ['testid', 'service', 'scenario', 'check'] as const;
const runner = ['testid', 'service', 'scenario', 'instance_id'] as const;

/**
 * Share in which each check held, over all runners. Each pushes the share of its own, without how many there were; so
 * each weighs what it has done in iterations. That is right as far as they all ask a check equally often, and one that
 * had three iterations does not speak for two hundred others.
 *
 * @param share the gauge of a moment, or the last one of a time
 */
export const heldShare = (share: string, matchers: Matchers<'testid'>, window: string): string => {
  // In one whose first iteration has not ended yet, a check counts once.
  const weight = `(${sum(last(metrics.iterations, matchers, window), ...runner)} or ${group(share, ...runner)})`;
  const weighted = (value: string) => sum(`${value} * on (${runner.join(', ')}) group_left () ${weight}`, ...check);
  return `${weighted(share)} / (${weighted(`(${share} >= bool 0)`)} > 0)`;
};

/** The same of a run that has ended, with its id as $testid and its length as $__range. */
export const heldInRun = (): string => {
  const matchers = { testid: '=$testid' } as const;
  return heldShare(last(metrics.checks, matchers), matchers, '$__range');
};

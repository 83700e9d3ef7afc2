import { max, rate, ratio, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** Redis executes commands on one thread, whatever its container may use. */
export const mainThread = (window?: string) =>
  max(`${rate(metrics.cpuSystem, {}, window)} + ${rate(metrics.cpuUser, {}, window)}`, 'instance');

/** What is in use of maxmemory, where there is one. */
export const memory = max(ratio(select(metrics.memoryUsed), select(metrics.memoryMax)), 'instance');

/** How many keys each command costs, on average. */
export const evictedPerCommand = (window: string) =>
  ratio(sum(rate(metrics.evicted, {}, window), 'instance'), sum(rate(metrics.processed, {}, window), 'instance'));

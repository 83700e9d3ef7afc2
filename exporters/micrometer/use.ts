import { max, rate, ratio, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** How much of what a service has is in use: of the services that are chosen in a panel, of all in a rule. */

/** Connections that were in use on average: the time that they were held in a second, with nothing lost in between. */
export const busy = (matchers = {}, window?: string) =>
  sum(rate(metrics.poolUsageSum, matchers, window), 'service', 'pod');
/** Share of the time that all threads stood still. */
export const pauses = (matchers = {}, window?: string) =>
  max(sum(rate(metrics.collectionSum, matchers, window), 'service', 'pod'), 'service');
export const threadsBusy = (matchers = {}) =>
  max(ratio(select(metrics.threadsBusy, matchers), select(metrics.threadsMax, matchers)), 'service');
export const heapAfterCollection = (matchers = {}) =>
  max(select(metrics.heapAfterCollection, { ...matchers, area: '=heap' }), 'service');
export const consumerBusy = (matchers = {}) => max(`1 - ${select(metrics.consumerIdle, matchers)}`, 'service');

import { max, rate, ratio, select, sum } from '../../model/promql.ts';
import { storageInstance } from '../../model/tracing.ts';
import { metrics } from './metrics.ts';

/** What of Elasticsearch can run out, by instance: of the node that is worst off, since a shard is on that or another. */

/** The systems under test, which tracing is no part of. */
export const underTest = { instance: `!=${storageInstance}` } as const;

type Which = { readonly instance?: `!=${string}` };

/**
 * Of the heap; the community's exporter tells of other memory, too.
 *
 * @param window of which the least counts, since what is garbage is in use until it is collected
 */
export const heap = (window?: string, which: Which = {}): string => {
  const used = select(metrics.heapUsed, { ...which, area: '=heap' });
  const most = select(metrics.heapMax, { ...which, area: '=heap' });
  return max(ratio(window ? `min_over_time(${used}[${window}])` : used, most), 'instance');
};

export const disk = (which: Which = {}): string =>
  max(`1 - ${ratio(select(metrics.diskAvailable, which), select(metrics.diskSize, which))}`, 'instance');

/** Requests per second that found the queue full. */
export const rejections = (window?: string, which: Which = {}): string =>
  sum(rate(metrics.rejected, { ...which, type: '=~write|search' }, window), 'instance', 'type');

import type { Indicator } from '../../model/indicator.ts';
import { max, ratio, select } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

/** The connections that are open, of those that a server accepts. */
export const connections = max(ratio(select(metrics.threadsConnected), select(metrics.maxConnections)), 'instance');

/** What to look at when there are many. */
export const ofConnections =
  'Add up the pools of all pods that use it: if that is more than the server allows, the next pod or the next peak is refused.';

/** How full a server is. */
export const indicators: readonly Indicator[] = [
  {
    indicator: 'utilization',
    resource: 'mysql-connections',
    subjects: {},
    each: ['instance'],
    now: () => connections,
    ofRun: () => `max_over_time((${connections})[$__range:15s])`,
    alert: {
      alert: 'MysqlConnectionsHigh',
      for: '1m',
      of: 'MySQL {{ $labels.instance }}',
      description: `This share of max_connections is open. ${ofConnections}`,
    },
  },
];

import { gauge } from '../model/metric.ts';
import { max, select } from '../model/promql.ts';
import type { Target } from '../model/target.ts';
import { origin } from './micrometer/metrics.ts';

/** Under the names of prom-client. */
const metrics = {
  lagP99: gauge('nodejs_eventloop_lag_p99_seconds', origin, 'Delay of the event loop since the last scrape, p99.'),
  lagMax: gauge('nodejs_eventloop_lag_max_seconds', origin, 'Longest delay of the event loop since the last scrape.'),
};

/** What services on Node.js have in place of a collector's pauses and threads: one loop, which all requests share. */
export const nodeRuntime = (): Required<Pick<Target, 'metrics' | 'alerts' | 'resources' | 'panels'>> => ({
  metrics,
  alerts: [
    {
      alert: 'EventLoopBlocked',
      expr: `${select(metrics.lagP99)} > 0.1`,
      for: '30s',
      severity: 'warning',
      summary: 'The event loop of {{ $labels.service }} is blocked',
      description:
        'One in a hundred of its turns on {{ $labels.pod }} came {{ $value | humanizeDuration }} late, and every request waits for several. Check whether it is throttled; if not, look for work that does not give way: parsing, hashing, compression, long collections.',
    },
  ],
  resources: [
    {
      resource: 'event-loop',
      place: { stage: 'compute', depth: 5 },
      facet: 'saturation',
      of: 'service',
      // A request that waits a tenth of a second for its turn, more than once.
      pressure: `${max(select(metrics.lagP99), 'service')} / 0.1`,
    },
  ],
  panels: [
    {
      title: 'Lag of the event loop',
      description:
        'How late the loop of Node.js came to what was due; every request waits that long more than once. Look for work that does not give way: parsing, hashing, compression.',
      type: 'timeseries',
      unit: 's',
      thresholds: { warning: 0.05, critical: 0.1 },
      boards: ['bottleneck'],
      row: 'Runtime',
      queries: [
        { expr: max(select(metrics.lagP99, { service: '=~$service' }), 'service'), legend: '{{service}} p99' },
        { expr: max(select(metrics.lagMax, { service: '=~$service' }), 'service'), legend: '{{service}} longest' },
      ],
    },
  ],
});

import type { Indicator } from '../../model/indicator.ts';
import { memory } from './use.ts';

/** What to look at when memory runs out. */
export const ofMemory =
  'When it is full, Redis evicts keys, or refuses writes if maxmemory-policy is noeviction: look for keys without a time to live, then at how much the working set needs.';

/** How full a server is. */
export const indicators: readonly Indicator[] = [
  {
    indicator: 'utilization',
    resource: 'redis-memory',
    subjects: {},
    each: ['instance'],
    now: () => memory,
    ofRun: () => `max_over_time((${memory})[$__range:15s])`,
    alert: {
      alert: 'RedisMemoryHigh',
      for: '1m',
      of: 'Redis {{ $labels.instance }}',
      description: `This share of maxmemory is in use. ${ofMemory}`,
    },
  },
];

import type { Alert } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { increase, max, rate, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';

const pod = ['namespace', 'service', 'pod'] as const;

/** What services run out of inside of their processes. */
export function alerts(config: Config): Alert[] {
  const window = ruleWindow(config);
  return [
    {
      alert: 'ConnectionPoolExhausted',
      expr: `${select(metrics.poolPending)} > 0 and ${select(metrics.poolActive)} >= ${select(metrics.poolMax)}`,
      for: '30s',
      severity: 'critical',
      summary: 'Connection pool {{ $labels.pool }} of {{ $labels.service }} is exhausted',
      description:
        'Every connection of {{ $labels.pod }} is in use, and {{ $value | printf "%.0f" }} threads wait for one. Look at how long connections are held: a slow query, a row lock, or a call of another service inside of a transaction. Only if they are held briefly is the pool too small.',
    },
    {
      alert: 'ConnectionPoolTimeouts',
      expr: `${increase(metrics.poolTimeouts, {}, window)} > 0`,
      for: '0s',
      severity: 'critical',
      summary: 'Requests to {{ $labels.service }} fail for want of a database connection',
      description: `Some {{ $value | printf "%.0f" }} threads of {{ $labels.pod }} gave up waiting for a connection of {{ $labels.pool }} in the last ${window}. They had waited for the whole timeout, 30 s unless it was set: latency in this time says nothing about the rest of the system.`,
    },
    {
      alert: 'RequestThreadsExhausted',
      expr: `${ratio(select(metrics.threadsBusy), select(metrics.threadsMax))} > 0.9`,
      for: '1m',
      severity: 'warning',
      summary: 'Request threads of {{ $labels.service }} are nearly all busy',
      description:
        '{{ $value | humanizePercentage }} of those of {{ $labels.name }} on {{ $labels.pod }}. Requests beyond them wait before the service begins to time them, so its own latency looks better than that of its users. Look at what the threads wait for: the pool, a row lock, another service.',
    },
    {
      alert: 'GarbageCollectionHigh',
      expr: `${sum(rate(metrics.collectionSum, {}, window), ...pod)} > 0.1`,
      for: '1m',
      severity: 'warning',
      summary: 'The garbage collector stops {{ $labels.service }} for much of the time',
      description:
        'Pauses take {{ $value | humanizePercentage }} of the time of {{ $labels.pod }}, and every request in it waits for them. Look at its heap after collections: if that is nearly full it has too little memory, if not it makes too much garbage.',
    },
    {
      alert: 'HeapNearlyFull',
      expr: `${max(select(metrics.heapAfterCollection, { area: '=heap' }), ...pod)} > 0.9`,
      for: '1m',
      severity: 'warning',
      summary: 'The heap of {{ $labels.service }} is nearly full',
      description:
        '{{ $value | humanizePercentage }} of that of {{ $labels.pod }} is in use even after a full collection. Soon it only collects, and then ends with an OutOfMemoryError: raise the heap, or find what it keeps.',
    },
    {
      alert: 'CircuitBreakerOpen',
      // Of a while, since a breaker that lets one call try is not open for that moment.
      expr: `max_over_time(${select(metrics.breakerState, { state: '=open' })}[${window}]) > 0`,
      for: '0s',
      severity: 'warning',
      summary: 'Circuit breaker {{ $labels.name }} of {{ $labels.service }} is open',
      description:
        '{{ $labels.pod }} refuses calls at once, since too many before them failed or were slow. Latency looks better for it, and less is loaded than the test asks for: look at what {{ $labels.name }} calls.',
    },
  ];
}

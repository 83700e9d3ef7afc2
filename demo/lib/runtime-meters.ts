import { availableParallelism, loadavg } from 'node:os';
import {
  constants,
  monitorEventLoopDelay,
  type NodeGCPerformanceDetail,
  type PerformanceEntry,
  PerformanceObserver,
} from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import type { Meters } from './meters.ts';

/** The collector's kinds of pause, in Micrometer's words. */
const pauses: Readonly<Record<number, { action: string; cause: string }>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: { action: 'end of minor GC', cause: 'Allocation' },
  [constants.NODE_PERFORMANCE_GC_MAJOR]: { action: 'end of major GC', cause: 'Allocation' },
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: { action: 'end of major GC', cause: 'Incremental marking' },
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: { action: 'end of major GC', cause: 'Weak callbacks' },
};

/**
 * Process, heap and garbage collector, with V8's spaces where a JVM has its pools; and the delay of the event
 * loop, which a JVM does not have. Threads are left out: a service has one.
 */
export function measureRuntime(meters: Meters): void {
  processMeters(meters);
  heap(meters);
  collector(meters);
  eventLoop(meters);
}

function processMeters(meters: Meters): void {
  let usage = process.cpuUsage();
  let at = process.hrtime.bigint();
  meters.gauge('process_cpu_usage', 'CPU of the process since the last scrape, as a share of all cores.', () => {
    const spent = process.cpuUsage(usage);
    const now = process.hrtime.bigint();
    const elapsed = Number(now - at) / 1e3;
    usage = process.cpuUsage();
    at = now;
    return (spent.user + spent.system) / elapsed / availableParallelism();
  });
  meters.gauge('system_cpu_count', 'Cores that the process may use.', availableParallelism);
  meters.gauge('system_load_average_1m', 'Load of the node over a minute.', () => loadavg()[0] ?? 0);
  meters.gauge('process_uptime_seconds', 'Time since the process started.', () => process.uptime());
  const started = Date.now() / 1000 - process.uptime();
  meters.gauge('process_start_time_seconds', 'When the process started, since the epoch.', () => started);
}

function heap(meters: Meters): void {
  const spaces = (read: (space: ReturnType<typeof getHeapSpaceStatistics>[number]) => number) => () =>
    getHeapSpaceStatistics().map(
      (space) => [{ area: 'heap', id: space.space_name.replace('_space', '') }, read(space)] as const,
    );
  const labels = ['area', 'id'] as const;
  meters.labelledGauge('jvm_memory_used_bytes', 'Memory in use.', labels, () => [
    ...spaces((space) => space.space_used_size)(),
    [{ area: 'nonheap', id: 'external' }, process.memoryUsage().external],
  ]);
  meters.labelledGauge('jvm_memory_committed_bytes', 'Memory taken from the system.', labels, () => [
    ...spaces((space) => space.space_size)(),
    [{ area: 'nonheap', id: 'external' }, process.memoryUsage().external],
  ]);
  // One limit for the heap as a whole, which a JVM likewise reports for the old generation alone.
  meters.labelledGauge('jvm_memory_max_bytes', 'Most memory that can be had; -1 where no limit is set.', labels, () => [
    ...spaces((space) => (space.space_name === 'old_space' ? getHeapStatistics().heap_size_limit : -1))(),
    [{ area: 'nonheap', id: 'external' }, -1],
  ]);
}

type CollectorEntry = PerformanceEntry & { readonly detail: NodeGCPerformanceDetail };

function collector(meters: Meters): void {
  const paused = meters.timer({
    name: 'jvm_gc_pause_seconds',
    help: 'Pauses of the garbage collector.',
    labels: ['action', 'cause', 'gc'],
  });
  let live = getHeapStatistics().used_heap_size;
  new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntries() as CollectorEntry[]) {
      const kind = detail.kind ?? constants.NODE_PERFORMANCE_GC_MINOR;
      paused.record({ ...(pauses[kind] ?? { action: 'end of major GC', cause: 'Other' }), gc: 'V8' }, duration / 1000);
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) live = getHeapStatistics().used_heap_size;
    }
  }).observe({ entryTypes: ['gc'] });
  meters.labelledGauge(
    'jvm_memory_usage_after_gc',
    'Heap in use after the last full collection, as a share of its limit.',
    ['area', 'pool'],
    () => [[{ area: 'heap', pool: 'long-lived' }, live / getHeapStatistics().heap_size_limit]],
  );
}

function eventLoop(meters: Meters): void {
  const resolution = 10;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  // As prom-client has them: what came on top of the timer's own period, since the last scrape.
  const beyond = (nanoseconds: number) => Math.max(nanoseconds / 1e9 - resolution / 1e3, 0);
  meters.gauge('nodejs_eventloop_lag_mean_seconds', 'Mean delay of the event loop since the last scrape.', () =>
    Number.isNaN(delay.mean) ? 0 : beyond(delay.mean),
  );
  meters.gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'Delay of the event loop, 99th percentile since the last scrape.',
    () => beyond(delay.percentile(99)),
  );
  meters.gauge('nodejs_eventloop_lag_max_seconds', 'Longest delay of the event loop since the last scrape.', () => {
    const longest = beyond(delay.max);
    // The last of the three that is read.
    delay.reset();
    return longest;
  });
}

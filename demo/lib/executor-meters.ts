import type { Limiter } from './limiter.ts';
import type { Meters } from './meters.ts';

/** Measures a pool of workers under the names of Micrometer's executors. */
export function measureExecutor(meters: Meters, name: string, workers: Limiter): { completed(): void } {
  const labels = { name };
  meters.gauges(labels, {
    executor_active_threads: ['Workers that are busy.', () => workers.active],
    executor_queued_tasks: ['Tasks that wait for a worker.', () => workers.waiting],
    executor_queue_remaining_tasks: ['Tasks that may yet wait.', () => Math.min(workers.vacant, 2 ** 31 - 1)],
    executor_pool_size_threads: ['Workers.', () => workers.limit],
    executor_pool_core_threads: ['Workers that stay.', () => workers.limit],
    executor_pool_max_threads: ['Workers at most.', () => workers.limit],
  });
  const done = meters.counter('executor_completed_tasks_total', 'Tasks that are done.', ['name']);
  done.inc(labels, 0);
  return { completed: () => done.inc(labels) };
}

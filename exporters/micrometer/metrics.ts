import { counter, gauge, histogram } from '../../model/metric.ts';

/** Labels of every series: where it was scraped, and what the service calls itself. */
export const origin = ['job', 'instance', 'namespace', 'pod', 'service', 'application'] as const;

const request = [...origin, 'method', 'uri', 'status', 'outcome', 'exception', 'error'] as const;
const pool = [...origin, 'pool'] as const;
const named = [...origin, 'name'] as const;
const command = [...origin, 'command', 'local', 'remote'] as const;
const collection = [...origin, 'action', 'cause', 'gc'] as const;
const memory = [...origin, 'area', 'id'] as const;
const kafkaClient = [...origin, 'client_id', 'kafka_version', 'spring_id'] as const;

/** Under the names that Micrometer 1.12 and later give them on Spring Boot 3. */
export const metrics = {
  requests: histogram('http_server_requests_seconds', [...request, 'le'], 'Time to answer a request.'),
  requestsMax: gauge(
    'http_server_requests_seconds_max',
    request,
    'Longest time to answer a request, over two minutes.',
  ),
  clientRequests: histogram(
    'http_client_requests_seconds',
    [...request, 'client_name', 'le'],
    'Time until another service answered.',
  ),
  threadsBusy: gauge('tomcat_threads_busy_threads', named, 'Requests that are worked on.'),
  threadsMax: gauge('tomcat_threads_config_max_threads', named, 'Requests that are worked on at most.'),
  poolAcquire: histogram('hikaricp_connections_acquire_seconds', [...pool, 'le'], 'Time to get a connection.'),
  poolUsageSum: counter('hikaricp_connections_usage_seconds_sum', pool, 'Time that connections were held.'),
  poolUsageCount: counter('hikaricp_connections_usage_seconds_count', pool, 'How often a connection was held.'),
  poolTimeouts: counter('hikaricp_connections_timeout_total', pool, 'Waits for a connection that were in vain.'),
  poolActive: gauge('hikaricp_connections_active', pool, 'Connections in use.'),
  poolPending: gauge('hikaricp_connections_pending', pool, 'Threads that wait for a connection.'),
  poolMax: gauge('hikaricp_connections_max', pool, 'Connections at most.'),
  redisCommandSum: counter('lettuce_command_completion_seconds_sum', command, 'Time until Redis answered.'),
  redisCommandCount: counter('lettuce_command_completion_seconds_count', command, 'Commands that Redis answered.'),
  consumerIdle: gauge('kafka_consumer_poll_idle_ratio_avg', kafkaClient, 'Share of time that a consumer waited.'),
  producerThrottle: gauge(
    'kafka_producer_produce_throttle_time_avg',
    kafkaClient,
    'Mean time in ms that a broker made a request wait.',
  ),
  executorActive: gauge('executor_active_threads', named, 'Workers of an executor that are busy.'),
  executorMax: gauge('executor_pool_max_threads', named, 'Workers of an executor at most.'),
  executorQueued: gauge('executor_queued_tasks', named, 'Tasks that wait for a worker.'),
  heapUsed: gauge('jvm_memory_used_bytes', memory, 'Memory in use.'),
  heapMax: gauge('jvm_memory_max_bytes', memory, 'Most memory that can be had; -1 without a limit.'),
  heapAfterCollection: gauge(
    'jvm_memory_usage_after_gc',
    [...origin, 'area', 'pool'],
    'Share of the heap in use after the last full collection.',
  ),
  collectionSum: counter('jvm_gc_pause_seconds_sum', collection, 'Time in pauses of the garbage collector.'),

  processCpu: gauge('process_cpu_usage', origin, 'CPU of the process as a share of all cores.'),
  breakerState: gauge(
    'resilience4j_circuitbreaker_state',
    [...named, 'state'],
    'Whether a circuit breaker is in a state.',
  ),
};

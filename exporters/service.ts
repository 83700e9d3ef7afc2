import type { Config, ServiceConfig } from '../model/config.ts';
import { counter, gauge, histogram } from '../model/metric.ts';
import type { Relabel, Target } from '../model/target.ts';

/** Labels of every series: where it was scraped, and what the service calls itself. */
const origin = ['job', 'instance', 'namespace', 'pod', 'service', 'application'] as const;

const request = [...origin, 'method', 'uri', 'status', 'outcome', 'exception', 'error'] as const;
const pool = [...origin, 'pool'] as const;
const named = [...origin, 'name'] as const;
const command = [...origin, 'command', 'local', 'remote'] as const;
const collection = [...origin, 'action', 'cause', 'gc'] as const;
const memory = [...origin, 'area', 'id'] as const;
const kafkaClient = [...origin, 'client_id', 'kafka_version', 'spring_id'] as const;

/** Under the names that Micrometer 1.12 and later give them on Spring Boot 3. */
const metrics = {
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
  poolIdle: gauge('hikaricp_connections_idle', pool, 'Connections that are open and not in use.'),
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
  executorCompleted: counter('executor_completed_tasks_total', named, 'Tasks that are done.'),
  heapUsed: gauge('jvm_memory_used_bytes', memory, 'Memory in use.'),
  heapMax: gauge('jvm_memory_max_bytes', memory, 'Most memory that can be had; -1 without a limit.'),
  heapAfterCollection: gauge(
    'jvm_memory_usage_after_gc',
    [...origin, 'area', 'pool'],
    'Share of the heap in use after the last full collection.',
  ),
  collectionSum: counter('jvm_gc_pause_seconds_sum', collection, 'Time in pauses of the garbage collector.'),
  collectionCount: counter('jvm_gc_pause_seconds_count', collection, 'Pauses of the garbage collector.'),
  processCpu: gauge('process_cpu_usage', origin, 'CPU of the process as a share of all cores.'),
  breakerState: gauge(
    'resilience4j_circuitbreaker_state',
    [...named, 'state'],
    'Whether a circuit breaker is in a state.',
  ),
};

/** A pod's label as Prometheus' discovery spells it. */
const meta = (label: string) => `__meta_kubernetes_pod_label_${label.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

const podSelector = ({ name, selector }: ServiceConfig): Readonly<Record<string, string>> =>
  selector ?? { 'app.kubernetes.io/name': name };

/** Label values hold dots, which mean any character in a regular expression. */
const literal = (text: string) => text.replaceAll('.', '\\.');

/**
 * One step per service recognises its pods and notes where to scrape them. A job per service would cost a
 * watch of the API server and some forty lines of configuration each.
 */
const recognise = (service: ServiceConfig): Relabel => {
  const labels = Object.entries(podSelector(service));
  return {
    source_labels: ['__meta_kubernetes_namespace', ...labels.map(([label]) => meta(label))],
    regex: [service.namespace, ...labels.map(([, value]) => literal(value))].join(';'),
    target_label: '__tmp_service',
    replacement: [service.name, service.port, service.metricsPath.replaceAll('$', '$$$$')].join(';'),
  };
};

const fromService = (group: number, target_label: string): Relabel => ({
  source_labels: ['__tmp_service'],
  regex: '(.+);(.+);(.+)',
  target_label,
  replacement: `$${group}`,
});

/** `ip:port`; an IPv6 address goes in brackets. */
const address = (ip: string, replacement: string): Relabel => ({
  source_labels: ['__meta_kubernetes_pod_ip', '__tmp_service'],
  regex: `(${ip});.+;(.+);.+`,
  target_label: '__address__',
  replacement,
});

/** Pods under test that expose Micrometer's metrics. */
export function service({ services }: Config): Target | undefined {
  if (services.length === 0) return undefined;
  return {
    name: 'service',
    metrics,
    scrape: {
      discovery: { kind: 'pods', namespaces: [...new Set(services.map(({ namespace }) => namespace))] },
      relabel: [
        // Finished pods keep their address for a while and would read as down.
        { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
        ...services.map(recognise),
        { source_labels: ['__tmp_service'], regex: '.+', action: 'keep' },
        fromService(1, 'service'),
        address('[^:]+', '$1:$2'),
        address('.*:.*', '[$1]:$2'),
        fromService(3, '__metrics_path__'),
        { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ],
    },
  };
}

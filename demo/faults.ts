import type { demoServices } from '../model/demo.ts';

/**
 * What can be made to fail on purpose, and what must then be found to be the bottleneck: the ground truth
 * that attribution is measured against.
 */
export interface Fault {
  readonly name: string;
  /** Where it is switched on. */
  readonly service: ServiceName;
  /** What it does: the cause, not the symptom. */
  readonly cause: string;
  /** What runs out, and whose it is: a service, or a data system by its `instance`. */
  readonly bottleneck: { readonly of: string; readonly resource: string };
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** PromQL of one value that stays at or under `atMost` in a healthy shop under load and goes over it when this is on. */
  readonly evidence: { readonly query: string; readonly atMost: number };
}

export interface Parameter {
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly default: number;
}

export type ServiceName = (typeof demoServices)[number];

export const faults = [
  {
    name: 'connection-pool',
    service: 'shopping-service',
    cause: 'The pool holds too few connections for the requests at hand, each of which keeps its own for too long.',
    bottleneck: { of: 'shopping-service', resource: 'hikari-pool' },
    parameters: {
      size: { description: 'Connections at most.', minimum: 1, maximum: 100, default: 1 },
      heldMs: {
        description:
          'For how long one stays taken when its work is done, as by code that gives it back with the response.',
        minimum: 0,
        maximum: 10_000,
        default: 20,
      },
    },
    evidence: {
      query:
        'sum(rate(hikaricp_connections_acquire_seconds_sum{service="shopping-service"}[30s])) / sum(rate(hikaricp_connections_acquire_seconds_count{service="shopping-service"}[30s]))',
      atMost: 0.002,
    },
  },
  {
    name: 'missing-index',
    service: 'shopping-service',
    cause: 'The index of reviews by product is dropped, so each look at a product reads the whole table.',
    bottleneck: { of: 'demo-mysql', resource: 'cpu' },
    parameters: {},
    evidence: {
      query: 'sum(rate(mysql_global_status_handlers_total{instance="demo-mysql",handler="read_rnd_next"}[30s]))',
      atMost: 100_000,
    },
  },
  {
    name: 'row-lock',
    service: 'shopping-service',
    cause: 'Every order locks the row of one product, whatever it orders, and holds it.',
    bottleneck: { of: 'demo-mysql', resource: 'mysql-row-locks' },
    parameters: {
      productId: { description: 'Whose row.', minimum: 1, maximum: 100_000, default: 1 },
      holdMs: { description: 'For how long.', minimum: 1, maximum: 10_000, default: 200 },
    },
    evidence: {
      query: 'sum(rate(mysql_global_status_innodb_row_lock_time{instance="demo-mysql"}[30s])) / 1000',
      atMost: 0.1,
    },
  },
  {
    name: 'redis-memory',
    service: 'shopping-service',
    cause: 'Redis may take too little memory for what is cached, and evicts it.',
    bottleneck: { of: 'demo-redis', resource: 'redis-memory' },
    parameters: {
      headroomKiB: { description: 'How much more than it takes now.', minimum: 1, maximum: 65_536, default: 32 },
    },
    evidence: { query: 'sum(rate(redis_evicted_keys_total{instance="demo-redis"}[30s]))', atMost: 0 },
  },
  {
    name: 'cache-off',
    service: 'shopping-service',
    cause: 'Nothing is cached: each look at a product goes to MySQL.',
    bottleneck: { of: 'demo-mysql', resource: 'cpu' },
    parameters: {},
    evidence: {
      // The share of look-ups that did not go to Redis first.
      query:
        '1 - sum(rate(lettuce_command_completion_seconds_count{service="shopping-service",command="GET"}[30s])) / sum(rate(http_server_requests_seconds_count{service="shopping-service",uri=~"/api/v1/products|/api/v1/products/{id}"}[30s]))',
      atMost: 0.3,
    },
  },
  {
    name: 'slow-consumer',
    service: 'notification-service',
    cause: 'Each message takes long to deal with.',
    bottleneck: { of: 'demo-kafka', resource: 'kafka-consumer' },
    parameters: {
      // A consumer that deals with a message for longer is taken for dead.
      delayMs: { description: 'How long.', minimum: 1, maximum: 5000, default: 2000 },
    },
    evidence: {
      query:
        'sum(kafka_topic_partition_current_offset{topic="order-created"}) - sum(kafka_consumergroup_current_offset{consumergroup="notification",topic="order-created"})',
      atMost: 50,
    },
  },
  {
    name: 'throttled-broker',
    service: 'shopping-service',
    cause: 'The broker makes the producer wait: a quota of too few bytes per second.',
    bottleneck: { of: 'demo-kafka', resource: 'kafka-broker' },
    parameters: {
      bytesPerSecond: { description: 'What the producer may send.', minimum: 1000, maximum: 1e9, default: 3000 },
    },
    evidence: { query: 'max(kafka_producer_produce_throttle_time_avg{service="shopping-service"})', atMost: 50 },
  },
  {
    name: 'cpu-limit',
    service: 'shopping-service',
    cause: 'Requests cost more CPU than the limit of the container allows.',
    bottleneck: { of: 'shopping-service', resource: 'cpu' },
    parameters: {
      rounds: {
        description: 'Rounds of SHA-256 for each request; 10,000 are some 5 ms of a core.',
        minimum: 1,
        maximum: 1e7,
        default: 50_000,
      },
    },
    evidence: {
      query:
        'sum(rate(container_cpu_cfs_throttled_periods_total{service="shopping-service",container="shopping-service"}[30s])) / sum(rate(container_cpu_cfs_periods_total{service="shopping-service",container="shopping-service"}[30s]))',
      atMost: 0.2,
    },
  },
  {
    name: 'memory-leak',
    service: 'shopping-service',
    cause: 'The heap grows until it is full; the process then dies and starts anew.',
    bottleneck: { of: 'shopping-service', resource: 'jvm-heap' },
    parameters: { mebibytesPerSecond: { description: 'How fast.', minimum: 1, maximum: 100, default: 2 } },
    evidence: {
      query:
        'sum(jvm_memory_used_bytes{service="shopping-service",area="heap"}) / sum(jvm_memory_max_bytes{service="shopping-service",area="heap"} > 0)',
      atMost: 0.55,
    },
  },
  {
    name: 'event-loop-stalls',
    service: 'shopping-service',
    cause: 'The process stands still again and again, as under a collector that stops the world.',
    bottleneck: { of: 'shopping-service', resource: 'event-loop' },
    parameters: {
      everyMs: { description: 'From one to the next.', minimum: 10, maximum: 60_000, default: 1000 },
      stallMs: { description: 'How long each is.', minimum: 1, maximum: 10_000, default: 400 },
    },
    evidence: {
      query: 'min_over_time(max(nodejs_eventloop_lag_max_seconds{service="shopping-service"})[30s:5s])',
      atMost: 0.3,
    },
  },
  {
    name: 'slow-downstream',
    service: 'search-service',
    cause: 'The search takes long to answer, without work of its own.',
    bottleneck: { of: 'search-service', resource: 'downstream' },
    parameters: { delayMs: { description: 'How long.', minimum: 1, maximum: 60_000, default: 1000 } },
    evidence: {
      query:
        'sum(rate(http_client_requests_seconds_sum{service="api-gateway",client_name="search-service"}[30s])) / sum(rate(http_client_requests_seconds_count{service="api-gateway",client_name="search-service"}[30s]))',
      atMost: 0.5,
    },
  },
  {
    name: 'error-burst',
    service: 'shopping-service',
    cause: 'A share of the requests ends in an exception.',
    bottleneck: { of: 'shopping-service', resource: 'errors' },
    parameters: { percent: { description: 'Which share.', minimum: 1, maximum: 100, default: 30 } },
    evidence: {
      query:
        '(sum(rate(http_server_requests_seconds_count{service="shopping-service",outcome="SERVER_ERROR"}[30s])) or vector(0)) / sum(rate(http_server_requests_seconds_count{service="shopping-service"}[30s]))',
      atMost: 0.05,
    },
  },
] as const satisfies readonly Fault[];

export type FaultName = (typeof faults)[number]['name'];

/** The faults that are switched on at a service. */
export type FaultOf<Service extends ServiceName> = Extract<(typeof faults)[number], { service: Service }>['name'];

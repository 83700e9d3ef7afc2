import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import { targets } from '../../exporters/index.ts';
import type { FigureName } from '../../model/figure.ts';
import { placesOf } from '../../rules/figures.ts';
import { configOf, demoConfig } from '../config-fixture.ts';

/** Ten minutes of a shop under a steady load that nothing holds up, as it is archived; tests change what they are about. */

const axis = { start: 1_760_000_000, step: 15, count: 41 };
const end = axis.start + axis.step * (axis.count - 1);

type Shape = number | ((index: number) => number | null);

/** A series of as many points as the axis has, from what each of them is, or what all of them are. */
export const series = (labels: Readonly<Record<string, string>>, shape: Shape, count = axis.count): ArchivedSeries => ({
  labels,
  values: Array.from({ length: count }, (_, index) => (typeof shape === 'number' ? shape : shape(index))),
});

/** Changes from one value to another in the middle of the run. */
export const step =
  (before: number, after: number, at = 20) =>
  (index: number): number =>
    index < at ? before : after;

/** Where a resource stands. `whose` is the value of its label. */
export const pressureOf = (
  resource: string,
  facet: string,
  by: 'service' | 'instance' | 'testid',
  whose: string,
  shape: Shape,
): ArchivedSeries => series({ resource, facet, of: whose, [by]: whose }, shape);

export const stageOf = (service: string, stage: string, shape: Shape): ArchivedSeries =>
  series({ service, stage }, shape);

/** Stages of a request in seconds: the gateway waits for the shop, and that for its database and cache. */
const stages = [
  stageOf('api-gateway', 'total', 0.016),
  stageOf('api-gateway', 'compute', 0.002),
  stageOf('api-gateway', 'downstream', 0.014),
  stageOf('api-gateway', 'queue', 0.004),
  stageOf('shopping-service', 'total', 0.012),
  stageOf('shopping-service', 'compute', 0.004),
  stageOf('shopping-service', 'pool-wait', 0.0002),
  stageOf('shopping-service', 'database', 0.006),
  stageOf('shopping-service', 'cache', 0.0018),
  stageOf('search-service', 'total', 0.01),
  stageOf('search-service', 'compute', 0.003),
  stageOf('search-service', 'downstream', 0.007),
];

const pressures = [
  pressureOf('cpu', 'utilization', 'service', 'shopping-service', 0.3),
  pressureOf('cpu', 'saturation', 'service', 'shopping-service', 0.1),
  pressureOf('cpu', 'utilization', 'service', 'api-gateway', 0.2),
  pressureOf('cpu', 'utilization', 'service', 'mysql', 0.25),
  pressureOf('memory', 'utilization', 'service', 'shopping-service', 0.5),
  pressureOf('node-cpu', 'utilization', 'instance', 'node-1', 0.4),
  pressureOf('hikari-pool', 'utilization', 'service', 'shopping-service', 0.1),
  pressureOf('hikari-pool', 'saturation', 'service', 'shopping-service', 0),
  pressureOf('jvm-heap', 'utilization', 'service', 'shopping-service', 0.4),
  pressureOf('jvm-heap', 'saturation', 'service', 'shopping-service', 0.05),
  pressureOf('event-loop', 'saturation', 'service', 'shopping-service', 0.2),
  pressureOf('mysql-connections', 'utilization', 'instance', 'demo-mysql', 0.2),
  pressureOf('mysql-row-locks', 'saturation', 'instance', 'demo-mysql', 0.02),
  pressureOf('mysql-buffer-pool', 'saturation', 'instance', 'demo-mysql', 0),
  pressureOf('redis-main-thread', 'utilization', 'instance', 'demo-redis', 0.1),
  pressureOf('redis-memory', 'errors', 'instance', 'demo-redis', 0),
  pressureOf('kafka-consumer', 'saturation', 'instance', 'demo-kafka', 0.02),
  pressureOf('kafka-consumer', 'utilization', 'service', 'notification-service', 0.1),
  pressureOf('kafka-broker', 'errors', 'instance', 'demo-kafka', 0),
];

const figures: Partial<Record<FigureName, readonly ArchivedSeries[]>> = {
  vus: [series({}, 20)],
  requests: [series({}, 100)],
  error_ratio: [series({}, 0)],
  dropped: [series({}, 0)],
  p50: [series({}, 0.015)],
  p90: [series({}, 0.03)],
  p95: [series({}, 0.04)],
  p99: [series({}, 0.06)],
  client_mean: [series({}, 0.02)],
  stage: stages,
  pressure: pressures,
  calls: [
    series({ service: 'api-gateway', client_name: 'shopping-service' }, 0.0135),
    series({ service: 'api-gateway', client_name: 'search-service' }, 0.011),
    series({ service: 'search-service', client_name: 'elasticsearch' }, 0.007),
  ],
  call_rate: [
    series({ service: 'api-gateway', client_name: 'shopping-service' }, 80),
    series({ service: 'api-gateway', client_name: 'search-service' }, 20),
    series({ service: 'search-service', client_name: 'elasticsearch' }, 20),
  ],
  served: [
    series({ service: 'api-gateway' }, 100),
    series({ service: 'shopping-service' }, 80),
    series({ service: 'search-service' }, 20),
  ],
  server_errors: [
    series({ service: 'api-gateway' }, 0),
    series({ service: 'shopping-service' }, 0),
    series({ service: 'search-service' }, 0),
  ],
  lag: [series({ instance: 'demo-kafka', consumergroup: 'notification', topic: 'order-created' }, 3)],
  produce_throttle: [series({ service: 'shopping-service' }, 0)],
  cpu: [series({ service: 'api-gateway' }, 0.2), series({ service: 'shopping-service' }, 0.3)],
  memory: [series({ service: 'api-gateway' }, 120e6), series({ service: 'shopping-service' }, 200e6)],
  restarts: [series({ service: 'api-gateway' }, 0), series({ service: 'shopping-service' }, 0)],
};

/** Response times of a minute, half of them on either side of a bound. */
const slice = (at: number, bound: number) => ({
  at,
  count: 400,
  sum: 400 * bound,
  buckets: [
    [bound / 2, bound, 200],
    [bound, bound * 2, 200],
  ] as const,
});
const minutes = Array.from({ length: 10 }, (_, index) => axis.start + 60 * (index + 1));

const verdict: NonNullable<RunArchive['verdict']> = {
  version: 1,
  testid: 'run-1',
  service: 'api-gateway',
  scenario: 'browse',
  start: new Date(axis.start * 1000).toISOString(),
  end: new Date(end * 1000).toISOString(),
  verdict: 'pass',
  reasons: [],
  budgets: [
    {
      budget: 'p95',
      job: 'k6',
      indicator: 'p95',
      severity: 'critical',
      good: 'below',
      bound: 1,
      value: 0.04,
      used: 0.04,
      labels: {},
      state: 'held',
    },
    {
      budget: 'error_ratio',
      job: 'k6',
      indicator: 'error_ratio',
      severity: 'critical',
      good: 'below',
      bound: 0.01,
      value: 0,
      used: 0,
      labels: {},
      state: 'held',
    },
  ],
  checks: [],
  runners: null,
};

const healthy: RunArchive = {
  format: 'loadscope.run',
  version: 1,
  written: '2025-10-09T09:00:00.000Z',
  run: {
    testid: 'run-1',
    loadTest: 'demo-browse',
    scenario: 'browse',
    profile: 'load',
    service: 'api-gateway',
    url: 'http://api-gateway.shop.svc:8080',
    engine: 'jobs',
    runners: 1,
    vus: 20,
    rate: 0,
    duration: 600,
    launched: '2025-10-09T08:53:00.000Z',
    start: axis.start,
    end,
  },
  verdict,
  axis,
  figures,
  places: placesOf(targets(configOf(demoConfig))),
  systems: [
    { instance: 'demo-mysql', kind: 'mysql', workload: 'mysql', namespace: 'shop' },
    { instance: 'demo-redis', kind: 'redis', workload: 'redis', namespace: 'shop' },
    { instance: 'demo-kafka', kind: 'kafka', workload: 'kafka', namespace: 'shop' },
    { instance: 'demo-elasticsearch', kind: 'elasticsearch', workload: 'elasticsearch', namespace: 'shop' },
  ],
  endpoints: [
    {
      name: 'product_list',
      method: 'GET',
      requests: 48_000,
      failed: 0,
      latency: minutes.map((at) => slice(at, 0.02)),
    },
    {
      name: 'product_detail',
      method: 'GET',
      requests: 12_000,
      failed: 12,
      latency: minutes.map((at) => slice(at, 0.01)),
    },
  ],
  panels: [
    {
      title: 'k6: p95 latency by endpoint',
      description: 'One request in twenty took longer than this.',
      type: 'timeseries',
      unit: 's',
      thresholds: { critical: 1 },
      row: 'k6',
      boards: ['overview', 'verdict'],
      queries: [
        {
          legend: '{{name}}',
          instant: false,
          series: [series({ name: 'product_list' }, 0.04), series({ name: 'product_detail' }, 0.03)],
        },
      ],
    },
    {
      title: 'CPU of the limit',
      description: 'How much of its limit each container uses.',
      type: 'timeseries',
      unit: 'percentunit',
      thresholds: { warning: 0.8 },
      row: 'Containers',
      boards: ['bottleneck'],
      queries: [{ legend: '{{service}}', instant: false, series: [series({ service: 'shopping-service' }, 0.24)] }],
    },
  ],
  events: [],
  environment: {
    versions: { kubernetes: 'v1.34.1', prometheus: '3.15.0', k6: '1.8.1', loadscope: '1.0.0' },
    services: [
      {
        name: 'shopping-service',
        namespace: 'shop',
        image: 'loadscope-demo:1.0.0',
        replicas: 1,
        cpuLimit: 1,
        memoryLimit: 268_435_456,
      },
    ],
    nodes: [{ name: 'node-1', cores: 8, memory: 16e9, kubelet: 'v1.34.1' }],
    options: { vus: '20', duration: '10m' },
    configHash: 'a'.repeat(64),
  },
  traces: [],
  gaps: [],
};

/** The run with some of its parts in the place of the healthy ones. */
export const archiveWith = (changes: Partial<RunArchive> = {}): RunArchive => ({ ...healthy, ...changes });

/** The run with other figures; series that are not given stay, those with the same labels are replaced. */
export const withFigures = (
  changed: Partial<Record<FigureName, readonly ArchivedSeries[]>>,
  changes: Partial<RunArchive> = {},
): RunArchive => {
  const key = ({ labels }: ArchivedSeries) => JSON.stringify(Object.entries(labels).sort());
  const merged = Object.entries(changed).map(([name, given]) => {
    const replaced = new Set(given.map(key));
    const kept = (healthy.figures[name] ?? []).filter((one) => !replaced.has(key(one)));
    return [name, [...kept, ...given]];
  });
  return archiveWith({ figures: { ...healthy.figures, ...Object.fromEntries(merged) }, ...changes });
};

import type {
  ArchivedEndpoint,
  ArchivedPanel,
  ArchivedSeries,
  LatencySlice,
  RunArchive,
} from '../../archive/archive.ts';
import type { IndicatorName } from '../../model/budget.ts';

/** Half an hour of load by four runners on twenty endpoints, with about a hundred panels: as large as a run gets. */

const step = 5;
const axis = { start: 1_760_000_000, step, count: 361 };
const end = axis.start + step * (axis.count - 1);
const names = ['<b>shop</b> "checkout" & co', 'gateway-with-a-name-that-goes-on-and-on-for-quite-a-while'];
const services = [...names, ...Array.from({ length: 10 }, (_, index) => `service-${index + 1}`)];

/** mulberry32: the same run each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = seeded(7);

/** From 0 up in two minutes, and down in the last. */
const ramp = (index: number) => Math.min(1, (index * step) / 120, ((axis.count - 1 - index) * step) / 60);

const series = (labels: Readonly<Record<string, string>>, value: (index: number) => number | null): ArchivedSeries => ({
  labels,
  values: Array.from({ length: axis.count }, (_, index) => value(index)),
});

const wavering = (level: number) => (index: number) => level * (0.8 + 0.4 * random()) * (0.2 + 0.8 * ramp(index));

/** Slower after two thirds of the run, when its database is short of connections. */
const slower = (index: number) => (index > 240 ? 3 : 1);
const median = (index: number, endpoint: number) => (0.02 + endpoint * 0.012) * slower(index);

const schema = 2 ** (1 / 8);

function slice(at: number, requests: number, mid: number): LatencySlice {
  const buckets: [number, number, number][] = [];
  let count = 0;
  let sum = 0;
  const middle = Math.round(Math.log(mid) / Math.log(schema));
  for (let offset = -16; offset <= 24; offset++) {
    const share = 0.058 * Math.exp(-((offset / 8) ** 2) / (offset < 0 ? 1 : 2));
    const inside = Math.round(requests * share * (0.9 + 0.2 * random()));
    if (inside === 0) continue;
    const upper = schema ** (middle + offset);
    buckets.push([upper / schema, upper, inside]);
    count += inside;
    sum += (inside * upper) / Math.sqrt(schema);
  }
  return { at, count, sum, buckets };
}

const endpoints = Array.from({ length: 20 }, (_, number): ArchivedEndpoint => {
  const latency = Array.from({ length: 120 }, (_, index) =>
    slice(axis.start + (index + 1) * 15, (2400 / (number + 1)) * ramp(index * 3 + 1), median(index * 3, number)),
  );
  const requests = latency.reduce((sum, { count }) => sum + count, 0);
  return {
    name: number === 0 ? '<img src=x onerror=alert(1)>' : `endpoint_${number}`,
    method: number % 3 ? 'GET' : 'POST',
    requests,
    failed: Math.round(requests * 0.0004 * number),
    latency,
  };
});

const units = ['s', 'bytes', 'percentunit', 'reqps', 'short', 'ops', 'cps', 'mps', 'Bps', 'none'] as const;
const level = {
  s: 0.04,
  bytes: 6e8,
  percentunit: 0.6,
  reqps: 900,
  short: 60,
  ops: 12_000,
  cps: 5,
  mps: 300,
  Bps: 4e6,
  none: 1,
};
const rows = ['k6', 'Load generator', 'Services', 'Containers', 'MySQL', 'Redis', 'Kafka', 'Elasticsearch'];

const panels = Array.from({ length: 100 }, (_, number): ArchivedPanel => {
  const unit = units[number % units.length] ?? 'short';
  const heatmap = number === 3;
  const states = number % 25 === 9;
  return {
    title: number === 5 ? 'A panel of <script>alert(1)</script>' : `Panel ${number + 1}: what is used of it`,
    description: 'How to read it, and what to do where it grows: give it more, or make requests need less of it.',
    type: heatmap ? 'heatmap' : states ? 'status-history' : 'timeseries',
    unit: heatmap ? 's' : unit,
    ...(number % 7 === 1 ? { thresholds: { warning: level[unit] * 0.9, critical: level[unit] * 40 } } : {}),
    ...(number % 9 === 2 ? { stacked: true } : {}),
    row: rows[number % rows.length] ?? '',
    boards: ['bottleneck'],
    queries: [
      {
        legend: '{{service}}',
        instant: false,
        series: heatmap
          ? []
          : services
              .slice(0, 1 + (number % 12))
              .map((service, at) =>
                series({ service }, states ? (index) => (index % 90 === 45 ? 0 : 1) : wavering(level[unit] / (at + 1))),
              ),
        ...(heatmap ? { histograms: endpoints[0]?.latency ?? [] } : {}),
      },
    ],
  };
});

const events: RunArchive['events'] = [
  { kind: 'deploy', at: axis.start + 60, of: 'order', text: 'A new image: shop/order:1.4.2' },
  { kind: 'alert', at: axis.start + 1210, until: end, of: 'mysql', text: 'ConnectionPoolExhausted' },
  { kind: 'alert', at: axis.start + 1215, of: 'order', text: 'HttpLatencyHigh <p95 over its budget>' },
  { kind: 'scale', at: axis.start + 1400, of: 'gateway', text: 'From 2 to 4 replicas' },
  { kind: 'oom-kill', at: axis.start + 1790, of: 'order-5d8f-abcde', text: 'Killed for memory' },
];

const budget = (
  indicator: IndicatorName,
  value: number | null,
  bound: number,
  severity: 'critical' | 'warning' = 'critical',
) => ({
  ...{ budget: indicator, job: 'k6', indicator, severity, good: 'below' as const, bound, value },
  used: value === null ? null : value / bound,
  labels: { testid: 'large', service: 'gateway' },
  state: value === null ? ('no data' as const) : value <= bound ? ('held' as const) : ('broken' as const),
});

export const largeRun: RunArchive = {
  format: 'loadscope.run',
  version: 1,
  written: '2025-10-09T09:30:00.000Z',
  run: {
    ...{ testid: 'large', start: axis.start, end, loadTest: 'checkout', scenario: 'checkout', profile: 'load' },
    ...{
      service: 'gateway',
      url: 'http://gateway:8080',
      engine: 'jobs',
      runners: 4,
      vus: 400,
      rate: 0,
      duration: 1800,
    },
    launched: '2025-10-09T08:53:00.000Z',
  },
  verdict: {
    ...{ version: 1, testid: 'large', service: 'gateway', scenario: 'checkout', verdict: 'fail' },
    ...{ start: new Date(axis.start * 1000).toISOString(), end: new Date(end * 1000).toISOString() },
    reasons: ['p95 by k6 is 1.31s, and its bound is 1s'],
    budgets: [
      budget('p95', 1.31, 1),
      budget('error_ratio', 0.004, 0.01),
      budget('avg', 0.21, 0.5),
      budget('lag', null, 100, 'warning'),
    ],
    checks: [{ name: 'orders are in the database', state: 'held', text: '18204 of 18204' }],
    runners: Array.from({ length: 4 }, (_, index) => ({
      ...{
        runner: String(index + 1),
        requests: 400_000,
        failed: 900,
        iterations: 100_000,
        dropped: 0,
        broken: ['p95'],
      },
    })),
  },
  axis,
  figures: {
    vus: [series({}, (index) => Math.round(400 * ramp(index)))],
    requests: [series({}, wavering(900))],
    error_ratio: [series({}, (index) => (index > 240 ? 0.01 * random() : 0.001 * random()))],
    dropped: [series({}, () => 0)],
    server_errors: services.map((service) => series({ service }, wavering(0.002))),
    cpu: services.map((service) => series({ service }, wavering(0.7))),
    memory: services.map((service) => series({ service }, wavering(4e8))),
    client_mean: [series({}, (index) => 0.06 * slower(index))],
    p50: [series({}, (index) => 0.05 * slower(index))],
    p95: [series({}, (index) => 0.33 * slower(index))],
    stage: [
      series({ service: 'gateway', stage: 'total' }, (index) => 0.05 * slower(index)),
      series({ service: 'gateway', stage: 'pool-wait' }, (index) => (slower(index) > 1 ? 0.1 : 0.0001)),
      series({ service: 'gateway', stage: 'compute' }, () => 0.02),
    ],
    served: [series({ service: 'gateway' }, wavering(900))],
    pressure: [
      ...['hikari-pool', 'cpu', 'jvm-heap', 'event-loop', 'memory'].map((resource, at) =>
        series({ resource, facet: 'utilization', of: 'gateway', service: 'gateway' }, (index) =>
          at === 0 && index > 232 ? 1.4 : 0.3 + at / 10,
        ),
      ),
    ],
  },
  places: { 'hikari-pool': { stage: 'pool-wait', depth: 6 }, cpu: { stage: 'compute', depth: 5 } },
  systems: [],
  endpoints,
  panels,
  events,
  environment: {
    versions: { kubernetes: 'v1.33.2', prometheus: '3.5.0', k6: '1.3.0', loadscope: '0.1.0' },
    services: services.map((name) => ({
      ...{ name, namespace: 'shop', image: `shop/${name}:1.4.2`, replicas: 2, cpuLimit: 1, memoryLimit: 512 * 2 ** 20 },
    })),
    nodes: [{ name: 'node-1', cores: 16, memory: 64 * 2 ** 30, kubelet: 'v1.33.2' }],
    options: { VUS: '400', DURATION: '30m', THINK_MS: '250' },
    configHash: 'ab'.repeat(32),
    commit: '0123456789abcdef0123456789abcdef01234567',
  },
  traces: Array.from({ length: 12 }, (_, index) => ({
    traceId: (0xabcdef0000000000n + BigInt(index)).toString(16),
    start: new Date((axis.start + 1300 + index) * 1000).toISOString(),
    duration: 3 - index * 0.1,
    endpoint: 'POST /orders/{id}?<x>',
    services: ['gateway', 'order'],
    errors: index % 2,
    path: [
      { service: 'order', span: 'mysql select', detail: 'SELECT 1', time: 2, share: 0.7 },
      { service: 'gateway', span: 'post /orders', detail: null, time: 0.5, share: 0.2 },
    ],
  })),
  gaps: ['Elasticsearch was not asked: it has no exporter.'],
};

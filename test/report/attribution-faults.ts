import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import type { FaultName } from '../../demo/faults.ts';
import type { FigureName } from '../../model/figure.ts';
import { pressureOf, series, stageOf, step, withFigures } from './archive-fixture.ts';

/** Runs in the middle of which a fault of the demo is switched on, with what then fills up and what that does to others. */

type Figures = Partial<Record<FigureName, readonly ArchivedSeries[]>>;

/** After `at`, by which rates that look back over a minute have filled. */
const ramp =
  (before: number, after: number, at = 20) =>
  (index: number): number =>
    before + (after - before) * Math.min(1, Math.max(0, (index - at + 1) / 4));

/** What users see of a shop whose requests take some seconds longer. */
const slower = (seconds: number): Figures => ({
  p95: [series({}, ramp(0.04, 0.04 + 3 * seconds))],
  client_mean: [series({}, ramp(0.02, 0.02 + seconds))],
  requests: [series({}, ramp(100, 100 / (1 + seconds)))],
  served: [
    series({ service: 'api-gateway' }, ramp(100, 100 / (1 + seconds))),
    series({ service: 'shopping-service' }, ramp(80, 80 / (1 + seconds))),
    series({ service: 'search-service' }, ramp(20, 20 / (1 + seconds))),
  ],
  call_rate: [
    series({ service: 'api-gateway', client_name: 'shopping-service' }, ramp(80, 80 / (1 + seconds))),
    series({ service: 'api-gateway', client_name: 'search-service' }, ramp(20, 20 / (1 + seconds))),
  ],
});

const shop = 'shopping-service';

/** A part of the shop's requests that takes longer, with all in front of it. */
const inShop = (stages: Readonly<Record<string, readonly [number, number]>>): ArchivedSeries[] => {
  const seconds = Object.values(stages).reduce((sum, [before, after]) => sum + after - before, 0);
  return [
    ...Object.entries(stages).map(([stage, [before, after]]) => stageOf(shop, stage, ramp(before, after))),
    stageOf(shop, 'total', ramp(0.012, 0.012 + seconds)),
    stageOf('api-gateway', 'total', ramp(0.016, 0.016 + 0.8 * seconds)),
    stageOf('api-gateway', 'downstream', ramp(0.014, 0.014 + 0.8 * seconds)),
  ];
};
const callsOfShop = (seconds: number) => [
  series({ service: 'api-gateway', client_name: shop }, ramp(0.0135, 0.0135 + seconds)),
];

const pool = (after: number) => pressureOf('hikari-pool', 'saturation', 'service', shop, ramp(0, after));
const ofMysql = (after: number) => pressureOf('cpu', 'utilization', 'service', 'mysql', ramp(0.25, after));

export const runs: Readonly<Record<FaultName, () => RunArchive>> = {
  'connection-pool': () =>
    withFigures({
      ...slower(0.24),
      stage: inShop({ 'pool-wait': [0.0002, 0.3], database: [0.006, 0.007] }),
      calls: callsOfShop(0.301),
      pressure: [pool(30), pressureOf('hikari-pool', 'utilization', 'service', shop, ramp(0.1, 1.1))],
    }),
  'missing-index': () =>
    withFigures({
      ...slower(0.24),
      // Connections are held for longer, so that there are too few of them.
      stage: inShop({ 'pool-wait': [0.0002, 0.2], database: [0.006, 0.106] }),
      calls: callsOfShop(0.3),
      pressure: [pool(20), ofMysql(1.2)],
    }),
  'row-lock': () =>
    withFigures({
      ...slower(0.2),
      stage: inShop({ database: [0.006, 0.206], 'pool-wait': [0.0002, 0.05] }),
      calls: callsOfShop(0.25),
      pressure: [
        pressureOf('mysql-row-locks', 'saturation', 'instance', 'demo-mysql', ramp(0.02, 6)),
        pressureOf('hikari-pool', 'utilization', 'service', shop, ramp(0.1, 1.1)),
      ],
    }),
  'redis-memory': () =>
    withFigures({
      ...slower(0.08),
      // What is evicted is looked for in the database, which has more to do.
      stage: inShop({ cache: [0.0018, 0.0118], database: [0.006, 0.096] }),
      calls: callsOfShop(0.1),
      pressure: [pressureOf('redis-memory', 'errors', 'instance', 'demo-redis', ramp(0, 8)), ofMysql(1.05)],
    }),
  'slow-consumer': () =>
    withFigures({
      lag: [
        series({ instance: 'demo-kafka', consumergroup: 'notification', topic: 'order-created' }, (index) =>
          index < 20 ? 3 : 3 + 40 * (index - 19),
        ),
      ],
      pressure: [
        pressureOf('kafka-consumer', 'saturation', 'instance', 'demo-kafka', ramp(0.02, 12)),
        pressureOf('kafka-consumer', 'utilization', 'service', 'notification-service', ramp(0.1, 1.05)),
      ],
    }),
  'throttled-broker': () =>
    withFigures({
      produce_throttle: [series({ service: shop }, ramp(0, 400))],
      pressure: [pressureOf('kafka-broker', 'saturation', 'service', shop, ramp(0, 8))],
    }),
  'cache-off': () =>
    withFigures({
      ...slower(0.12),
      stage: inShop({ cache: [0.0018, 0], database: [0.006, 0.156] }),
      calls: callsOfShop(0.15),
      pressure: [ofMysql(1.1)],
    }),
  'cpu-limit': () =>
    withFigures({
      ...slower(0.4),
      // Timers of other stages run on while the process waits for its turn.
      stage: inShop({ compute: [0.004, 0.35], database: [0.006, 0.07], cache: [0.0018, 0.06] }),
      calls: callsOfShop(0.5),
      pressure: [
        pressureOf('cpu', 'utilization', 'service', shop, ramp(0.3, 1.2)),
        pressureOf('cpu', 'saturation', 'service', shop, ramp(0.1, 3.5)),
        pressureOf('event-loop', 'saturation', 'service', shop, ramp(0.2, 4)),
        pressureOf('jvm-heap', 'saturation', 'service', shop, ramp(0.05, 1.1)),
        pressureOf('node-cpu', 'utilization', 'instance', 'node-1', ramp(0.4, 1.3)),
        pressureOf('hikari-pool', 'utilization', 'service', shop, ramp(0.1, 1.1)),
      ],
    }),
  'memory-leak': () =>
    withFigures({
      // It dies, and is away for half a minute.
      error_ratio: [series({}, (index) => (index >= 28 && index < 33 ? 0.5 : 0))],
      server_errors: [series({ service: 'api-gateway' }, (index) => (index >= 28 && index < 33 ? 0.5 : 0))],
      restarts: [series({ service: shop }, step(0, 1, 29))],
      pressure: [
        pressureOf('jvm-heap', 'utilization', 'service', shop, (index) =>
          index >= 28 ? 0.4 : Math.max(0.4, 0.4 + 0.09 * (index - 20)),
        ),
        pressureOf('jvm-heap', 'saturation', 'service', shop, (index) => (index >= 26 && index < 28 ? 3 : 0.05)),
        pressureOf('cpu', 'utilization', 'service', shop, (index) => (index >= 26 && index < 28 ? 1.2 : 0.3)),
      ],
    }),
  'event-loop-stalls': () =>
    withFigures({
      ...slower(0.3),
      stage: inShop({ compute: [0.004, 0.16], database: [0.006, 0.1], cache: [0.0018, 0.08] }),
      calls: callsOfShop(0.4),
      pressure: [
        pressureOf('event-loop', 'saturation', 'service', shop, ramp(0.2, 4)),
        // Transactions stay open meanwhile.
        pressureOf('mysql-row-locks', 'saturation', 'instance', 'demo-mysql', ramp(0.02, 1.2)),
        pressureOf('hikari-pool', 'utilization', 'service', shop, ramp(0.1, 1.1)),
      ],
    }),
  'slow-downstream': () =>
    withFigures({
      ...slower(0.2),
      stage: [
        stageOf('search-service', 'total', ramp(0.01, 1.01)),
        stageOf('search-service', 'compute', ramp(0.003, 1.003)),
        stageOf('api-gateway', 'total', ramp(0.016, 0.216)),
        stageOf('api-gateway', 'downstream', ramp(0.014, 0.214)),
      ],
      calls: [series({ service: 'api-gateway', client_name: 'search-service' }, ramp(0.011, 1.011))],
    }),
  'error-burst': () =>
    withFigures({
      error_ratio: [series({}, ramp(0, 0.24))],
      server_errors: [series({ service: shop }, ramp(0, 0.3)), series({ service: 'api-gateway' }, ramp(0, 0.24))],
    }),
};

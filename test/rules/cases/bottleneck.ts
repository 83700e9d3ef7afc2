import type { Labels, RuleCase } from '../case.ts';

/** Where requests wait and what holds them up, from what is recorded of a service and of a run: well for five minutes, then not. */

type Series = Readonly<Record<string, string>>;

const client = 'testid_service:http_latency:mean';
const p95 = 'testid:http_latency_p95';
const stageOf = 'service:stage_seconds:mean';
const pressure = 'resource:pressure:ratio';

const change = (before: number, after: number) => `${before}x20 ${after}x39`;
const stage = (name: string, before: number, after: number, service = 'shop'): Series => ({
  [`${stageOf}{stage="${name}",service="${service}"}`]: change(before, after),
});
const run = (before: number, after: number, of = 'run-1', service = 'shop'): Series => ({
  [`${client}{testid="${of}",service="${service}"}`]: change(before, after),
});
const slow = (before: number, after: number, of = 'run-1'): Series => ({
  [`${p95}{testid="${of}"}`]: change(before, after),
});
const short = (resource: string, value: number, of = 'db', facet = 'saturation'): Series => ({
  [`${pressure}{resource="${resource}",facet="${facet}",of="${of}"}`]: `${value}x60`,
});

/**
 * Connections are held for longer, so that others wait for one: the database holds the requests up, not the pool. What
 * is left of the total is computing.
 */
const held: Series = {
  ...run(0.1, 1),
  ...slow(0.2, 2),
  ...stage('total', 0.08, 0.9),
  ...stage('database', 0.02, 0.7),
  ...stage('pool-wait', 0.01, 0.1),
};
const bothShort = { ...short('mysql-row-locks', 2), ...short('hikari-pool', 5, 'shop') };

const recorded = (
  record: string,
  when: string,
  series: Series,
  query: string,
  ...gives: [Labels, number][]
): RuleCase => ({
  record,
  when,
  series,
  at: '14m',
  query,
  gives: gives.map(([labels, value]) => ({ labels, value })),
});

const verdict = (when: string, series: Series, ...gives: [Labels, number][]) =>
  recorded(
    'resource:bottleneck:verdict',
    when,
    series,
    'max by (resource, stage, of) (resource:bottleneck:verdict)',
    ...gives,
  );
const crept = (from: number): Series => ({ [`${p95}{testid="run-1"}`]: `${from}+1x56` });
const scored = (when: string, series: Series, ...gives: [Labels, number][]): RuleCase => ({
  ...recorded(
    'resource:bottleneck:score',
    when,
    series,
    'max by (resource, stage, of) (resource:bottleneck:score)',
    ...gives,
  ),
  at: '1m',
});
const rowLocks = { resource: 'mysql-row-locks', stage: 'database', of: 'db' };
const pool = { resource: 'hikari-pool', stage: 'pool-wait', of: 'shop' };

const relevant = (when: string, series: Series, ...gives: [Labels, number][]) =>
  recorded(
    'stage:growth_share:ratio',
    when,
    series,
    'round(stage:growth_share:ratio{stage!="compute"}, 0.001)',
    ...gives,
  );

/** A service of which one stage takes all that is new; the rest of what it takes is elsewhere. */
const grown = (before: number, after: number, total: number): Series => ({
  ...run(1, 1),
  ...stage('total', 1, 1 + total),
  ...stage('cache', before, after),
});

/** All that is new is in one stage, and it came little by little. */
const rising = (from: number): Series => ({
  ...run(1, 1),
  [`${stageOf}{stage="total",service="shop"}`]: '10000+1x56',
  [`${stageOf}{stage="cache",service="shop"}`]: `${from}+1x56`,
});

const found = (when: string, series: Series, at: string, ...fires: Labels[]): RuleCase => ({
  alert: 'BottleneckFound',
  when,
  series,
  at,
  fires,
});

export const bottleneck: readonly RuleCase[] = [
  recorded(
    stageOf,
    'is in front of the service what the service does not know of',
    {
      ...run(0.5, 0.75),
      ...run(0.1, 0.1, 'run-2'),
      ...stage('total', 0.25, 0.5),
      ...stage('total', 3, 3, 'other'),
      ...stage('database', 0.7, 0.7),
      [`${stageOf}{stage="total",service="shop",pod="b"}`]: '0.1x60',
    },
    `${stageOf}{stage="queue"}`,
    [{ __name__: stageOf, stage: 'queue', service: 'shop' }, 0.25],
  ),
  recorded(
    stageOf,
    'is never less than nothing',
    { ...run(0.5, 0.25), ...stage('total', 0.5, 0.5), [`${stageOf}{stage="total",service="shop",pod="b"}`]: '0.1x60' },
    `${stageOf}{stage="queue"}`,
    [{ __name__: stageOf, stage: 'queue', service: 'shop' }, 0],
  ),
  recorded(
    'testid_service:stage_seconds:mean',
    'is of one run, and ends with it',
    { ...stage('total', 0.25, 0.5), [`${client}{testid="run-1",service="shop"}`]: '0.5x30 stale' },
    'testid_service:stage_seconds:mean',
  ),
  recorded(
    'testid_service:stage_seconds:mean',
    'is what the service takes, under the name of the run',
    { ...stage('cache', 0.25, 0.5), ...run(3, 3), ...run(4, 4, 'run-1', 'other') },
    'testid_service:stage_seconds:mean',
    [{ __name__: 'testid_service:stage_seconds:mean', testid: 'run-1', stage: 'cache', service: 'shop' }, 0.5],
  ),
  recorded(
    'testid_service:stage_growth:seconds',
    'is what a stage takes more than in its best tenth of the hour',
    {
      // The best tenth of an hour that rises is between its first samples.
      [`${stageOf}{stage="cache",service="shop"}`]: '0.5+0.125x56',
      // A little less than ever.
      [`${stageOf}{stage="database",service="shop"}`]: '0.55x55 0.5',
      ...run(3, 3),
    },
    'testid_service:stage_growth:seconds',
    [{ __name__: 'testid_service:stage_growth:seconds', testid: 'run-1', stage: 'cache', service: 'shop' }, 6.3],
    [{ __name__: 'testid_service:stage_growth:seconds', testid: 'run-1', stage: 'database', service: 'shop' }, 0],
  ),

  relevant(
    'is told of each stage that grew, by its share of what the service or the client waits longer',
    held,
    [{ stage: 'database' }, 0.829],
    [{ stage: 'pool-wait' }, 0.11],
    [{ stage: 'queue' }, 0.089],
  ),
  relevant(
    'is of the service in which it is largest',
    { ...held, ...stage('total', 1, 2, 'b'), ...stage('database', 0.1, 1, 'b') },
    [{ stage: 'database' }, 0.9],
    [{ stage: 'pool-wait' }, 0.11],
    [{ stage: 'queue' }, 0.089],
  ),
  relevant('is not told below a twentieth of the growth', grown(0.01, 0.0588, 1)),
  relevant('is told from a twentieth of the growth on', grown(0.01, 0.0612, 1), [{ stage: 'cache' }, 0.051]),
  relevant('is not told of what takes less than half as long again', grown(1, 1.48, 1)),
  relevant('is told of what takes half as long again', grown(1, 1.52, 1), [{ stage: 'cache' }, 0.52]),
  relevant('is told of just half as long again, and of just a twentieth', grown(0.0625, 0.125, 1.25), [
    { stage: 'cache' },
    0.05,
  ]),
  relevant('is told of just half as long again', grown(1, 1.5, 1), [{ stage: 'cache' }, 0.5]),
  relevant('is told of what rises to half above its best tenth', rising(95.1), [{ stage: 'cache' }, 1]),
  relevant('is not told of what rises to a little less', rising(95.4)),
  relevant(
    'is of a queue by what clients wait more than in their best tenth',
    { [`${client}{testid="run-1",service="shop"}`]: '1+0.125x56', ...stage('total', 0.5, 0.5) },
    [{ stage: 'queue' }, 1],
  ),
  relevant('is not told of what wavers by less than a millisecond', grown(0, 0.00074, 0.001)),
  relevant('is told of what was nothing before and is felt', grown(0, 0.00078, 0.001), [{ stage: 'cache' }, 0.78]),
  relevant('is not told where the service itself did not grow', grown(0.0001, 0.0005, 0.00049)),
  relevant('is told where the service itself grew', grown(0.0001, 0.001, 0.00052), [{ stage: 'cache' }, 1.731]),
  relevant('is not told of a queue where clients did not wait longer', {
    ...run(0.5, 0.50049),
    ...stage('total', 0.5, 0.4),
  }),
  relevant('is told of a queue where clients waited longer', { ...run(0.5, 0.5052), ...stage('total', 0.5, 0.5) }, [
    { stage: 'queue' },
    1,
  ]),

  recorded(
    'resource:bottleneck:score',
    'is of each resource at its knee whose stage grew, the depth before the point',
    {
      ...held,
      ...bothShort,
      ...short('redis-memory', 3),
      ...short('mysql-buffer-pool', 0.99),
      ...short('mysql-connections', 25),
      ...short('mysql-connections', 1, 'db', 'errors'),
    },
    'max by (resource, stage, of) (resource:bottleneck:score)',
    [rowLocks, 9.2],
    [pool, 2.5],
    [{ resource: 'mysql-connections', stage: 'database', of: 'db' }, 6.99],
  ),
  ...(
    [
      ['tomcat-threads', 'queue', 1],
      ['hikari-pool', 'pool-wait', 2],
      ['memory', 'compute', 3],
      ['node-cpu', 'compute', 3.5],
      ['cpu', 'compute', 4],
      ['jvm-heap', 'compute', 5],
      ['event-loop', 'compute', 5],
      ['mysql-connections', 'database', 6],
      ['mysql-row-locks', 'database', 9],
      ['mysql-buffer-pool', 'database', 9],
      ['redis-clients', 'cache', 6],
      ['redis-memory', 'cache', 8],
      ['redis-main-thread', 'cache', 9],
    ] as const
  ).flatMap(([resource, of, depth]) => [
    scored(
      `is ${depth} and its pressure for ${resource} at its knee`,
      {
        [`stage:growth_share:ratio{stage="${of}"}`]: '0.5x5',
        ...short(resource, 1, 'x'),
        ...short(resource, 0.4, 'x', 'utilization'),
        ...short(resource, 0.99, 'y'),
      },
      [{ resource, stage: of, of: 'x' }, depth + 0.1],
    ),
    scored(
      `is at most a place deeper for ${resource}, however short it is, and not of another stage`,
      {
        [`stage:growth_share:ratio{stage="${of}"}`]: '0.5x5',
        ...short(resource, 12, 'x'),
        'resource:pressure:ratio{resource="other",of="z"}': '3x5',
      },
      [{ resource, stage: of, of: 'x' }, depth + 0.99],
    ),
    scored(`is none for ${resource} while another stage grows`, {
      'stage:growth_share:ratio{stage="elsewhere"}': '0.5x5',
      ...short(resource, 12, 'x'),
    }),
  ]),

  ...(
    [
      ['cpu', 'mysql', 'database'],
      ['memory', 'mysql', 'database'],
      ['cpu', 'redis', 'cache'],
      ['cpu', 'elasticsearch', 'downstream'],
    ] as const
  ).flatMap(([resource, system, of]) => [
    scored(
      `is of the stage that waits for ${system} for ${resource} of its container`,
      {
        'stage:growth_share:ratio{stage="compute"}': '0.5x5',
        [`stage:growth_share:ratio{stage="${of}"}`]: '0.5x5',
        ...short(resource, 2, system),
      },
      [{ resource, stage: of, of: system }, 8.2],
    ),
    scored(`is none for ${resource} of ${system} while services compute for longer`, {
      'stage:growth_share:ratio{stage="compute"}': '0.5x5',
      ...short(resource, 2, system),
    }),
  ]),
  scored('is none for the containers of Kafka, for which no request waits', {
    'stage:growth_share:ratio{stage="compute"}': '0.5x5',
    ...short('cpu', 2, 'kafka'),
  }),

  verdict('names what is furthest from the user', { ...held, ...bothShort }, [rowLocks, 9.2]),
  verdict(
    'names the pool where connections are not held for longer',
    { ...held, ...bothShort, ...stage('database', 0.1, 0.12) },
    [pool, 2.5],
  ),
  verdict('names nothing where nothing is at its knee', held),
  verdict('names it at just half as slow again', { ...held, ...bothShort, ...slow(1, 1.5) }, [rowLocks, 9.2]),
  verdict('looks at each run by itself', { ...held, ...bothShort, ...slow(1, 1.4), ...slow(1, 1, 'run-0') }),
  verdict('looks at what each run waits by itself', {
    ...held,
    ...bothShort,
    ...slow(0.01, 0.098),
    ...slow(0.01, 0.01, 'run-0'),
  }),
  verdict('names it when p95 rose to half above its best tenth', { ...held, ...bothShort, ...crept(95.1) }, [
    rowLocks,
    9.2,
  ]),
  verdict('names nothing when p95 rose to a little less', { ...held, ...bothShort, ...crept(95.4) }),
  verdict('names nothing before the run is slower by half', { ...held, ...bothShort, ...slow(0.2, 0.29) }),
  verdict(
    'names it from half as slow again on',
    { ...held, ...bothShort, ...slow(0.2, 0.31), ...slow(0.2, 0.2, 'run-0') },
    [rowLocks, 9.2],
  ),
  verdict('names nothing while nobody waits a tenth of a second', { ...held, ...bothShort, ...slow(0.01, 0.098) }),
  verdict(
    'names it when somebody waits a tenth of a second',
    { ...held, ...bothShort, ...slow(0.01, 0.1), ...slow(0.01, 0.01, 'run-0') },
    [rowLocks, 9.2],
  ),

  found('fires for the resource', { ...held, ...bothShort }, '14m', {
    resource: 'mysql-row-locks',
    of: 'db',
    severity: 'info',
  }),
  found('does not fire in its first seconds', { ...held, ...bothShort }, '5m30s'),
  found('is silent without a run', bothShort, '14m'),
];

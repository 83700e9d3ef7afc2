import type { ArchivedSeries, RunArchive } from '../../archive/archive.ts';
import { CostRates } from '../../model/cost.ts';
import { costGaps, costOf } from '../../report/cost.ts';
import { textsOf } from '../../report/texts/texts.ts';

/** Every number is worked out by hand: ten minutes in five points, 150 s apart, of two services and two data systems. */

const gib = 2 ** 30;
const of = (service: string, ...values: (number | null)[]): ArchivedSeries => ({ labels: { service }, values });
const endpoint = { name: 'product_list', requests: 3000, failed: 1000, latency: [] };

const archive: RunArchive = {
  format: 'loadscope.run',
  version: 1,
  written: '2026-01-01T00:00:00.000Z',
  run: { testid: 'browse-1', start: 1000, end: 1600 },
  verdict: null,
  axis: { start: 1000, step: 150, count: 5 },
  figures: {
    // (0 + 1)/2 + (1 + 2)/2 + (2 + 2)/2 + (2 + 1)/2 = 5.5 steps of 150 s are 825 core seconds, 0.229167 hours.
    cpu: [
      of('orders', 0, 1, 2, 2, 1),
      // Only the first and the last step are known: 300 core seconds of half the run.
      of('storefront', 1, 1, null, 1, 1),
      of('mysql', 3, 3, 3, 3, 3),
    ],
    memory: [
      of('orders', gib, gib, gib, gib, gib),
      of('storefront', 2 * gib, 2 * gib, null, 2 * gib, 2 * gib),
      of('mysql', 6 * gib, 6 * gib, 6 * gib, 6 * gib, 6 * gib),
    ],
  },
  places: {},
  systems: [
    { instance: 'shop-db', kind: 'mysql', workload: 'mysql', namespace: 'shop' },
    { instance: 'accounts', kind: 'mysql' },
  ],
  endpoints: [endpoint],
  panels: [],
  events: [],
  environment: {
    versions: {},
    services: [
      {
        ...{ name: 'orders', namespace: 'shop', image: 'orders:1', replicas: 3 },
        ...{ cpuRequest: 0.5, memoryRequest: gib / 2, cpuLimit: 2, memoryLimit: gib },
      },
      { name: 'storefront', namespace: 'shop', image: 'storefront:1', replicas: 1, cpuRequest: 1 },
      // Of two with one name, that of the namespace; and what nobody measures is no part of the run.
      { name: 'mysql', namespace: 'blog', image: 'mysql:8', replicas: 1, cpuRequest: 1, memoryRequest: gib },
      { name: 'mysql', namespace: 'shop', image: 'mysql:8', replicas: 1, cpuRequest: 4, memoryRequest: 8 * gib },
      { name: 'mailer', namespace: 'shop', image: 'mailer:1', replicas: 1, cpuRequest: 1, memoryRequest: gib },
    ],
    nodes: [],
    options: {},
    configHash: '',
  },
  traces: [],
  gaps: [],
};

const rates = (given: object) => CostRates.parse({ cpuHour: 0.06, memoryGibHour: 0.012, ...given });
const item = (name: string, cost: ReturnType<typeof costOf>) => cost.items.find((one) => one.name === name);

test('without rates there are hours and no prices', () => {
  const cost = costOf(archive);
  expect(cost).toMatchObject({ basis: 'usage', seconds: 600, requests: 2000 });
  expect(item('orders', cost)).toEqual({
    ...{ name: 'orders', kind: 'service', covered: 1 },
    cpuHours: expect.closeTo(825 / 3600, 10),
    memoryGibHours: expect.closeTo(1 / 6, 10),
  });
  expect(cost.total).toEqual({
    // 825, 300 and 3 cores for 600 s; 1 and 6 GiB for a sixth of an hour, and 2 for half of that.
    cpuHours: expect.closeTo((825 + 300 + 1800) / 3600, 10),
    memoryGibHours: expect.closeTo(1 / 6 + 2 / 12 + 1, 10),
  });
});

test('what was used is priced by the hour, and per 1,000 requests that succeeded', () => {
  const cost = costOf(archive, rates({ currency: 'EUR' }));
  expect(cost.currency).toBe('EUR');
  // 0.229167 h × 0.06 + 0.166667 GiB h × 0.012 = 0.01375 + 0.002
  expect(item('orders', cost)).toMatchObject({
    price: expect.closeTo(0.01575, 10),
    pricePerThousand: expect.closeTo(0.007875, 10),
  });
  // 0.5 h × 0.06 + 1 GiB h × 0.012
  expect(item('shop-db', cost)).toMatchObject({ kind: 'mysql', price: expect.closeTo(0.042, 10) });
  // 300 s are 0.083333 h × 0.06, and 2 GiB for 300 s 0.166667 GiB h × 0.012
  expect(item('storefront', cost)?.price).toBeCloseTo(0.007, 10);
  expect(cost.total.price).toBeCloseTo(0.06475, 10);
  expect(cost.total.pricePerThousand).toBeCloseTo(0.032375, 10);
  expect(cost.items.map(({ name }) => name)).toEqual(['shop-db', 'orders', 'storefront', 'accounts']);
});

test('a gap in the figures adds nothing, and is told', () => {
  expect(item('storefront', costOf(archive))).toMatchObject({ covered: 0.5, cpuHours: expect.closeTo(300 / 3600, 10) });
});

test('what is missing is told: of what nothing is known, and of what only a part of the run', () => {
  const [en, ko] = [textsOf('en'), textsOf('ko')];
  expect(costGaps(costOf(archive, rates({})), en)).toEqual([
    'CPU and memory hours are not known of: accounts.',
    'CPU and memory of storefront are known for 50 % of the run, and its hours are of that part.',
  ]);
  const hourly = rates({ overrides: [{ name: 'accounts', hour: 1 }] });
  expect(costGaps(costOf({ ...archive, figures: {} }, hourly), en)).toEqual([
    'CPU and memory hours are not known of: shop-db.',
  ]);
  for (const gap of costGaps(costOf(archive, rates({})), ko))
    expect(gap).toMatch(/^[^a-z]*(accounts|storefront)[^a-z]*$/);
});

test('what has no figure has no hours and no price, and the total is of the rest', () => {
  const cost = costOf(archive, rates({}));
  expect(item('accounts', cost)).toEqual({ name: 'accounts', kind: 'mysql', covered: 0 });
  const { memory: _, ...cpuAlone } = archive.figures;
  expect(costOf({ ...archive, figures: cpuAlone }, rates({})).total).toEqual({
    cpuHours: expect.closeTo(2925 / 3600, 10),
  });
});

test('rates of its own take the place of those of all, by resources or as a whole', () => {
  const overrides = [
    { name: 'orders', cpuHour: 0, memoryGibHour: 0.6 },
    { name: 'accounts', hour: 0.3 },
  ];
  const cost = costOf(archive, rates({ overrides }));
  expect(item('orders', cost)?.price).toBeCloseTo(0.1, 10);
  expect(cost.items.map(({ name }) => name).slice(0, 2)).toEqual(['orders', 'accounts']);
  expect(item('accounts', cost)?.price).toBeCloseTo(0.05, 10);
  // Those in the archive hold where no others are given.
  expect(costOf({ ...archive, rates: CostRates.parse({ overrides }) }).total.price).toBeCloseTo(0.15, 10);
});

test('by requests and limits, it is what is set, times replicas, for the whole run', () => {
  const reserved = costOf(archive, rates({ basis: 'requests' }));
  // 3 × 0.5 cores and 3 × 0.5 GiB for a sixth of an hour: 0.25 × 0.06 + 0.25 × 0.012
  expect(item('orders', reserved)).toMatchObject({
    ...{ cpuHours: expect.closeTo(0.25, 10), memoryGibHours: expect.closeTo(0.25, 10), covered: 1 },
    price: expect.closeTo(0.018, 10),
  });
  expect(item('shop-db', reserved)?.price).toBeCloseTo((4 / 6) * 0.06 + (8 / 6) * 0.012, 10);
  expect(item('storefront', reserved)).toEqual({
    ...{ name: 'storefront', kind: 'service', covered: 0 },
    cpuHours: expect.closeTo(1 / 6, 10),
  });
  expect(item('mailer', reserved)).toBeUndefined();
  const limited = costOf(archive, rates({ basis: 'limits' }));
  expect(item('orders', limited)).toMatchObject({ cpuHours: expect.closeTo(1, 10), price: expect.closeTo(0.066, 10) });
});

describe('requests that succeeded', () => {
  const requests = [of('', 10, 10, 10, null, 10)];

  test('come from the rate of a load without endpoints, less those that failed', () => {
    const figures = { ...archive.figures, requests, error_ratio: [of('', 0, 0.5, 0, 0, null)] };
    // (10 + 5)/2 + (5 + 10)/2 = 15 steps of 150 s
    expect(costOf({ ...archive, figures, endpoints: [] }).requests).toBe(2250);
    expect(costOf({ ...archive, figures: { ...archive.figures, requests }, endpoints: [] }).requests).toBe(3000);
  });

  test('are left out where none did, and nothing is divided by 0', () => {
    const failed = costOf({ ...archive, endpoints: [{ ...endpoint, failed: 3000 }] }, rates({}));
    expect(failed).toMatchObject({ requests: undefined, total: { pricePerThousand: undefined } });
    expect(costOf({ ...archive, endpoints: [] }).requests).toBeUndefined();
  });
});

describe('a run that goes on after its last point', () => {
  // Requests are of 660 s, and figures of 600 s.
  const longer = { ...archive, run: { ...archive.run, end: 1660 } };

  test('has hours of what was measured, and the price of 1,000 requests as if it had been measured to the end', () => {
    const cost = costOf(longer, rates({}));
    expect(cost).toMatchObject({ seconds: 600, total: { price: expect.closeTo(0.06475, 10) } });
    expect(cost.total.pricePerThousand).toBeCloseTo(0.032375 * 1.1, 10);
    // Their rate is of those 600 s, too.
    const figures = { ...archive.figures, requests: [of('', 10, 10, 10, 10, 10)] };
    const { total, requests } = costOf({ ...longer, figures, endpoints: [] }, rates({}));
    expect(requests).toBe(6000);
    expect(total.pricePerThousand).toBeCloseTo(0.06475 / 6, 10);
  });

  test('is paid to its end where that is by the hour, or by what is set', () => {
    const rented = rates({ overrides: [{ name: 'accounts', hour: 0.3 }] });
    expect(item('accounts', costOf(longer, rented))).toMatchObject({
      price: expect.closeTo(0.055, 10),
      pricePerThousand: expect.closeTo(0.0275, 10),
    });
    expect(item('orders', costOf(longer, rates({ basis: 'requests' })))).toMatchObject({
      ...{ cpuHours: expect.closeTo(0.275, 10), covered: 1, pricePerThousand: expect.closeTo(0.0099, 10) },
    });
  });
});

test('a run of one point has no hours', () => {
  const axis = { ...archive.axis, count: 1 };
  const figures = { cpu: [of('orders', 1)], memory: [of('orders', gib)] };
  const cost = costOf({ ...archive, axis, figures, systems: [] }, rates({}));
  expect(cost.seconds).toBe(0);
  expect(item('orders', cost)).toEqual({ name: 'orders', kind: 'service', covered: 0 });
});

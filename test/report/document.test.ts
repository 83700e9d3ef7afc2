import type { RunArchive } from '../../archive/archive.ts';
import { reportOf } from '../../report/document.ts';
import { legendOf } from '../../report/parts/panels.ts';
import { thinned } from '../../report/parts/series.ts';
import { Report } from '../../report/schema.ts';
import { archiveWith, series, withFigures } from './archive-fixture.ts';
import { largeRun } from './large-run.ts';

const report = reportOf(largeRun, { language: 'en' });

/** A run of which Prometheus has forgotten all but when it was. */
const empty: RunArchive = {
  ...largeRun,
  ...{ verdict: null, figures: {}, places: {}, systems: [], endpoints: [], panels: [], events: [], traces: [] },
  run: { testid: 'empty', start: largeRun.run.start, end: largeRun.run.end },
};

test.each([
  ['a large run', report],
  ['a run of which nothing is left', reportOf(empty, { language: 'ko' })],
])('the report of %s is as its schema says, also after JSON', (_, one) => {
  expect(Report.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
});

test('the margin of a budget is on the good side of its bound', () => {
  expect(report.verdict?.budgets.map(({ budget, margin }) => [budget, margin && Number(margin.toFixed(2))])).toEqual([
    ['p95', -0.31],
    ['error_ratio', 0.6],
    ['avg', 0.58],
    ['lag', null],
  ]);
});

test('the heatmap has each request of the run in one of its columns', () => {
  const columns = report.charts.filter(({ id }) => id === 'heatmap').flatMap(({ slices }) => slices);
  const shown = columns.flatMap(({ buckets }) => buckets).reduce((sum, [, , count]) => sum + count, 0);
  const kept = largeRun.endpoints.flatMap(({ latency }) => latency).reduce((sum, { count }) => sum + count, 0);
  expect(kept).toBeGreaterThan(100_000);
  expect(shown).toBe(kept);
});

test('full load is from the first to the last time that the most users were at work', () => {
  const { full, reached } = report.load;
  expect(full).toEqual({ from: 115, until: 1740 });
  expect(reached.vus).toBe(400);
  // The ramps have fewer requests, and are no part of the mean.
  const whole = largeRun.figures.requests?.[0]?.values.filter((value) => value !== null) ?? [];
  expect(reached.rate).toBeGreaterThan(whole.reduce((a, b) => a + b, 0) / whole.length);
});

describe('the load that was reached', () => {
  const { run, endpoints, verdict, axis } = archiveWith();
  const reached = (archive: RunArchive) => reportOf(archive, { language: 'en' }).load.reached;
  /** Half a minute, in which a rate over a minute fills to the half. */
  const short = withFigures(
    {
      ...{ vus: [series({}, 20, 3)], requests: [series({}, (index) => index * 25, 3)] },
      dropped: [series({}, (index) => index * 5, 3)],
    },
    {
      ...{ run: { ...run, end: run.start + 30 }, axis: { ...axis, count: 3 } },
      endpoints: endpoints.slice(0, 1).map((one) => ({ ...one, requests: 3000 })),
    },
  );

  test('is of all requests of a run in which no rate filled', () => {
    expect(reached(short)).toMatchObject({ rate: 100, peak: 100 });
  });

  test('is without the minute in which rates fill', () => {
    const filling = withFigures({ requests: [series({}, (index) => Math.min(index / 4, 1) * 100)] });
    expect(reached(filling).rate).toBe(100);
  });

  test('has the dropped iterations that runners counted, and of their rate only what none of them is missing in', () => {
    const counted = { ...{ runner: '1', requests: 3000, failed: 0, iterations: 3000 }, dropped: 300, broken: [] };
    const lost = { runner: '2', missing: 'it was evicted' };
    const judged = (runners: NonNullable<typeof verdict>['runners']) => ({
      ...short,
      verdict: verdict && { ...verdict, runners },
    });
    expect(reached(judged([counted, { ...counted, runner: '2' }])).dropped).toBe(600);
    expect(reached(judged([counted, lost])).dropped).toBe(reached(short).dropped);
  });

  test('is full by its rate where it goes by the clock', () => {
    const clocked = withFigures(
      {
        vus: [series({}, 50)],
        requests: [series({}, (index) => 100 * Math.min(1, index / 20) * (index % 2 ? 0.92 : 1))],
      },
      { run: { ...run, rate: 100 } },
    );
    expect(reportOf(clocked, { language: 'en' }).load.full).toEqual({ from: 18 * 15, until: 600 });
  });
});

test('percentiles are of all requests, not of endpoints', () => {
  const { p50, p95, p99, max, buckets } = report.latency;
  const counted = buckets.reduce((sum, [, , count]) => sum + count, 0);
  expect(counted).toBe(report.load.reached.requests);
  const below = (bound: number) =>
    buckets.filter(([, upper]) => upper <= bound * 1.0001).reduce((sum, [, , count]) => sum + count, 0) / counted;
  for (const [value, q] of [
    [p50, 0.5],
    [p95, 0.95],
    [p99, 0.99],
  ] as const) {
    expect(below(value ?? 0)).toBeLessThanOrEqual(q);
    expect(below((value ?? 0) * 2 ** (1 / 8))).toBeGreaterThanOrEqual(q);
  }
  expect(max).toBe(buckets.at(-1)?.[1]);
});

test('endpoints have shares that are a whole, and failures of their own', () => {
  expect(report.endpoints).toHaveLength(20);
  expect(report.endpoints.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(report.endpoints.find(({ name }) => name === 'endpoint_10')?.failedRatio).toBeCloseTo(0.004, 3);
});

test('a chart of many series has the highest, and says how many it leaves out', () => {
  const chart = report.charts.find(({ title }) => title.startsWith('Panel 12:'));
  expect(chart?.series).toHaveLength(8);
  expect(chart?.others).toBe(4);
  expect(chart?.series[0]?.name).toBe('<b>shop</b> "checkout" & co');
});

test('stacked series have the same times, and all have the mean and the last of all points', () => {
  const stacked = report.charts.filter(({ kind }) => kind === 'stacked');
  expect(stacked.length).toBeGreaterThan(0);
  for (const { series: shown } of stacked) {
    const [first, ...others] = shown.map(({ points }) => points.map(([at]) => at));
    for (const times of others) expect(times).toEqual(first);
  }
  const values = largeRun.figures.requests?.[0]?.values ?? [];
  const [requests] = report.charts.find(({ id }) => id === 'requests')?.series ?? [];
  expect(requests?.points.length).toBeLessThan(values.length);
  expect(requests?.mean).toBeCloseTo(values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length, 6);
  expect(requests?.last).toBe(values.at(-1));
});

test('percentiles have no mean over time', () => {
  const means = (archive: RunArchive) =>
    reportOf(archive, { language: 'en' })
      .charts.find(({ id }) => id === 'percentiles')
      ?.series.map(({ mean }) => mean);
  expect(means(largeRun)).toEqual([null, null, null, null]);
  expect(means({ ...largeRun, endpoints: [] })).toEqual([null, null]);
});

test('thinning keeps both ends of a stretch, and no more points than that', () => {
  const points = Array.from({ length: 1000 }, (_, index): [number, number] => [
    index,
    index === 555 ? 99 : index === 556 ? -99 : 0,
  ]);
  const few = thinned(points, 100);
  expect(few.length).toBeLessThanOrEqual(100);
  expect(few).toContainEqual([555, 99]);
  expect(few).toContainEqual([556, -99]);
  expect(few.map(([at]) => at)).toEqual(few.map(([at]) => at).toSorted((a, b) => a - b));
});

test('a legend has the labels of its series, and stays where it would be empty', () => {
  expect(legendOf('{{service}} of {{pod}}', { service: 'order', pod: 'order-1' })).toBe('order of order-1');
  expect(legendOf('{{gone}}', {})).toBe('{{gone}}');
});

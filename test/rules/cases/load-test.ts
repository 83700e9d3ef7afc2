import type { AlertCase, RuleCase } from '../case.ts';

/** The default budgets of what load tests measure: mean 500 ms, p95 1 s, 1 % of errors, 100 requests a second. */

type Series = Readonly<Record<string, string>>;
/** Samples of a counter or histogram that grows by so much between two of them. */
type Samples = (zero: string, growth: string) => string;

interface Load {
  /** Requests between two samples, over both endpoints: 15 are 1/s. */
  readonly requests: number;
  /** Mean seconds. @default 0.2 */
  readonly mean?: number;
  /** Of a thousand requests, those up to half a second, up to a second, and up to two. @default all the fastest */
  readonly thousand?: readonly [number, number, number];
  /** Share of answers that are not as expected. @default 0 */
  readonly errors?: number;
}

const steady: Samples = (zero, growth) => `${zero}+${growth}x20`;

/** A run that asks for two endpoints, one of which takes all of the time; its setup waited long before, and in vain. */
function run(load: Load, samples = steady, of = 'testid="run-1",service="shop"'): Series {
  const { requests, mean = 0.2, thousand = [1000, 0, 0], errors = 0 } = load;
  const histogram = (count: number, sum: number, buckets: readonly number[]) =>
    `{{schema:0 sum:${sum} count:${count} buckets:[${buckets.join(' ')}] offset:-1}}`;
  const part = (name: string, share: number, slow: number) => {
    const labels = `${of},scenario="browse",name="${name}"`;
    const counted = (n: number) => samples('0', String(Number((requests * share * n).toPrecision(9))));
    return {
      [`k6_http_req_duration_seconds{${labels}}`]: samples(
        histogram(0, 0, [0, 0, 0]),
        histogram(
          requests * share,
          requests * mean * slow,
          thousand.map((n) => (n * share * requests) / 1000),
        ),
      ),
      [`k6_http_reqs_total{${labels},expected_response="true"}`]: counted(1 - errors),
      ...(errors ? { [`k6_http_reqs_total{${labels},expected_response="false"}`]: counted(errors) } : {}),
    };
  };
  return {
    ...part('product_list', 0.6, 0.2),
    ...part('product_detail', 0.4, 0.8),
    [`k6_http_req_duration_seconds{${of},name="wait"}`]: steady(
      histogram(0, 0, [0, 0, 0]),
      histogram(15, 150, [0, 0, 15]),
    ),
    [`k6_http_reqs_total{${of},name="wait",expected_response="false"}`]: steady('0', '150'),
  };
}

/** A run of two runners, each with its own load. */
const runners = (...loads: readonly Load[]): Series =>
  Object.assign(
    {},
    ...loads.map((load, index) => run(load, steady, `testid="run-1",service="shop",instance_id="${index}"`)),
  );

const ended: Samples = (zero, growth) => `${zero}+${growth}x20 stale`;
/** The series of a run whose virtual users do nothing any more. */
const hung: Samples = (zero, growth) => `${growth}+${zero}x20`;

const alerts = (alert: string, budget: string, severity: string) => ({
  fires: (when: string, series: Series, at = '5m'): AlertCase => ({
    alert,
    when: `${budget}: fires ${when}`,
    series,
    at,
    fires: [{ testid: 'run-1', service: 'shop', severity, budget }],
  }),
  silent: (when: string, series: Series, at = '5m'): AlertCase => ({
    alert,
    when: `${budget}: is silent ${when}`,
    series,
    at,
    fires: [],
  }),
});

const mean = alerts('LoadTestLatencyHigh', 'avg', 'critical');
const p95 = alerts('LoadTestLatencyHigh', 'p95', 'critical');
const errors = alerts('LoadTestErrorRateHigh', 'error_ratio', 'critical');
const throughput = alerts('LoadTestThroughputLow', 'throughput', 'warning');

/** What is the same for each budget that says nothing of a few requests. */
const common = (
  { fires, silent }: ReturnType<typeof alerts>,
  beyond: Omit<Load, 'requests'>,
  [last, first]: readonly [string, string],
  farBeyond = beyond,
) => [
  fires('of a little more than a request in a second', run({ requests: 15.75, ...beyond })),
  silent('at one request in a second', run({ requests: 15, ...farBeyond })),
  silent('at a little less than one request in a second', run({ requests: 14.25, ...beyond })),
  silent(`${last} after the start`, run({ requests: 1500, ...beyond }), last),
  fires(`${first} after the start`, run({ requests: 1500, ...beyond }), first),
  silent('while nothing is asked', run({ requests: 1500, ...beyond }, hung)),
  silent('after the run', run({ requests: 1500, ...beyond }, ended), '6m15s'),
  fires('of one run beside another', {
    ...run({ requests: 150, ...beyond }),
    ...run({ requests: 15000 }, steady, 'testid="run-2",service="shop"'),
    ...run({ requests: 15000 }, steady, 'testid="run-1",service="auth"'),
  }),
];

export const loadTest: readonly RuleCase[] = [
  ...(['testid_service:http_latency:mean', 'testid:http_latency_p95'] as const).map(
    (record): RuleCase => ({
      record,
      when: 'is of all that a run asks for, without its setup',
      series: run({ requests: 2000, mean: 0.51, thousand: [0, 950, 50] }),
      query: `round(${record}, 0.001)`,
      gives:
        record === 'testid:http_latency_p95'
          ? [{ labels: { testid: 'run-1' }, value: 1 }]
          : [{ labels: { testid: 'run-1', service: 'shop' }, value: 0.51 }],
    }),
  ),
  mean.fires('of all runners together', runners({ requests: 1500, mean: 0.4 }, { requests: 3000, mean: 0.56 })),
  mean.silent('where a slow one had few', runners({ requests: 1500, mean: 0.9 }, { requests: 6000, mean: 0.39 })),
  mean.fires('just beyond', run({ requests: 1500, mean: 0.51 })),
  mean.silent('at the bound', run({ requests: 1500, mean: 0.5 })),
  mean.silent('just within', run({ requests: 1500, mean: 0.49 })),
  ...common(mean, { mean: 0.51 }, ['1m', '1m15s']),

  p95.fires('of all runners together', runners({ requests: 1500 }, { requests: 1500, thousand: [500, 396, 104] })),
  p95.silent('where a slow one had few', runners({ requests: 4500 }, { requests: 1500, thousand: [500, 390, 110] })),
  p95.fires('just beyond', run({ requests: 1500, thousand: [500, 448, 52] })),
  p95.silent('at the bound', run({ requests: 2000, thousand: [0, 950, 50] })),
  p95.silent('just within', run({ requests: 1500, thousand: [500, 468, 32] })),
  ...common(p95, { thousand: [500, 448, 52] }, ['1m', '1m15s']),

  errors.fires('of all runners together', runners({ requests: 1500 }, { requests: 1500, errors: 0.0204 })),
  errors.silent('where one that failed had few', runners({ requests: 1500 }, { requests: 750, errors: 0.0294 })),
  errors.fires('just beyond', run({ requests: 1500, errors: 0.0102 })),
  errors.silent('at the bound', run({ requests: 7500, errors: 0.01 })),
  errors.silent('just within', run({ requests: 1500, errors: 0.0098 })),
  errors.silent('without an error', run({ requests: 1500 })),
  ...common(errors, { errors: 0.0102 }, ['30s', '45s'], { errors: 0.5 }),

  throughput.fires('of all runners together', runners({ requests: 735 }, { requests: 750 })),
  throughput.silent('where each has few', runners({ requests: 750 }, { requests: 765 })),
  throughput.fires('just beyond', run({ requests: 1485 })),
  // Failed requests count; by these the rates of all series, each rounded, come to the bound and not beside it.
  throughput.silent('at the bound', run({ requests: 1500, errors: 0.46 })),
  throughput.silent('just within', run({ requests: 1515 })),
  throughput.silent('2m after the start', run({ requests: 15 }), '2m'),
  throughput.fires('2m15s after the start', run({ requests: 15 }), '2m15s'),
  throughput.fires('while nothing is asked', run({ requests: 1500 }, hung)),
  throughput.silent('after the run', run({ requests: 15 }, ended), '6m15s'),
  throughput.fires('of one run beside another', {
    ...run({ requests: 1485 }),
    ...run({ requests: 1515 }, steady, 'testid="run-2",service="shop"'),
    ...run({ requests: 1515 }, steady, 'testid="run-1",service="auth"'),
  }),
];

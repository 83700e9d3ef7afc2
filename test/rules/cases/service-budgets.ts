import type { AlertCase } from '../case.ts';

/** The default budgets of what services measure of their requests: mean 500 ms, p95 1 s, 1 % of errors. */

const labels = 'namespace="shop",job="service",service="shop"';
const other = 'namespace="identity",job="service",service="auth"';

interface Load {
  /** Requests between two samples, over all pods: 15 are 1/s. */
  readonly requests: number;
  /** Mean seconds. @default 0.2 */
  readonly mean?: number;
  /** Share of requests that take from half a second to one; the next is of those that take longer. @default 0 */
  readonly slow?: number;
  readonly slower?: number;
  /** Share of server errors. @default 0 */
  readonly errors?: number;
}

type Series = Readonly<Record<string, string>>;

/** Samples of a counter for seven and a half minutes: rates of five minutes are whole by then, and have been so for two. */
type Samples = (perSample: number) => string;
const steady: Samples = (perSample) => `0+${perSample}x30`;
const at = '7m30s';

/** A service on two pods, one of which does more of the work and takes less time for it; and the requests of operators, slow and in vain. */
function service(
  of: string,
  { requests, mean = 0.2, slow = 0, slower = 0, errors = 0 }: Load,
  samples = steady,
): Series {
  // Without the noise of binary fractions, by which a value would miss a bound that it is to be at.
  const counted = (perSample: number) => samples(Number(perSample.toPrecision(9)));
  const part = (pod: string, share: number, uri: string) => {
    const n = requests * share;
    const series = (name: string, more = '') =>
      `http_server_requests_seconds_${name}{${of},pod="${pod}",uri="${uri}"${more}}`;
    return {
      [series('count', ',outcome="SUCCESS"')]: counted(n * (1 - errors)),
      [series('count', ',outcome="SERVER_ERROR"')]: counted(n * errors),
      [series('sum')]: counted(requests * mean * (1 - share)),
      [series('bucket', ',le="0.5"')]: counted(n * (1 - slow - slower)),
      [series('bucket', ',le="1.0"')]: counted(n * (1 - slower)),
      [series('bucket', ',le="2.0"')]: counted(n),
      [series('bucket', ',le="+Inf"')]: counted(n),
    };
  };
  const operators = `${of},pod="a",uri="/actuator/prometheus"`;
  return {
    ...part('a', 0.6, '/a'),
    ...part('b', 0.4, '/b'),
    [`http_server_requests_seconds_count{${operators},outcome="SERVER_ERROR"}`]: steady(15),
    [`http_server_requests_seconds_sum{${operators}}`]: steady(15),
    [`http_server_requests_seconds_bucket{${operators},le="2.0"}`]: steady(15),
    [`http_server_requests_seconds_bucket{${operators},le="+Inf"}`]: steady(15),
  };
}

const alerts = (alert: string, budget: string) => {
  const firing = { namespace: 'shop', job: 'service', service: 'shop', severity: 'critical', budget };
  return {
    fires: (when: string, series: Series, asked = at): AlertCase => ({
      alert,
      when: `${budget}: fires ${when}`,
      series,
      at: asked,
      fires: [firing],
    }),
    silent: (when: string, series: Series, asked = at): AlertCase => ({
      alert,
      when: `${budget}: is silent ${when}`,
      series,
      at: asked,
      fires: [],
    }),
  };
};

const shop = (load: Load, samples?: Samples) => service(labels, load, samples);
const mean = alerts('HttpLatencyHigh', 'avg');
const p95 = alerts('HttpLatencyHigh', 'p95');
const errors = alerts('HttpErrorRateHigh', 'error_ratio');

/** Two pods that counted much before they started anew, less than a minute ago. */
const restarted: Samples = (perSample) => `${1000 * perSample}+${perSample}x26 0+${perSample}x3`;
const idle: Samples = (perSample) => `${1000 * perSample}x30`;
const gone: Samples = (perSample) => `0+${perSample}x30 stale`;

/** What is the same for each of the budgets. */
const common = (
  { fires, silent }: ReturnType<typeof alerts>,
  beyond: Omit<Load, 'requests'>,
  within: Load,
  farBeyond = beyond,
) => [
  fires('of a little more than a request in a second', shop({ requests: 15.75, ...beyond })),
  silent('at one request in a second', shop({ requests: 15, ...farBeyond })),
  silent('at a little less than one request in a second', shop({ requests: 14.25, ...beyond })),
  silent('for the first minute', shop({ requests: 15000, ...beyond }), '1m'),
  fires('after a minute', shop({ requests: 15000, ...beyond }), '1m15s'),
  silent('where nobody asks any more', shop({ requests: 150, ...beyond }, idle)),
  silent('for a restart', shop(within, restarted)),
  silent('after its pods are gone', shop({ requests: 150, ...beyond }, gone), '12m45s'),
  fires('of one service beside another', {
    ...shop({ requests: 150, ...beyond }),
    ...service(other, { requests: 1500 }),
  }),
];

export const serviceBudgets: readonly AlertCase[] = [
  mean.fires('just beyond', shop({ requests: 150, mean: 0.51 })),
  mean.silent('at the bound', shop({ requests: 150, mean: 0.5 })),
  mean.silent('just within', shop({ requests: 150, mean: 0.49 })),
  ...common(mean, { mean: 0.51 }, { requests: 150, mean: 0.49 }),

  p95.fires('just beyond', shop({ requests: 150, slower: 0.0515 })),
  p95.silent('at the bound', shop({ requests: 2000, slow: 0.95, slower: 0.05 })),
  p95.silent('just within', shop({ requests: 150, slow: 0.5, slower: 0.025 })),
  ...common(p95, { slower: 0.0515 }, { requests: 150, slow: 0.5, slower: 0.025 }),

  errors.fires('just beyond', shop({ requests: 150, errors: 0.0102 })),
  errors.silent('at the bound', shop({ requests: 2000, errors: 0.01 })),
  errors.silent('just within', shop({ requests: 150, errors: 0.0098 })),
  errors.silent('without an error', shop({ requests: 150 })),
  ...common(errors, { errors: 0.0102 }, { requests: 150, errors: 0.0098 }, { errors: 1 / 3 }),
];

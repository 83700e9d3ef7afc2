import type { AlertCase, RecordingCase, RuleCase } from '../case.ts';

/** How much of what services answer fails, over windows from minutes to days, and how fast that uses up 0.1 %. */

const count = 'http_server_requests_seconds_count';
const shop = 'namespace="shop",job="service",service="shop"';
const ofShop = { namespace: 'shop', job: 'service', service: 'shop' };

/** Each window as twenty samples. */
const windows: Readonly<Record<string, string>> = {
  '5m': '15s',
  '30m': '90s',
  '1h': '3m',
  '2h': '6m',
  '6h': '18m',
  '1d': '72m',
  '3d': '216m',
};
const thirtySamples: Readonly<Record<string, string>> = {
  '5m': '7m30s',
  '30m': '45m',
  '1h': '90m',
  '2h': '3h',
  '6h': '9h',
  '1d': '36h',
  '3d': '108h',
};

const recorded = Object.entries(windows).map(
  ([window, interval]): RecordingCase => ({
    record: `job:http_failures:ratio_rate${window}`,
    when: `is the share of server errors in the last ${window} over all pods, 0 without one, and none where nobody asks`,
    interval,
    at: thirtySamples[window] ?? '',
    series: {
      // Of two outages one began a sample before the window, and one with it.
      [`${count}{${shop},pod="a",uri="/a",outcome="SERVER_ERROR"}`]: '0x9 500x1 515x18',
      [`${count}{${shop},pod="b",uri="/b",outcome="SERVER_ERROR"}`]: '0x9 500x1 505x18',
      [`${count}{${shop},pod="a",uri="/a",outcome="SUCCESS"}`]: '0+12x30',
      [`${count}{${shop},pod="b",uri="/b",outcome="CLIENT_ERROR"}`]: '0+8x30',
      [`${count}{${shop},pod="a",uri="/actuator/health",outcome="SERVER_ERROR"}`]: '0+9x30',
      [`${count}{namespace="shop",job="service",service="quiet",pod="c",uri="/a",outcome="SERVER_ERROR"}`]: '0+1x30',
      [`${count}{namespace="shop",job="service",service="good",pod="d",uri="/a",outcome="SUCCESS"}`]: '0+1x30',
      [`${count}{namespace="shop",job="service",service="idle",pod="e",uri="/a",outcome="SERVER_ERROR"}`]: '7x30',
    },
    gives: [
      { labels: ofShop, value: 0.05 },
      { labels: { ...ofShop, service: 'quiet' }, value: 1 },
      { labels: { ...ofShop, service: 'good' }, value: 0 },
    ],
  }),
);

/** For so many samples, such a share of the requests fails. */
type Phase = readonly [samples: number, share: number];

const perSample = 9_000_000;

/** A counter that grows by a share of the requests, which differs from phase to phase. */
function counter(phases: readonly Phase[], shareOf: (failing: number) => number): string {
  let value = 0;
  const parts = phases.map(([samples, failing]) => {
    const growth = Math.round(perSample * shareOf(failing));
    const part = `${value + growth}+${growth}x${samples - 1}`;
    value += growth * samples;
    return part;
  });
  return ['0', ...parts].join(' ');
}

const requests = (service: string, ...phases: Phase[]) => {
  const labels = `namespace="shop",job="service",service="${service}",pod="${service}-1",uri="/a"`;
  return {
    [`${count}{${labels},outcome="SUCCESS"}`]: counter(phases, (failing) => 1 - failing),
    [`${count}{${labels},outcome="SERVER_ERROR"}`]: counter(phases, (failing) => failing),
  };
};

const changed = (series: Readonly<Record<string, string>>, to: (samples: string) => string) =>
  Object.fromEntries(Object.entries(series).map(([name, samples]) => [name, to(samples)]));

/** A pair of windows, and the share of failures that is too much over both. */
interface Pair {
  readonly window: string;
  readonly short: string;
  readonly severity: string;
  readonly bound: number;
  /** Minutes from sample to sample: the short window holds five or six. */
  readonly interval: number;
  /** How many samples the long window holds. */
  readonly long: number;
  /** How many samples it has to be too much for. */
  readonly for: number;
}

const pairs: readonly Pair[] = [
  { window: '1h', short: '5m', severity: 'critical', bound: 0.0144, interval: 1, long: 60, for: 2 },
  { window: '6h', short: '30m', severity: 'critical', bound: 0.006, interval: 5, long: 72, for: 3 },
  { window: '1d', short: '2h', severity: 'warning', bound: 0.003, interval: 20, long: 72, for: 3 },
  { window: '3d', short: '6h', severity: 'warning', bound: 0.001, interval: 60, long: 72, for: 3 },
];

const burns = pairs.flatMap(({ window, short, severity, bound, interval, long, for: pending }): AlertCase[] => {
  const after = (samples: number) => `${interval * samples}m`;
  const asked = { alert: 'ErrorBudgetBurn', only: { window }, interval: `${interval}m` };
  const silent = (when: string, ...phases: Phase[]) => ({
    ...asked,
    when: `${window} and ${short}: is silent ${when}`,
    series: requests('shop', ...phases),
    at: after(phases.reduce((sum, [samples]) => sum + samples, 0)),
    fires: [],
  });
  const beyond = 1.03 * bound;
  const within = 0.97 * bound;
  // The long window forgets a failure at the pace at which another goes on: its share stays the same for as long as an
  // alert waits, while that of the short one is far beyond.
  const steadyOverLong = (share: number): Phase[] => {
    const early = 8;
    const failing = (share * (long - 1)) / (early + 1);
    return [
      [early, failing],
      [long - early - 2, 0],
      [early + 1, failing],
    ];
  };
  return [
    {
      ...asked,
      when: `${window} and ${short}: fires just beyond, of one service beside another`,
      series: { ...requests('shop', [pending + 1, beyond]), ...requests('auth', [pending + 1, within]) },
      at: after(pending + 1),
      fires: [{ ...ofShop, severity, budget: 'availability', window }],
    },
    silent('as long as it may be a moment', [pending, beyond]),
    silent('at the bound of the long window', ...steadyOverLong(bound)),
    silent('at the bound of the short window', [4, 0.5], [12, bound]),
    silent('just within the bound of the long window', ...steadyOverLong(within)),
    silent('just within the bound of the short window, soon after the failure', [4, 0.5], [12, within]),
    { ...silent('where nobody asks any more'), at: after(8), series: changed(requests('shop'), () => '700x8') },
    {
      ...silent('for a restart'),
      at: after(15),
      series: changed(requests('shop', [7, within]), (samples) => `${samples} ${samples}`),
    },
    {
      ...silent('after its pods are gone'),
      at: after(15),
      series: changed(requests('shop', [7, beyond]), (samples) => `${samples} stale`),
    },
  ];
});

export const availability: readonly RuleCase[] = [...recorded, ...burns];

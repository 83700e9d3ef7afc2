import type { RunArchive } from '../../archive/archive.ts';
import { isByRate } from '../rate.ts';
import type { Degradation, Sign } from './attribution.ts';
import { holders, silentFacets } from './holders.ts';
import { figureOf, loaded, maxIn, quantileIn, type Range, stretches, timeOf, type Values, valuesOf } from './series.ts';
import * as least from './thresholds.ts';

/** A degradation, and the points of the axis that it is at. */
export type Worse = Degradation & { readonly range: Range };

/** When a run got worse and by what signs; undefined: it did not. */
export function degradationOf(archive: RunArchive): Worse | undefined {
  const range = loaded(archive);
  const felt = [
    ...latency(archive, range),
    ...budgets(archive, range),
    ...throughput(archive, range),
    ...errors(archive, range),
    ...lag(archive, range),
    ...restarts(archive, range),
  ];
  // What nobody feels yet says when it began only where nobody feels anything.
  const dated = felt.length ? felt : exhausted(archive, range);
  const signs = (felt.length ? [...felt, ...exhausted(archive, range)] : dated).sort((a, b) => a.at - b.at);
  if (dated.length === 0) return undefined;
  const began = Math.min(...dated.map(({ at }) => at));
  const until = Math.max(...dated.map((sign) => sign.until));
  const indexOf = (time: number) => Math.round((time - archive.axis.start) / archive.axis.step);
  const degraded = { from: indexOf(began), to: indexOf(until) };
  return { began, until, signs, range: degraded, baseline: baselineOf(archive, range, degraded, dated) };
}

function baselineOf(archive: RunArchive, range: Range, degraded: Range, signs: readonly Sign[]) {
  const of = (method: Degradation['baseline']['method'], { from, to }: Range) => ({
    method,
    from: timeOf(archive, from),
    until: timeOf(archive, to),
  });
  const before = { from: range.from, to: degraded.from - 1 };
  if ((degraded.from - range.from) * archive.axis.step >= least.baselineSeconds) return of('before', before);
  // A bound that is broken from the first moment, at a latency that never changes, has no other time to be held against.
  return of(signs.some(({ key }) => key !== 'budget') ? 'best' : 'none', range);
}

type Find = (archive: RunArchive, range: Range) => Sign[];

const signOf = (
  archive: RunArchive,
  key: Sign['key'],
  values: Values,
  stretch: Range,
  before: number,
  of?: string,
): Sign => ({
  key,
  at: timeOf(archive, stretch.from),
  until: timeOf(archive, stretch.to),
  before,
  worst: maxIn(values, stretch) ?? before,
  ...(of === undefined ? {} : { of }),
});

/** Whether it is more than what is so from the first moments, and soon over. */
const afterWarmUp =
  (whole: Range) =>
  ({ from, to }: Range): boolean =>
    from > whole.from + 1 || to > whole.from + least.warmUpShare * (whole.to - whole.from);

/** By p95, or the mean where there are no percentiles. */
const latency: Find = (archive, range) => {
  const p95 = valuesOf(archive, 'p95');
  const values = p95.length ? p95 : valuesOf(archive, 'client_mean');
  const before = quantileIn(values, range, least.baselineQuantile);
  if (before === undefined) return [];
  const { factor, seconds, strongFactor, strongSeconds } = least.latencyGrown;
  const worse = (index: number) => {
    const value = values[index] ?? 0;
    return (
      (value >= factor * before && value >= seconds) ||
      (value >= strongFactor * before && value - before >= strongSeconds)
    );
  };
  return stretches(archive, range, worse)
    .filter(afterWarmUp(range))
    .map((stretch) => signOf(archive, 'latency', values, stretch, before));
};

/** Those of all requests that a verdict found broken, and whose figure an archive has. */
const budgets: Find = (archive, range) =>
  (archive.verdict?.budgets ?? [])
    .filter(({ state, budget, indicator, good }) => state === 'broken' && budget === indicator && good === 'below')
    // Load generators and services may measure the same.
    .filter(
      ({ indicator, bound }, index, all) =>
        all.findIndex((other) => other.indicator === indicator && other.bound === bound) === index,
    )
    .flatMap(({ indicator, bound }) => {
      const name = (
        { p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99', avg: 'client_mean', error_ratio: 'error_ratio' } as const
      )[indicator as string];
      const values = name ? valuesOf(archive, name) : [];
      return stretches(archive, range, (index) => (values[index] ?? 0) > bound).map((stretch) =>
        signOf(archive, 'budget', values, stretch, bound, indicator),
      );
    });

/** More virtual users, and no more requests: no sign where users are added because answers are slow. */
const throughput: Find = (archive, range) => {
  if (isByRate(archive)) return [];
  const [vus, requests] = [valuesOf(archive, 'vus'), valuesOf(archive, 'requests')];
  const most = quantileIn(requests, range, 0.95);
  if (most === undefined || vus.length === 0) return [];
  const { vus: more, requests: noMore } = least.throughputStalled;
  const reached = requests.findIndex((value, index) => index >= range.from && (value ?? 0) * noMore >= most);
  const users = vus[reached] ?? 0;
  if (users === 0) return [];
  const stalled = stretches(
    archive,
    { from: reached, to: range.to },
    (index) => (vus[index] ?? 0) >= more * users && (requests[index] ?? 0) <= noMore * (requests[reached] ?? 0),
  );
  return stalled.map((stretch) => signOf(archive, 'throughput', requests, stretch, requests[reached] ?? 0));
};

const errors: Find = (archive, range) => {
  const values = valuesOf(archive, 'error_ratio');
  const before = quantileIn(values, range, least.baselineQuantile) ?? 0;
  const { ratio, factor } = least.errorsGrown;
  return stretches(archive, range, (index) => (values[index] ?? 0) >= Math.max(ratio, factor * before)).map((stretch) =>
    signOf(archive, 'errors', values, stretch, before),
  );
};

const lag: Find = (archive, range) =>
  figureOf(archive, 'lag').flatMap(({ labels, values }) => {
    const before = quantileIn(values, range, least.baselineQuantile) ?? 0;
    const { messages, factor } = least.lagGrown;
    return stretches(archive, range, (index) => (values[index] ?? 0) >= Math.max(messages, factor * before)).map(
      (stretch) => signOf(archive, 'lag', values, stretch, before, labels.consumergroup),
    );
  });

const restarts: Find = (archive, range) =>
  figureOf(archive, 'restarts').flatMap(({ labels, values }) => {
    const rise = riseOf(values, range);
    if (!rise) return [];
    return [signOf(archive, 'restarts', values, { from: rise.at, to: range.to }, rise.before, labels.service)];
  });

/** The first rise of a count over what was last known of it. It falls where a pod goes that had been started anew. */
function riseOf(values: Values, { from, to }: Range): { readonly at: number; readonly before: number } | undefined {
  let before: number | undefined;
  for (const [index, value] of values.slice(0, to + 1).entries()) {
    if (value === null) continue;
    if (before !== undefined && index > from && value > before) return { at: index, before };
    before = value;
  }
  return undefined;
}

/** What was not at its knee came there, and is such that users feel it only later. */
const exhausted: Find = (archive, range) =>
  holders(archive).flatMap(({ resource, of, facets }) =>
    facets.flatMap(({ facet, values }) => {
      const before = quantileIn(values, range, least.baselineQuantile) ?? 0;
      if (before >= least.knee.at || !silentFacets[resource]?.includes(facet)) return [];
      return stretches(archive, range, (index) => (values[index] ?? 0) >= least.knee.at)
        .filter(afterWarmUp(range))
        .map((stretch) => ({
          ...signOf(archive, 'exhausted', values, stretch, before, of),
          resource,
        }));
    }),
  );

import type { RunArchive } from '../../archive/archive.ts';
import type { Candidate } from './attribution.ts';
import type { Short } from './candidates.ts';
import type { Worse } from './degradation.ts';
import type { Growth } from './growth.ts';
import { holders } from './holders.ts';
import { figureOf, loaded, maxIn, meanIn, quantileIn, type Range, stretches, timeOf, type Values } from './series.ts';
import * as least from './thresholds.ts';

/** Causes that are a service itself, and no resource that is measured of it. */

/**
 * The service that takes longer itself though nothing that is measured of it is short: a wait in its code, or for
 * something that nobody measures.
 */
export function unmeasuredOf(
  archive: RunArchive,
  worse: Worse,
  growth: Growth,
  short: readonly Short[],
): Candidate | undefined {
  const explained = new Set(short.flatMap(({ isAtKnee, holder }) => (isAtKnee && holder.service) || []));
  const entry = archive.run.service;
  const own = growth.stages.filter(
    ({ service, stage, factor }) =>
      (stage === 'compute' || stage === 'downstream' || (stage === 'queue' && service !== entry)) &&
      factor >= least.unmeasured.factor &&
      !explained.has(service),
  );
  const services = [...new Set(own.map(({ service }) => service))];
  const [slowest] = services
    .map((service) => ({ service, stages: own.filter((one) => one.service === service) }))
    .map(({ service, stages }) => ({ service, stages, share: stages.reduce((sum, { share }) => sum + share, 0) }))
    .sort((a, b) => b.share - a.share);
  if (!slowest || slowest.share < least.unmeasured.share) return undefined;
  const { service, share, stages } = slowest;
  const total = figureOf(archive, 'stage').find(
    ({ labels }) => labels.service === service && labels.stage === 'total',
  )?.values;
  const normal = total && quantileIn(total, loaded(archive), least.baselineQuantile);
  const since = onset(archive, worse, total ?? [], least.unmeasured.factor * (normal ?? Number.POSITIVE_INFINITY));
  return {
    ...{ resource: 'downstream', of: service, stage: stages[0]?.stage ?? null, depth: null, peak: null },
    ...{ ...since, share: Math.min(1, share), facets: [] },
  };
}

/** The service furthest from the user that answers with more server errors: those that call it only pass them on. */
export function failingOf(archive: RunArchive, worse: Worse): Candidate | undefined {
  const rose = figureOf(archive, 'server_errors').flatMap(({ labels: { service = '' }, values }) => {
    const before = quantileIn(values, loaded(archive), least.baselineQuantile) ?? 0;
    const after = meanIn(values, worse.range) ?? 0;
    const bound = Math.max(least.errorsGrown.ratio, least.errorsGrown.factor * before);
    return after >= bound ? [{ service, values, bound, rise: after - before }] : [];
  });
  const failing = new Set(rose.map(({ service }) => service));
  const passesOn = (caller: string) =>
    figureOf(archive, 'call_rate').some(
      ({ labels }) =>
        labels.service === caller && labels.client_name !== caller && failing.has(labels.client_name ?? ''),
    );
  const requests = meanIn(archive.figures.requests?.[0]?.values ?? [], worse.range) ?? 0;
  const seen = (meanIn(archive.figures.error_ratio?.[0]?.values ?? [], worse.range) ?? 0) * requests;
  const [first] = rose
    .filter(({ service }) => !passesOn(service))
    .map((one) => ({ ...one, failures: one.rise * servedBy(archive, one.service, worse.range) }))
    .sort((a, b) => b.failures - a.failures);
  if (!first) return undefined;
  const { service, values, bound, failures } = first;
  return {
    ...{ resource: 'errors', of: service, stage: null, depth: null, peak: maxIn(values, worse.range) ?? null },
    ...onset(archive, worse, values, bound),
    ...{ share: seen > 0 ? Math.min(1, failures / seen) : null, facets: [] },
  };
}

/** What filled up until its service was started anew. */
export function exhaustedOf(archive: RunArchive, worse: Worse): Candidate | undefined {
  const { step } = archive.axis;
  const found = worse.signs
    .filter(({ key }) => key === 'restarts')
    .flatMap(({ of, at }) =>
      holders(archive)
        .filter(({ service, resource }) => service === of && ['jvm-heap', 'memory'].includes(resource))
        .flatMap((holder) => {
          const to = Math.round((at - archive.axis.start) / step);
          const range = { from: Math.max(0, to - Math.ceil(least.beforeRestart / step)), to };
          const facets = holder.facets
            .filter(({ facet }) => facet === 'utilization')
            .flatMap(({ facet, values }) => {
              const peak = maxIn(values, range) ?? 0;
              const normal = quantileIn(values, loaded(archive), least.baselineQuantile) ?? 0;
              return peak >= Math.max(least.knee.near, least.atKnee.rise * normal) ? [{ facet, peak, values }] : [];
            });
          const [highest] = facets.sort((a, b) => b.peak - a.peak);
          return highest ? [{ holder, at, to, range, ...highest }] : [];
        }),
    )
    .sort((a, b) => (b.holder.depth ?? 0) - (a.holder.depth ?? 0));
  const [first] = found;
  if (!first) return undefined;
  const { holder, peak, facet, values, range } = first;
  const nearest = Math.min(peak, least.knee.at);
  const crossed = values.findIndex((value, index) => index >= range.from && (value ?? 0) >= nearest);
  const crossedAt = timeOf(archive, crossed);
  return {
    ...{ resource: holder.resource, of: holder.of, stage: holder.stage ?? null, depth: holder.depth ?? null },
    ...{ crossedAt, lead: worse.began - crossedAt, peak, timeAtKnee: (first.to - crossed) * step, share: null },
    facets: [{ facet, peak }],
  };
}

/** Since when a series was at a bound, in the stretch that reaches into the degradation. */
function onset(archive: RunArchive, { began, range }: Worse, values: Values, bound: number) {
  const [first] = stretches(archive, loaded(archive), (index) => (values[index] ?? 0) >= bound).filter(
    ({ from, to }) => to >= range.from && from <= range.to,
  );
  if (!first) return { crossedAt: null, lead: null, timeAtKnee: 0 };
  const crossedAt = timeOf(archive, first.from);
  const points = Math.min(first.to, range.to) - Math.max(first.from, range.from) + 1;
  return { crossedAt, lead: began - crossedAt, timeAtKnee: points * archive.axis.step };
}

const servedBy = (archive: RunArchive, service: string, range: Range): number =>
  meanIn(figureOf(archive, 'served').find(({ labels }) => labels.service === service)?.values ?? [], range) ?? 0;

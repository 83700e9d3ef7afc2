import type { RunArchive } from '../../archive/archive.ts';
import type { Candidate, StageGrowth } from './attribution.ts';
import type { Worse } from './degradation.ts';
import type { Growth } from './growth.ts';
import { type Holder, holders, silentFacets } from './holders.ts';
import { loaded, maxIn, quantileIn, type Range, stretches, timeOf, type Values } from './series.ts';
import * as least from './thresholds.ts';

/** A resource that was short while it was worse, and that what got worse can be waiting for. */
export interface Short extends Candidate {
  readonly holder: Holder;
  /** Of the growth, what is in the stage that waits for it, without what waits in front of that. */
  readonly direct: number;
  /** Whether it got to its knee, and not only near. */
  readonly isAtKnee: boolean;
}

/** Resources that came to their knee or near it, and what of the growth each can explain; in no order. */
export function shortOf(archive: RunArchive, degradation: Worse, growth: Growth): Short[] {
  const short = holders(archive).flatMap((holder) => shortness(archive, degradation, holder) ?? []);
  const covered = new Set(
    short.flatMap(({ isAtKnee, holder: { system, resource, stage } }) =>
      stage && (system || (isAtKnee && resource === 'hikari-pool')) ? stage : [],
    ),
  );
  return short.map((one) => {
    if (one.stage === null || !growth.isMeasured) return one;
    const direct = Math.min(1, shareOf(one.holder, growth.stages, covered));
    const waiting = keepsConnections(one.holder) && direct >= least.stageGrown.share ? poolWait(growth.stages) : 0;
    return { ...one, direct, share: Math.min(1, direct + waiting) };
  });
}

/** Undefined of what is far from its knee, or was as near all along. */
function shortness(archive: RunArchive, { began, range, baseline }: Worse, holder: Holder): Short | undefined {
  const { resource, of, stage = null, depth = null } = holder;
  const whole = loaded(archive);
  const indexOf = (time: number) => Math.round((time - archive.axis.start) / archive.axis.step);
  const before = { from: indexOf(baseline.from), to: indexOf(baseline.until) };
  const facets = holder.facets.flatMap(({ facet, values }) => {
    const peak = maxIn(values, range);
    const normal = quantileIn(values, before, baseline.method === 'before' ? 0.5 : least.baselineQuantile) ?? 0;
    const rise = normal < least.knee.at ? least.atKnee.rise : least.atKnee.riseFromKnee;
    const rose = baseline.method === 'none' || (quantileIn(values, range, 0.75) ?? 0) >= rise * normal;
    return peak === undefined || peak < least.knee.near || !rose ? [] : [{ facet, peak, values }];
  });
  if (facets.length === 0) return undefined;
  const times = facets.map(({ values }) => kneeOf(archive, values, whole, range)).filter(({ seconds }) => seconds > 0);
  const timeAtKnee = Math.max(0, ...times.map(({ seconds }) => seconds));
  const enough = least.atKnee.share * (range.to - range.from) * archive.axis.step;
  const isAtKnee = times.length > 0 && timeAtKnee >= enough;
  const crossedAt = isAtKnee ? Math.min(...times.map(({ at }) => at)) : null;
  return {
    ...{ resource, of, stage, depth, crossedAt, timeAtKnee, isAtKnee, holder, direct: 0 },
    lead: crossedAt === null ? null : began - crossedAt,
    peak: Math.max(...facets.map(({ peak }) => peak)),
    share: null,
    facets: facets.map(({ facet, peak }) => ({ facet, peak })).sort((a, b) => b.peak - a.peak),
  };
}

/** When it came to its knee in the stretch that reaches into the degradation, and how long it was there in that. */
function kneeOf(archive: RunArchive, values: Values, whole: Range, { from, to }: Range) {
  const found = stretches(archive, whole, (index) => (values[index] ?? 0) >= least.knee.at).filter(
    (stretch) => stretch.to >= from && stretch.from <= to,
  );
  const points = found.reduce((sum, stretch) => sum + Math.min(stretch.to, to) - Math.max(stretch.from, from) + 1, 0);
  return { at: timeOf(archive, found[0]?.from ?? 0), seconds: points * archive.axis.step };
}

/**
 * What of the growth is in the stages that wait for it. A service that stands still keeps everything waiting, also what
 * has answered it: unless a data system or the pool is short itself, the time of waiting for that counts for the service's
 * own resources.
 *
 * @param covered stages in which a data system is near its knee, or a pool at it
 */
function shareOf(holder: Holder, stages: readonly StageGrowth[], covered: ReadonlySet<string>): number {
  const { resource, service, system, stage } = holder;
  const sum = (counts: (growth: StageGrowth) => boolean) =>
    stages.filter(counts).reduce((total, { share }) => total + share, 0);
  // What is evicted has to be fetched from the database.
  if (resource === 'redis-memory') return sum((one) => one.stage === 'cache' || one.stage === 'database');
  if (system) return sum((one) => one.stage === stage && (stage !== 'downstream' || one.service !== system.workload));
  const isOf = (one: StageGrowth) => service === undefined || one.service === service;
  if (stage !== 'compute') return sum((one) => isOf(one) && one.stage === stage);
  if (service === undefined) return sum(({ stage: where }) => where === 'compute' || where === 'queue');
  return sum((one) => isOf(one) && !covered.has(one.stage) && one.stage !== 'downstream');
}

/** Connections that are held for longer are waited for. */
export const keepsConnections = ({ stage, resource }: Pick<Holder, 'stage' | 'resource'>): boolean =>
  stage === 'database' || resource === 'redis-memory';

const poolWait = (stages: readonly StageGrowth[]) =>
  stages.filter(({ stage }) => stage === 'pool-wait').reduce((total, { share }) => total + share, 0);

/** Whether a facet is such that users feel it only later. */
export const isSilent = ({ resource, facets }: Candidate): boolean =>
  facets.some(({ facet, peak }) => peak >= least.knee.at && silentFacets[resource]?.includes(facet));

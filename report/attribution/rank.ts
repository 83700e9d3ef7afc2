import type { RunArchive } from '../../archive/archive.ts';
import type { Candidate } from './attribution.ts';
import { isSilent, type Short } from './candidates.ts';
import type { Worse } from './degradation.ts';
import { explains } from './explained.ts';
import type { Growth } from './growth.ts';
import { exhaustedOf, failingOf, unmeasuredOf } from './services.ts';
import * as least from './thresholds.ts';

/** A cause with what the ranking needs to know of it. */
export interface Ranked extends Candidate {
  readonly kind: 'resource' | 'near' | 'service' | 'errors' | 'silent' | 'restart';
}

/**
 * What ended a process first; then what is at its knee where requests wait, by what it explains and how far from the user
 * it is; then a service that is slow by itself; one that fails; what filled up unfelt; and last what was near its knee.
 */
export function rank(archive: RunArchive, worse: Worse, growth: Growth, short: readonly Short[]): Ranked[] {
  const isSlower = worse.signs.some(
    ({ key, of }) => key === 'latency' || key === 'throughput' || (key === 'budget' && of !== 'error_ratio'),
  );
  const isFailing = worse.signs.some(({ key, of }) => key === 'errors' || of === 'error_ratio');
  const as = (kind: Ranked['kind'], candidates: readonly (Candidate | undefined)[]): Ranked[] =>
    candidates.flatMap((candidate) => (candidate ? [{ ...candidate, kind }] : []));
  const onPath = short.filter(({ share, stage }) =>
    stage === null ? false : !growth.isMeasured || (share ?? 0) >= least.stageGrown.share,
  );
  const causesOf = (effect: Short) => onPath.filter((cause) => explains(cause, effect));
  // Not what is itself a consequence.
  const causeOf = (effect: Short) =>
    causesOf(effect).find((cause) => causesOf(cause).length === 0) ?? causesOf(effect)[0];
  const weight = ({ share, depth }: Candidate) => (share ?? 0) + (depth ?? 0) / 50;
  const weighed = onPath
    .map((one) => ({ one, cause: causeOf(one) }))
    .sort((a, b) => Number(Boolean(a.cause)) - Number(Boolean(b.cause)) || weight(b.one) - weight(a.one))
    .map(({ one, cause }) => (cause ? { ...one, explainedBy: `${cause.resource} of ${cause.of}` } : one));
  const free = weighed.filter(({ isAtKnee, explainedBy }) => isAtKnee && explainedBy === undefined);
  const slow = as('service', isSlower ? [unmeasuredOf(archive, worse, growth, short)] : []);
  const atKnee = as('resource', isSlower ? free : []);
  // A resource that explains little of it stands behind a service that explains most.
  const path = (slow[0]?.share ?? 0) > 2 * (atKnee[0]?.share ?? 0) ? [...slow, ...atKnee] : [...atKnee, ...slow];
  const ordered = [
    ...as('restart', [exhaustedOf(archive, worse)]),
    ...path,
    ...as('errors', isFailing ? [failingOf(archive, worse)] : []),
    ...as('silent', short.filter((one) => one.isAtKnee && isSilent(one)).sort(byCrossing)),
    ...as('near', isSlower ? weighed.filter((one) => !one.isAtKnee && one.explainedBy === undefined) : []),
    ...as('resource', isSlower ? weighed.filter((one) => one.isAtKnee && one.explainedBy !== undefined) : []),
  ];
  const key = ({ resource, of }: Candidate) => `${resource} of ${of}`;
  return ordered.filter((one, index) => ordered.findIndex((other) => key(other) === key(one)) === index);
}

const byCrossing = (a: Candidate, b: Candidate) => (a.crossedAt ?? 0) - (b.crossedAt ?? 0);

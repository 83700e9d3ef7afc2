import type { Attribution, Degradation, Evidence } from './attribution.ts';
import type { Ranked } from './rank.ts';
import * as least from './thresholds.ts';

export interface Certainty {
  /** Null: too much is missing to name it. */
  readonly confidence: Attribution['confidence'];
  readonly evidence: readonly Evidence[];
}

interface Criterion {
  readonly met: boolean;
  readonly evidence: Evidence;
}

/** How sure the first candidate is, by criteria that are each met or not. */
export function certaintyOf(first: Ranked, ranked: readonly Ranked[], degradation: Degradation): Certainty {
  const criteria = [
    explanation(first),
    order(first),
    duration(first, degradation),
    margin(first, ranked),
    baseline(first, degradation),
    shortage(first),
  ].filter((criterion) => criterion !== undefined);
  const missing = criteria.filter(({ met }) => !met).length;
  const evidence = criteria.map((criterion) => criterion.evidence);
  const weak = first.kind === 'near';
  const enough = weak ? least.certain.share : first.kind === 'resource' ? least.certain.least : 0;
  if ((first.share ?? 0) < enough) return { confidence: null, evidence };
  const confidence =
    missing <= least.mostMissing.high ? 'high' : missing <= least.mostMissing.medium ? 'medium' : 'low';
  if (missing > least.mostMissing.low) return { confidence: null, evidence };
  return { confidence: weak ? 'low' : confidence, evidence };
}

/** Of what is on the way of a request, most of what it takes longer; of what is not, there is nothing to explain. */
function explanation({ share, kind }: Ranked): Criterion {
  if (share === null || kind === 'silent' || kind === 'restart')
    return { met: kind === 'silent' || kind === 'restart', evidence: { key: 'off-path', values: {} } };
  const met = share >= least.certain.share;
  if (kind === 'errors') return { met, evidence: { key: 'explains-errors', values: { share } } };
  return { met, evidence: { key: met ? 'explains' : 'explains-little', values: { share } } };
}

function order({ lead, kind }: Ranked): Criterion {
  const met = lead !== null && lead >= -least.lateness;
  return { met, evidence: { key: met ? 'first' : 'late', values: lead === null ? { kind } : { kind, seconds: lead } } };
}

/** A process that is started anew is at its knee for as long as it takes to end. */
function duration({ timeAtKnee, kind }: Ranked, { began, until }: Degradation): Criterion | undefined {
  if (kind === 'restart') return undefined;
  const share = timeAtKnee / Math.max(until - began, 1);
  const met = share >= least.certain.timeAtKnee;
  return { met, evidence: { key: met ? 'held' : 'held-briefly', values: { seconds: timeAtKnee } } };
}

/** Whether nothing else that stands for itself explains half as much; of what has no share, there is no half. */
function margin(first: Ranked, ranked: readonly Ranked[]): Criterion | undefined {
  const { share } = first;
  if (share === null) return undefined;
  const rival = ranked.find(
    (other) =>
      other !== first &&
      other.kind === first.kind &&
      other.explainedBy === undefined &&
      least.certain.margin * (other.share ?? 0) >= share,
  );
  return rival
    ? { met: false, evidence: { key: 'rival', values: { resource: rival.resource, of: rival.of } } }
    : undefined;
}

const baseline = (_: Ranked, { baseline: { method } }: Degradation): Criterion | undefined =>
  method === 'before' ? undefined : { met: false, evidence: { key: 'no-baseline', values: { method } } };

function shortage({ kind, peak }: Ranked): Criterion | undefined {
  const values = { peak: peak ?? 0 };
  if (kind === 'near') return { met: false, evidence: { key: 'near-knee', values } };
  if (kind === 'service') return { met: true, evidence: { key: 'no-resource', values: {} } };
  if (kind === 'errors') return { met: true, evidence: { key: 'errors-begin-here', values } };
  if (kind === 'restart') return { met: true, evidence: { key: 'restarted', values } };
  return undefined;
}

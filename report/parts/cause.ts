import type { RunArchive } from '../../archive/archive.ts';
import type { Attribution } from '../attribution/attribution.ts';
import { uslConclusion } from '../attribution/conclusion.ts';
import type { Report } from '../schema.ts';
import type { Language } from '../texts/texts.ts';
import { fitUsl, uslPointsOf } from '../usl.ts';
import { throughputAt } from '../usl-law.ts';

/** Rows that are still looked at. */
const mostCandidates = 10;
const mostPoints = 300;

/** What held the run up, in times since its start. */
export function causeOf({ run }: RunArchive, attribution: Attribution): Report['cause'] {
  const since = (time: number | null) => (time === null ? null : time - run.start);
  const { outcome, confidence, degradation, candidates, followed, growth } = attribution;
  return {
    outcome,
    confidence,
    degradation: degradation && {
      began: degradation.began - run.start,
      until: degradation.until - run.start,
      signs: degradation.signs.map(({ key, at, before, worst, of, resource }) => ({
        ...{ sign: key, at: at - run.start, before, worst },
        of: of ?? '',
        resource: resource ?? null,
      })),
    },
    candidates: candidates.slice(0, mostCandidates).map((one) => ({
      ...{ resource: one.resource, of: one.of, stage: one.stage, crossedAt: since(one.crossedAt), lead: one.lead },
      ...{ peak: one.peak, timeAtKnee: one.timeAtKnee, share: one.share, explainedBy: one.explainedBy ?? null },
    })),
    followed: followed.slice(0, mostCandidates).map(({ resource, of, after }) => ({ resource, of, after })),
    growth: growth.map(({ service, stage, before, after, share }) => ({ service, stage, before, after, share })),
  };
}

/** The Universal Scalability Law through what was measured, as a second view of what limits the run. */
export function scalabilityOf(archive: RunArchive, language: Language): Report['scalability'] {
  const points = uslPointsOf(archive);
  const fit = fitUsl(points);
  const measured = points
    .slice(0, mostPoints)
    .map(({ concurrency, throughput }): [number, number] => [concurrency, throughput]);
  const conclusion = uslConclusion(fit, language);
  if ('refused' in fit) return { conclusion, refused: { ...fit }, fit: null, points: measured, curve: [] };
  const { lambda, sigma, kappa, rSquared, peak, knee, most } = fit;
  const law = { lambda: lambda.value, sigma: sigma.value, kappa: kappa.value };
  const curve = Array.from({ length: 50 }, (_, index): [number, number] => {
    const users = (most * (index + 1)) / 50;
    return [users, throughputAt(law, users)];
  });
  return { conclusion, refused: null, fit: { lambda, sigma, kappa, rSquared, peak, knee }, points: measured, curve };
}

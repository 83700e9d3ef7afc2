import type { RunArchive } from '../../archive/archive.ts';
import type { Attribution, Candidate, Evidence, Followed } from './attribution.ts';
import { type Short, shortOf } from './candidates.ts';
import { type Certainty, certaintyOf } from './certainty.ts';
import { degradationOf } from './degradation.ts';
import { type Growth, growthOf } from './growth.ts';
import { holders } from './holders.ts';
import { type Ranked, rank } from './rank.ts';
import { figureOf, loaded, stretches, timeOf, valuesOf } from './series.ts';
import * as least from './thresholds.ts';

/** Names what held a run up, by all that its archive has of it. */
export function attribute(archive: RunArchive): Attribution {
  const worse = degradationOf(archive);
  const doubts = doubtsAbout(archive, worse?.began);
  const { start } = archive.run;
  const nothing = { start, confidence: null, degradation: null, candidates: [], followed: [], growth: [] };
  if (!worse) {
    if (doubts.length) return { ...nothing, outcome: 'invalid', evidence: doubts };
    if (valuesOf(archive, 'requests').some((value) => value !== null))
      return { ...nothing, outcome: 'none', evidence: budgetsLeft(archive) };
    return { ...nothing, outcome: 'undetermined', evidence: [{ key: 'no-data', values: {} }] };
  }
  const { range: _, ...degradation } = worse;
  const growth = growthOf(archive, worse.range, worse.baseline);
  const short = shortOf(archive, worse, growth);
  const ranked = rank(archive, worse, growth, short);
  const [first] = ranked;
  const certainty = first && certaintyOf(first, ranked, degradation);
  const evidence = certainty?.evidence ?? [withoutCandidate(archive, growth)];
  return {
    ...verdictOn(doubts, certainty),
    start,
    degradation,
    candidates: ranked.map(plain),
    followed: first ? followers(first, short) : [],
    growth: growth.stages.filter(({ share }) => share >= least.stageGrown.share),
    evidence: [...doubts, ...evidence],
  };
}

const verdictOn = (doubts: readonly Evidence[], certainty?: Certainty): Pick<Attribution, 'outcome' | 'confidence'> =>
  doubts.length
    ? { outcome: 'invalid', confidence: null }
    : certainty?.confidence
      ? { outcome: 'named', confidence: certainty.confidence }
      : { outcome: 'undetermined', confidence: null };

/** What was left without getting worse, such as a throughput that was too low from the start. */
function budgetsLeft({ verdict }: RunArchive): Evidence[] {
  const broken = (verdict?.budgets ?? []).filter(({ state }) => state === 'broken');
  const names = new Set(broken.map(({ budget, job }) => `${budget} by ${job}`));
  return names.size ? [{ key: 'budgets-left', values: { budgets: [...names].join(', ') } }] : [];
}

/** What nobody measures cannot be ruled out. */
const withoutCandidate = (archive: RunArchive, { isMeasured }: Growth): Evidence => ({
  key:
    isMeasured || holders(archive).length || figureOf(archive, 'server_errors').length
      ? 'no-candidate'
      : 'not-measured',
  values: {},
});

/** Why a run says nothing of the services. A generator that is held up by slow answers is no reason by itself. */
function doubtsAbout(archive: RunArchive, began = Number.POSITIVE_INFINITY): Evidence[] {
  const { verdict, run } = archive;
  if (verdict?.verdict === 'invalid')
    return verdict.reasons.map((reason) => ({ key: 'verdict-invalid', values: { reason } }));
  const generators = figureOf(archive, 'pressure').filter(({ labels }) => labels.testid === run.testid);
  return generators.flatMap(({ values }): Evidence[] => {
    const [first] = stretches(archive, loaded(archive), (index) => (values[index] ?? 0) >= least.generatorSaturated);
    const at = first && timeOf(archive, first.from);
    return at === undefined || at > began ? [] : [{ key: 'generator-saturated', values: { at } }];
  });
}

const plain = ({
  resource,
  of,
  stage,
  depth,
  crossedAt,
  lead,
  peak,
  timeAtKnee,
  share,
  facets,
  explainedBy,
}: Ranked) => ({
  ...{ resource, of, stage, depth, crossedAt, lead, peak, timeAtKnee, share, facets },
  ...(explainedBy === undefined ? {} : { explainedBy }),
});

/** What came to its knee later, the first of them first. */
const followers = (first: Candidate, short: readonly Short[]): Followed[] =>
  short
    .filter((one) => one.isAtKnee && (one.resource !== first.resource || one.of !== first.of))
    .flatMap(({ resource, of, crossedAt }) =>
      crossedAt !== null && first.crossedAt !== null && crossedAt >= first.crossedAt
        ? [{ resource, of, crossedAt, after: crossedAt - first.crossedAt }]
        : [],
    )
    .sort((a, b) => a.after - b.after);

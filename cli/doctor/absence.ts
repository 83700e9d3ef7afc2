import { type Catalogue, catalogueOf, seriesOf } from '../../contract/catalogue.ts';
import { type RuleFile, rulesOf } from '../../contract/rules.ts';
import { isOfJob } from '../../contract/selector.ts';
import { nearest } from '../../contract/words.ts';
import type { Target } from '../../model/target.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';
import { isThere, matcherText, type Selector, valuesOf } from './selector.ts';
import { troubleOf } from './trouble.ts';

/** What is known of metrics without asking. */
export interface Known {
  readonly targets: readonly Target[];
  readonly catalogue: Catalogue;
  /** Names of series that rules make. */
  readonly recorded: ReadonlySet<string>;
  /** Names of metrics that have no series until what they count happens for the first time, or until they are known. */
  readonly sparse: ReadonlySet<string>;
}

export const knownOf = (targets: readonly Target[], rules: RuleFile): Known => ({
  targets,
  catalogue: catalogueOf(targets),
  recorded: new Set(rulesOf(rules).flatMap(({ rule }) => rule.record ?? [])),
  sparse: new Set(
    targets.flatMap(({ metrics }) =>
      Object.values(metrics).flatMap((metric) =>
        metric.sparse || metric.late ? seriesOf(metric).map(([name]) => name) : [],
      ),
    ),
  ),
});

/** How many values of a label are told. */
const fewValues = 5;

/** Why a selector finds no series. */
export async function absence(selector: Selector, known: Known, evidence: Evidence): Promise<Reason> {
  const { metric, matchers } = selector;
  // Prometheus itself makes these, while there is an alert.
  if (metric === 'ALERTS' || metric === 'ALERTS_FOR_STATE') return reason('not_yet', 'no alert is pending or firing');

  const jobs = (known.catalogue.get(metric) ?? []).flatMap(({ job }) => job ?? []);
  const sources = known.targets.filter(({ name }) => jobs.includes(name) && isOfJob(matchers, name));
  const troubles = await Promise.all(sources.map((target) => troubleOf(target, selector, known.targets, evidence)));
  const [trouble] = troubles;
  // Of several targets that have a metric of this name, one that is well would have it.
  if (trouble && troubles.every(Boolean)) return trouble;

  if (known.sparse.has(metric)) return reason('not_yet', `${metric} has no series before the first`);
  if (await isThere({ ...selector, matchers: [] }, evidence)) return mismatch(selector, evidence);
  if (known.recorded.has(metric)) return reason('not_recorded', metric);
  const { result: names } = await evidence.labels({ label: '__name__' });
  if (!names.includes(metric)) return reason('metric_absent', `${metric}${nearest(metric, names)}`);
  // What is measured of a load test ends with it.
  if (sources.some(({ scrape }) => !scrape || scrape.comesAndGoes)) return reason('no_run', '');
  return reason('metric_absent', `${metric} was there earlier, and is no more`);
}

/** The first matcher that leaves nothing of what those before it let through. */
async function mismatch(selector: Selector, evidence: Evidence): Promise<Reason> {
  const { metric, matchers } = selector;
  for (const [index, matcher] of matchers.entries()) {
    if (await isThere({ ...selector, matchers: matchers.slice(0, index + 1) }, evidence)) continue;
    const values = await valuesOf(matcher.label, { ...selector, matchers: matchers.slice(0, index) }, evidence);
    return reason(
      matcher.operator.startsWith('!') ? 'all_excluded' : 'label_mismatch',
      `${metric} has nothing with ${matcherText(matcher)}; ${shown(matcher.label, values)}`,
    );
  }
  return reason('unknown', `${metric} is there when it is asked for again`);
}

function shown(label: string, values: readonly string[]): string {
  const set = values.filter(Boolean);
  if (set.length === 0) return `no series of it has the label ${label}`;
  const first = set.slice(0, fewValues).map((value) => JSON.stringify(value));
  const more = set.length - first.length;
  return `its ${label} is ${first.join(', ')}${more ? ` or one of ${more} more` : ''}`;
}

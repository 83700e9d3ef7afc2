import type { Target } from '../model/target.ts';
import { seriesOf } from './catalogue.ts';
import { type Dashboard, expressionsOf } from './dashboard.ts';
import type { Expression } from './expression.ts';
import { interpolate } from './interpolate.ts';
import { parse } from './parse.ts';
import { type RuleFile, rulesOf } from './rules.ts';
import { isOfJob, matchersOf, metricOf, selectorsIn } from './selector.ts';

type Query = Pick<Expression, 'text' | 'variables'>;

/** What asks Prometheus for series. */
export interface Readers {
  readonly dashboards: readonly Dashboard[];
  readonly rules: RuleFile;
  /** What is asked of runs. */
  readonly questions?: readonly Query[];
  /** PromQL that is asked elsewhere. */
  readonly queries?: readonly string[];
}

/**
 * The names of the series that are read from each target: of a histogram the parts that are asked for, and of
 * metrics that go by the same name in several targets those that the matchers of `job` leave in.
 */
export function readsOf(targets: readonly Target[], readers: Readers): ReadonlyMap<string, ReadonlySet<string>> {
  const reads = new Map(targets.map(({ name }) => [name, new Set<string>()]));
  const exposed = exposedBy(targets);
  const queries: Query[] = [
    ...readers.dashboards.flatMap(expressionsOf),
    ...rulesOf(readers.rules).map(({ expression }) => expression),
    ...(readers.questions ?? []),
    ...[...targets.flatMap(({ health }) => health ?? []), ...(readers.queries ?? [])].map((text) => ({
      text,
      variables: new Map(),
    })),
  ];
  // Most stand on several dashboards.
  // What nobody declares is made by a rule or by Prometheus itself.
  for (const query of new Map(queries.map((one) => [one.text, one])).values())
    for (const { name, isOf } of selected(query))
      for (const job of exposed.get(name) ?? []) if (isOf(job)) reads.get(job)?.add(name);
  return reads;
}

/** The targets of each series that is declared. */
function exposedBy(targets: readonly Target[]): ReadonlyMap<string, readonly string[]> {
  const jobs = new Map<string, string[]>();
  for (const { name: job, metrics } of targets)
    for (const [name] of Object.values(metrics).flatMap(seriesOf)) jobs.set(name, [...(jobs.get(name) ?? []), job]);
  return jobs;
}

/** The selectors of a query: the name that each asks for, and whether it asks a job for it. */
function selected({ text, variables }: Query): { name: string; isOf: (job: string) => boolean }[] {
  const sent = interpolate(text, variables);
  const texts = {
    sent: ({ from, to }: { from: number; to: number }) => sent.slice(from, to),
    written: ({ from, to }: { from: number; to: number }) => text.slice(from, to),
  };
  // What does not parse is refused elsewhere, with a word on what is wrong with it.
  const { expression } = parse(sent, text);
  return (expression ? selectorsIn(expression) : []).flatMap((selector) => {
    const name = metricOf(selector, texts);
    const matchers = matchersOf(selector, texts);
    return name === undefined ? [] : [{ name, isOf: (job: string) => isOfJob(matchers, job) }];
  });
}

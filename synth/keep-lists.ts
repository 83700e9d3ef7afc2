import { readsOf } from '../contract/reads.ts';
import { dashboards } from '../dashboards/index.ts';
import { faults } from '../demo/faults.ts';
import type { Config } from '../model/config.ts';
import type { Relabel, Target } from '../model/target.ts';
import { ruleFile } from '../rules/index.ts';
import { askedOfRuns } from './asked-of-runs.ts';

/** The names of the series that the stack reads from each target. */
export const readsOfStack = (config: Config, targets: readonly Target[]): ReadonlyMap<string, ReadonlySet<string>> =>
  readsOf(targets, {
    dashboards: dashboards(config, targets).map((dashboard) => JSON.parse(JSON.stringify(dashboard))),
    rules: ruleFile(config, targets),
    questions: askedOfRuns(config, targets),
    // What a fault of the demo is known by, whether a panel shows it or not.
    queries: config.demo ? faults.map(({ evidence }) => evidence.query) : [],
  });

/** The targets with a last step of relabeling that lets through what is read of them, and what the config adds. */
export function withKeepLists(config: Config, targets: readonly Target[]): Target[] {
  if (config.metrics.store === 'all') return [...targets];
  const reads = readsOfStack(config, targets);
  return targets.map((target): Target => {
    const { name, scrape } = target;
    // What is pushed passes no relabeling.
    if (!scrape) return target;
    const keep = keepList([...(reads.get(name) ?? [])].sort(), config.metrics.alsoKeep);
    return { ...target, scrape: { ...scrape, metricRelabel: [...(scrape.metricRelabel ?? []), keep] } };
  });
}

/**
 * One step, after those that the target has: names are declared as they are after relabeling. In front it would
 * spare the others their work, but only once for each series, since Prometheus remembers what became of it.
 */
function keepList(names: readonly string[], patterns: readonly string[]): Relabel {
  const source_labels = ['__name__'];
  // In parentheses, so that the flags of one say nothing about the next.
  const alternatives = [...names, ...patterns.map((pattern) => `(?:${pattern})`)];
  // An empty expression would say it, too, were it not left out on its way through the operator's resources: and
  // without one, a step keeps everything.
  if (alternatives.length === 0) return { source_labels, regex: '.+', action: 'drop' };
  return { source_labels, regex: alternatives.join('|'), action: 'keep' };
}

import { seriesOf } from '../contract/catalogue.ts';
import { type Dashboard, expressionsOf } from '../contract/dashboard.ts';
import type { Expression } from '../contract/expression.ts';
import { type RuleFile, rulesOf } from '../contract/rules.ts';
import { re2 } from '../model/re2.ts';
import type { Relabel, Target } from '../model/target.ts';
import type { WrittenJob } from './written-jobs.ts';

/** What Prometheus is told, as it is written. */
interface Written {
  readonly jobs: readonly WrittenJob[];
  readonly dashboards: readonly Dashboard[];
  readonly rules: RuleFile;
  readonly questions: readonly Expression[];
}

/**
 * Metrics that are scraped, read, and dropped in between, which would leave a panel empty or an alert silent.
 * Keep lists are made from the parsed queries of the targets; so this looks at their text, and at what is written.
 *
 * @returns one line for each: the scrape job, the metric, who reads it
 */
export function droppedReads(targets: readonly Target[], { jobs, dashboards, rules, questions }: Written): string[] {
  const expressions = [
    ...dashboards.flatMap(expressionsOf),
    ...rulesOf(rules).map(({ expression }) => expression),
    ...questions,
  ];
  return targets.flatMap(({ name: job, metrics, scrape }) => {
    if (!scrape) return [];
    const written = jobs.filter((one) => one.job === job);
    if (written.length === 0) return [`no scrape job "${job}" is written, so that nothing of its target is stored`];
    return Object.values(metrics)
      .flatMap(seriesOf)
      .filter(([name]) => !written.every(({ metricRelabel }) => passes(name, metricRelabel)))
      .flatMap(([name]) => {
        const reader = expressions.find(({ text }) => asks(text, name, job));
        if (!reader) return [];
        return [`scrape job "${job}" drops ${name}, which is read by ${reader.where}. Query: ${reader.text}`];
      });
  });
}

/** Whether a name comes through the steps that look at nothing else. */
const passes = (name: string, steps: readonly Relabel[]): boolean =>
  steps.every(({ source_labels = [], regex = '(.*)', action }) => {
    if (source_labels.join() !== '__name__') return true;
    const matches = re2(regex)?.test(name) ?? false;
    return action === 'keep' ? matches : action === 'drop' ? !matches : true;
  });

/** Whether a text asks a job for a metric; a matcher with a variable may mean any. */
export function asks(text: string, name: string, job: string): boolean {
  const braces = /\s*\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^}"'`])*)\}/.source;
  const selectors = text.matchAll(new RegExp(`(?<![\\w:$])${name}(?![\\w:])(?:${braces})?`, 'g'));
  return [...selectors].some(([, matchers = '']) =>
    [...matchers.matchAll(/(?<!\w)job\s*(=~|!~|!=|=)\s*(["'`])(.*?)\2/g)].every(([, operator = '', , value = '']) => {
      if (value.includes('$')) return true;
      const equal = operator.endsWith('~') ? re2(value)?.test(job) : value === job;
      return operator.startsWith('!') ? !equal : equal;
    }),
  );
}

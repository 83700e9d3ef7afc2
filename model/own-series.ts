import type { Metric } from './metric.ts';
import { endpointsOf, ofEachScrape, type Target } from './target.ts';

/** Label of the stack's alerts in a Prometheus that has others: the namespace of the stack. */
export const stackLabel = 'stack';

const seriesOf = ({ kind, name }: Metric): string[] =>
  kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => `${name}${part}`) : [name];

/** A matcher for one of some values, which are names and hold no character that a regular expression knows. */
const oneOf = (label: string, values: readonly string[]) =>
  values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join('|')}"`;

/**
 * Narrows queries to the stack's own series, for a Prometheus that has more: one that monitors its cluster reads the
 * same kubelets and the same kube-state-metrics, and gives their series a `service` with another meaning.
 *
 * @returns the query with the job, and the instance where it is known beforehand, in every selector
 */
export function ownSeries(targets: readonly Target[], namespace: string): (query: string) => string {
  const jobs = new Map<string, string[]>();
  const add = (name: string, job: string) => jobs.set(name, [...(jobs.get(name) ?? []), job]);
  for (const { name: job, metrics, scrape } of targets) {
    for (const name of Object.values(metrics).flatMap(seriesOf)) add(name, job);
    if (scrape) for (const name of ofEachScrape) add(name, job);
  }
  const matchers = new Map([...jobs].map(([name, of]) => [name, matchersOf(of, targets)]));
  matchers.set('ALERTS', `${stackLabel}="${namespace}"`);

  return (query) =>
    query.replaceAll(words, (word, name?: string, braces = '') => {
      const own = name && matchers.get(name);
      // A job that is named already is one of the stack, too.
      return own && !/[{,]\s*job\s*=/.test(braces) ? `${name}{${own}${braces ? `,${braces.slice(1)}` : '}'}` : word;
    });
}

/** Text in quotes, which may look like the name of a metric; and names of metrics, with what stands in braces behind. */
const words =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?<![\w:$])([A-Za-z_:][\w:]*)(\{(?:[^"'`}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)*\})?/g;

/** With a name of its own for each, a job that somebody else calls the same is told by its instances. */
function matchersOf(jobs: readonly string[], targets: readonly Target[]): string {
  const [target] = targets.filter(({ name }) => jobs.length === 1 && name === jobs[0]);
  const instances = target ? endpointsOf(target).map(({ instance }) => instance) : [];
  return [oneOf('job', jobs), ...(instances.length ? [oneOf('instance', instances)] : [])].join(',');
}

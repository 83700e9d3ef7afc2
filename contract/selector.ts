import type { SyntaxNode } from '@lezer/common';
import { re2 } from '../model/re2.ts';
import type { Catalogue, Series } from './catalogue.ts';
import type { Context } from './expression.ts';
import { mentioned } from './interpolate.ts';
import { unquote } from './text.ts';
import { hasLabel, unknown, type Vector } from './vector.ts';
import { missingLabel, nearest } from './words.ts';

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  /** As it is written. */
  readonly literal: string;
  readonly value: string;
}

/** The name of the metric that a selector asks for, which the contract wants in front of the braces. */
export const metricOf = (selector: SyntaxNode, { sent }: Pick<Context, 'sent'>): string | undefined => {
  const name = selector.getChild('Identifier');
  return name ? sent(name) : undefined;
};

/** The selectors below a node, without those below what is passed over. */
export function selectorsIn(node: SyntaxNode, passOver: (node: SyntaxNode) => boolean = () => false): SyntaxNode[] {
  if (passOver(node)) return [];
  if (node.name === 'VectorSelector') return [node];
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(...selectorsIn(child, passOver));
  return found;
}

/** `name{label="value"}`: is there such a metric, from that target, with those labels? */
export function selector(node: SyntaxNode, context: Context): Vector {
  const name = metricOf(node, context);
  const matchers = matchersOf(node, context);
  if (name === undefined) {
    context.mistake('a selector begins with the name of its metric');
    return unknown;
  }
  const known = context.catalogue.get(name);
  if (!known) {
    context.mistake(noMetric(name, context.catalogue));
    return unknown;
  }
  const jobs = jobMatchers(matchers);
  const found = known.filter(({ job }) => job === undefined || isOfJob(matchers, job));
  if (found.length === 0)
    context.mistake(
      `${name} is not from ${jobs.map(({ operator, literal }) => `job${operator}${literal}`).join(',')}; did you mean job=${known.map(({ job }) => `"${job}"`).join(' or ')}?`,
    );
  const vector = union(found.length ? found : known);
  for (const matcher of matchers) checkMatcher(matcher, name, vector, context);
  // Of one bucket, the smaller ones are no matter.
  const pinned = matchers.some(({ label, operator }) => label === 'le' && operator === '=');
  return pinned ? { ...vector, buckets: false } : vector;
}

/** The matchers between the braces of a selector. */
export function matchersOf(node: SyntaxNode, { sent, written }: Pick<Context, 'sent' | 'written'>): Matcher[] {
  const braces = node.getChild('LabelMatchers');
  const found = [
    ...(braces?.getChildren('UnquotedLabelMatcher') ?? []),
    ...(braces?.getChildren('QuotedLabelMatcher') ?? []),
  ];
  return found.map((matcher) => {
    const label = matcher.getChild('LabelName');
    const quoted = matcher.getChild('QuotedLabelName');
    const operator = matcher.getChild('MatchOp');
    const literal = matcher.getChild('StringLiteral');
    return {
      label: label ? sent(label) : quoted ? sent(quoted).slice(1, -1) : '',
      operator: operator ? sent(operator) : '',
      literal: literal ? written(literal) : '',
      value: literal ? (unquote(sent(literal)) ?? '') : '',
    };
  });
}

function checkMatcher(
  { label, operator, literal, value }: Matcher,
  name: string,
  vector: Vector,
  context: Context,
): void {
  if (!hasLabel(vector, label)) context.mistake(missingLabel(name, label, vector));
  if (operator.includes('~') && !re2(value))
    context.mistake(`${label}${operator}${literal} is not a regular expression that Prometheus takes`);
  const several = mentioned(literal).find((variable) => context.variables.get(variable)?.several);
  if (several && !operator.includes('~'))
    context.mistake(
      `${label}${operator}${literal} finds nothing when several values of $${several} are chosen; use =~`,
    );
}

/** What a variable stands for is chosen later, so that it may be any job. */
const jobMatchers = (matchers: readonly Matcher[]) =>
  matchers.filter(({ label, literal }) => label === 'job' && mentioned(literal).length === 0);

/** Whether matchers leave the series of a job in. */
export const isOfJob = (matchers: readonly Matcher[], job: string): boolean =>
  jobMatchers(matchers).every((matcher) => matches(matcher, job));

/** Whether a matcher leaves the series in that have a value for its label. */
export function matches({ operator, value }: Matcher, text: string): boolean {
  const equal = operator.includes('~') ? re2(value)?.test(text) : text === value;
  return operator.startsWith('!') ? !equal : Boolean(equal);
}

const union = (series: readonly Series[]): Vector => ({
  ...(series[0] ?? unknown),
  labels: series.every(({ labels }) => labels) ? new Set(series.flatMap(({ labels = [] }) => [...labels])) : undefined,
});

function noMetric(name: string, catalogue: Catalogue): string {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  if (catalogue.get(base)?.[0]?.sample === 'histogram')
    return `no metric "${name}": ${base} is a native histogram, which is one series without _bucket, _sum and _count`;
  if (catalogue.has(`${name}_bucket`))
    return `no metric "${name}": it is a classic histogram, whose series are ${name}_bucket, ${name}_sum and ${name}_count`;
  return `no metric "${name}"${nearest(name, catalogue.keys())}`;
}

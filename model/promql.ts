import type { Metric } from './metric.ts';

/**
 * PromQL from metric declarations. The kinds are types: the rate of a gauge and a label that a metric does
 * not have do not compile. Grafana's variables may stand where its interpolation allows them.
 */

/** How long a rate looks back: four scrapes at least, as Grafana works it out for a panel. */
const panelWindow = '$__rate_interval';

/** How long the rates of rules look back, who know no panel: a minute, or four scrapes where that is longer. */
export const ruleWindow = ({ scrapeInterval }: { readonly scrapeInterval: string }): string =>
  `${Math.max(60, 4 * Number.parseInt(scrapeInterval, 10))}s`;

type Matcher = `${'=' | '!=' | '=~' | '!~'}${string}`;
export type Matchers<Label extends string> = { readonly [K in Label]?: Matcher };

const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The instant vector of a metric: `name{label="value"}`. */
export function select<Label extends string>(
  metric: Metric<'counter' | 'gauge' | 'nativeHistogram', Label>,
  matchers: Matchers<NoInfer<Label>> = {},
): string {
  return selector(metric.name, matchers);
}

/** The same of a name, such as that of what a rule records. */
export function selector(name: string, matchers: Matchers<string> = {}): string {
  const parts = Object.entries(matchers).map(([label, matcher = '=']) => {
    const [, operator, value] = /^(=~|!~|!=|=)(.*)$/s.exec(matcher) ?? [];
    return `${label}${operator}${quoted(value ?? '')}`;
  });
  return parts.length ? `${name}{${parts.join(',')}}` : name;
}

/** The per-second rate of a counter or native histogram. */
export const rate = <Label extends string>(
  metric: Metric<'counter' | 'nativeHistogram', Label>,
  matchers: Matchers<NoInfer<Label>> = {},
  window: string = panelWindow,
): string => `rate(${select(metric, matchers)}[${window}])`;

/** How much a counter or native histogram grew. */
export const increase = <Label extends string>(
  metric: Metric<'counter' | 'nativeHistogram', Label>,
  matchers: Matchers<NoInfer<Label>> = {},
  window: string = panelWindow,
): string => `increase(${select(metric, matchers)}[${window}])`;

/**
 * The last of a metric in the time that the dashboard shows. Of a counter or histogram that starts at 0 with a run, it
 * is the whole run, down to those that are over before a rate has its two samples.
 */
export const last = <Label extends string>(
  metric: Metric<'counter' | 'gauge' | 'nativeHistogram', Label>,
  matchers: Matchers<NoInfer<Label>> = {},
  range = '$__range',
): string => `last_over_time(${select(metric, matchers)}[${range}])`;

const aggregate =
  (operator: string) =>
  (expression: string, ...by: string[]) =>
    by.length ? `${operator} by (${by.join(', ')}) (${expression})` : `${operator}(${expression})`;

export const sum = aggregate('sum');
export const max = aggregate('max');
export const min = aggregate('min');
export const count = aggregate('count');
export const group = aggregate('group');

/** The series with the largest values. */
export const topk = (n: number, expression: string): string => `topk(${n}, ${expression})`;

/** A quantile of native histograms, from 0 to 1. */
export const quantile = (q: number, histogram: string): string => `histogram_quantile(${q}, ${histogram})`;

/** A quotient that is absent, not NaN or +Inf, where the divisor is zero. */
export const ratio = (dividend: string, divisor: string): string => `${dividend} / (${divisor} > 0)`;

/** Grafana's question for the values of a label, to choose from. */
export const labelValues = <Label extends string>(
  metric: Metric<'counter' | 'gauge' | 'nativeHistogram', Label>,
  label: NoInfer<Label>,
  matchers: Matchers<NoInfer<Label>> = {},
): string => `label_values(${select(metric, matchers)}, ${label})`;

/** An aggregate over everything, or 0 where it has no series yet: failures before the first failure. */
export const orZero = (expression: string): string => `(${expression} or vector(0))`;

import type { SyntaxNode } from '@lezer/common';
import { re2 } from '../model/re2.ts';
import type { Context } from './expression.ts';
import { unquote } from './text.ts';
import { hasLabel, unknown, type Vector } from './vector.ts';
import { missingLabel, nearest } from './words.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** How much a counter grows. */
const growth = words('rate irate increase resets');
/** How a gauge moves. */
const movement = words('delta idelta deriv predict_linear');
/** Which samples there are, whatever their values. */
const presence = words('absent absent_over_time present_over_time count_over_time changes timestamp');
const adding = words('avg_over_time sum_over_time');
const ofHistograms = words(
  'histogram_count histogram_sum histogram_avg histogram_fraction histogram_stddev histogram_stdvar',
);
/** A number for a number. */
const ofNumbers = [
  ...words('abs ceil clamp clamp_max clamp_min exp floor ln log10 log2 round sgn sort sort_desc sqrt'),
  ...words('acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh'),
  ...words('day_of_month day_of_week day_of_year days_in_month hour minute month year'),
  ...words('max_over_time min_over_time stddev_over_time stdvar_over_time'),
];
/** A number without labels, whatever they are given. */
const scalars = words('scalar time pi');
const others = words('last_over_time quantile_over_time histogram_quantile label_replace label_join vector');

const allowed = [growth, movement, presence, adding, ofHistograms, ofNumbers, scalars, others].flatMap((names) => [
  ...names,
]);

/** A function: may it be asked of this kind of metric, and what does it give? */
export function call(node: SyntaxNode, context: Context): Vector | undefined {
  const identifier = node.getChild('FunctionIdentifier');
  const name = identifier ? context.sent(identifier) : '';
  const operands = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
  if (!allowed.includes(name)) {
    context.mistake(`${name} is an experimental function, which Prometheus refuses${nearest(name, allowed)}`);
    return unknown;
  }
  // These take counters as they were scraped; all others read values.
  const takesRaw = growth.has(name) || movement.has(name) || presence.has(name) || name === 'last_over_time';
  const given = operands.map((operand) => (takesRaw ? context.infer(operand) : context.read(operand)));
  if (scalars.has(name)) return undefined;
  const vector = given.find((value) => value !== undefined);
  // vector(0), or a part of the present time.
  if (!vector) return { labels: new Set(), sample: 'number' };
  return result(name, vector, operands, context);
}

function result(name: string, vector: Vector, operands: readonly SyntaxNode[], context: Context): Vector {
  const { labels, sample, metric = 'it' } = vector;
  const numbers: Vector = { labels, sample: 'number' };
  if (growth.has(name)) {
    if (labels && !vector.cumulative)
      context.mistake(
        `${name} of ${metric}, which is no counter here: only what was counted and not yet made a rate has one; for a gauge take deriv or delta`,
      );
    return { ...vector, cumulative: false, ...(name === 'resets' ? { sample: 'number' } : {}) };
  }
  if (movement.has(name)) {
    if (vector.cumulative)
      context.mistake(`${name} of the counter ${metric}, which starts anew with its process; take rate or increase`);
    return numbers;
  }
  if (presence.has(name)) return numbers;
  if (name === 'last_over_time') return { ...vector, cumulative: false };
  if (adding.has(name)) {
    if (sample === 'percentile')
      context.mistake(`${name} of percentiles is not a percentile; take the quantile of a rate over the longer range`);
    return vector;
  }
  if (name === 'quantile_over_time') return { labels, sample: 'percentile' };
  if (name === 'histogram_quantile') return quantile(vector, context);
  if (ofHistograms.has(name)) {
    if (labels && sample !== 'histogram') context.mistake(`${name} needs a native histogram, and ${metric} is none`);
    return numbers;
  }
  if (name === 'label_replace' || name === 'label_join') return relabeled(name, vector, operands, context);
  if (sample !== 'histogram') return vector;
  context.mistake(`${name} passes over native histograms; take a quantile or histogram_count of them first`);
  return unknown;
}

function quantile(vector: Vector, { mistake }: Context): Vector {
  const { labels, sample, buckets, metric = 'it' } = vector;
  // Where an aggregation has lost the buckets' label, it was told so.
  if (labels && sample !== 'histogram' && !buckets)
    mistake(
      `histogram_quantile needs a histogram, and ${metric} is none: take a native one, or the _bucket series with their le`,
    );
  return { labels: labels && new Set([...labels].filter((label) => label !== 'le')), sample: 'percentile' };
}

/** label_replace(v, target, replacement, source, regex) and label_join(v, target, separator, source…). */
function relabeled(name: string, vector: Vector, operands: readonly SyntaxNode[], context: Context): Vector {
  const [, target = '', replacement, ...rest] = operands.map((operand) => unquote(context.sent(operand)) ?? '');
  const sources = name === 'label_join' ? rest : rest.slice(0, 1);
  for (const source of sources)
    if (source && !hasLabel(vector, source)) context.mistake(missingLabel(`what ${name} is given`, source, vector));
  if (name === 'label_replace' && !re2(rest[1] ?? ''))
    context.mistake(`"${rest[1]}" is not a regular expression that Prometheus takes`);
  const labels = new Set(vector.labels);
  if (name === 'label_replace' && replacement === '') labels.delete(target);
  else labels.add(target);
  return { ...vector, labels: vector.labels && labels };
}

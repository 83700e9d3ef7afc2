import type { SyntaxNode } from '@lezer/common';
import type { Context } from './expression.ts';
import { unquote } from './text.ts';
import { hasLabel, unknown, type Vector } from './vector.ts';
import { missingLabel } from './words.ts';

/** Those that look at which series there are, not at their values. */
const counting = new Set(['count', 'group', 'count_values']);
/** Those that add values up. */
const adding = new Set(['sum', 'avg']);
/** Those that give series as they are, labels and all. */
const choosing = new Set(['topk', 'bottomk']);

/** `sum by (label) (…)` and its like: what is left of the labels, and whether the values can be put together so. */
export function aggregation(node: SyntaxNode, context: Context): Vector | undefined {
  const name = operatorOf(node, context);
  const operands = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
  const operand = operands.at(-1);
  if (!operand) return unknown;
  const vector = (counting.has(name) ? context.infer(operand) : context.read(operand)) ?? unknown;
  const parameter = operands.length > 1 ? operands[0] : undefined;
  if (parameter) context.read(parameter);

  const { by, without } = grouping(node, context);
  const missing = (by ?? without ?? []).filter((label) => !hasLabel(vector, label));
  for (const label of missing) context.mistake(missingLabel(`what ${name} puts together`, label, vector));
  if (!vector.labels || missing.length > 0) return unknown;
  const left = new Set(by ?? (without ? [...vector.labels].filter((label) => !without.includes(label)) : []));

  if (adding.has(name) && vector.sample === 'percentile')
    context.mistake(
      `the ${name} of percentiles is not a percentile; put the histograms together first, as in histogram_quantile(0.95, sum by (…) (rate(…)))`,
    );
  if (!adding.has(name) && !counting.has(name) && vector.sample === 'histogram') {
    context.mistake(`${name} passes over native histograms; take a quantile or histogram_count of them first`);
    return unknown;
  }
  if (vector.buckets && !counting.has(name) && !choosing.has(name) && !left.has('le'))
    context.mistake(
      `${name} without the label "le" counts an observation of ${vector.metric} once in each bucket it fits; keep le in by (…)`,
    );

  if (choosing.has(name)) return vector;
  if (name === 'count_values' && parameter) left.add(unquote(context.sent(parameter)) ?? '');
  if (counting.has(name)) return { labels: left, sample: 'number' };
  return { ...vector, labels: left, ...(name === 'quantile' ? { sample: 'percentile' } : {}) };
}

const operatorOf = (node: SyntaxNode, { sent }: Context) => {
  const operator = node.getChild('AggregateOp');
  return operator ? sent(operator).toLowerCase() : '';
};

function grouping(node: SyntaxNode, context: Context): { by?: string[]; without?: string[] } {
  const modifier = node.getChild('AggregateModifier');
  if (!modifier) return {};
  const labels = labelList(modifier.getChild('GroupingLabels'), context);
  return modifier.getChild('By') ? { by: labels } : { without: labels };
}

/** The labels between parentheses. */
export const labelList = (node: SyntaxNode | null | undefined, { sent }: Context): string[] => [
  ...(node?.getChildren('LabelName') ?? []).map((label) => sent(label)),
  ...(node?.getChildren('QuotedLabelName') ?? []).map((label) => sent(label).slice(1, -1)),
];

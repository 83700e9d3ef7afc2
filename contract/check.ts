import type { SyntaxNode } from '@lezer/common';
import { aggregation } from './aggregation.ts';
import { call } from './call.ts';
import type { Catalogue } from './catalogue.ts';
import { isOrZero } from './division.ts';
import type { Context, Expression } from './expression.ts';
import { interpolate } from './interpolate.ts';
import { operation } from './operation.ts';
import { parse } from './parse.ts';
import { metricOf, selector, selectorsIn } from './selector.ts';
import { hasLabel, type Vector } from './vector.ts';
import { missingLabel } from './words.ts';

/**
 * Holds an expression against what there is to ask for.
 *
 * @returns one line for each mistake, and the series that it gives when there is none
 */
export function check(expression: Expression, catalogue: Catalogue): { mistakes: string[]; result?: Vector } {
  const { where, text, variables } = expression;
  const found = new Set<string>();
  const mistake = (message: string) => {
    found.add(`${where}: ${message}${message.endsWith('?') ? '' : '.'} Query: ${text.replaceAll(/\s+/g, ' ')}`);
  };
  const sent = interpolate(text, variables);
  const { expression: tree, mistakes } = parse(sent, text);
  for (const message of mistakes) mistake(message);
  if (!tree) return { mistakes: [...found] };

  const context: Context = {
    catalogue,
    variables,
    written: ({ from, to }) => text.slice(from, to),
    sent: ({ from, to }) => sent.slice(from, to),
    mistake,
    infer: (node) => infer(node, context),
    read: (node) => {
      const vector = infer(node, context);
      if (!vector?.cumulative) return vector;
      mistake(
        `${vector.metric} counts from the start of its process; take its rate or increase, or last_over_time where the total is meant`,
      );
      return { ...vector, cumulative: false };
    },
  };
  const result = expression.shows === 'series' ? context.infer(tree) : context.read(tree);
  if (result) checkShown(expression, result, mistake);
  if (expression.shows === 'numbers') checkSparse(tree, context);
  return { mistakes: [...found], ...(result && found.size === 0 ? { result } : {}) };
}

function infer(node: SyntaxNode, context: Context): Vector | undefined {
  switch (node.name) {
    case 'VectorSelector':
      return selector(node, context);
    case 'AggregateExpr':
      return aggregation(node, context);
    case 'BinaryExpr':
      return operation(node, context);
    case 'FunctionCall':
      return call(node, context);
    default: {
      // Parentheses, signs, ranges, subqueries and offsets change nothing that is known; a number has nothing inside.
      const inner = node.getChild('Expr');
      return inner ? infer(inner, context) : undefined;
    }
  }
}

/** Whether what comes of an expression can be shown where it stands. */
function checkShown({ shows, labels }: Expression, result: Vector, mistake: (message: string) => void): void {
  for (const label of labels) if (!hasLabel(result, label)) mistake(missingLabel('what it shows', label, result));
  const histogram = result.sample === 'histogram' || (result.labels?.has('le') ?? true);
  if ((shows === 'numbers' || shows === 'condition') && result.sample === 'histogram')
    mistake('gives native histograms, which only a heatmap shows; take a quantile, or histogram_count');
  if (shows === 'histograms' && !histogram) mistake('gives numbers, where a heatmap shows histograms');
}

/** A panel of what has not happened yet is to say 0. */
function checkSparse(tree: SyntaxNode, context: Context): void {
  for (const node of selectorsIn(tree, (part) => isOrZero(part, context))) {
    const name = metricOf(node, context) ?? '';
    if (context.catalogue.get(name)?.some(({ sparse }) => sparse))
      context.mistake(
        `${name} is not there until it happens for the first time, and the panel "No data" until then; write (… or vector(0)), or under labels (… or 0 * …)`,
      );
  }
}

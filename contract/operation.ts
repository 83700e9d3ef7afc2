import type { SyntaxNode } from '@lezer/common';
import { checkDivision } from './division.ts';
import type { Context } from './expression.ts';
import { meet } from './matching.ts';
import type { Vector } from './vector.ts';

const comparisons: Readonly<Record<string, string>> = {
  Eql: '==',
  Neq: '!=',
  Lte: '<=',
  Lss: '<',
  Gte: '>=',
  Gtr: '>',
};
const divisions: Readonly<Record<string, string>> = { Div: '/', Mod: '%' };
const arithmetic: Readonly<Record<string, string>> = { Mul: '*', Add: '+', Sub: '-', Pow: '^', Atan2: 'atan2' };
const ofSets: Readonly<Record<string, string>> = { And: 'and', Or: 'or', Unless: 'unless' };
const operators = { ...comparisons, ...divisions, ...arithmetic, ...ofSets };

/** Two sides and an operator: may their values be put together, and what comes of it? */
export function operation(node: SyntaxNode, context: Context): Vector | undefined {
  const [left, right] = node.getChildren('Expr');
  const operator = Object.keys(operators).find((name) => node.getChild(name)) ?? '';
  const text = operators[operator] ?? '';
  if (!left || !right) return undefined;
  const a = context.read(left);
  // Of what stands behind `and` and `unless`, only the labels count.
  const b = text === 'and' || text === 'unless' ? context.infer(right) : context.read(right);
  if (operator in divisions) checkDivision(left, right, context);
  const compares = operator in comparisons;
  if (compares && (a?.sample === 'histogram' || b?.sample === 'histogram'))
    context.mistake(`${text} finds nothing in native histograms; take a quantile or histogram_count of them first`);

  const answers = node.getChild('BoolModifier') !== null;
  if (!a || !b) {
    const vector = a ?? b;
    return vector && answers ? { labels: vector.labels, sample: 'number' } : vector;
  }
  const labels = meet(node, [a, b], { text, ofSets: operator in ofSets }, context);
  if (text === 'or' && a.sample === 'number') return { ...b, labels };
  if (operator in ofSets || (compares && !answers)) return { ...a, labels };
  return { labels, sample: a.sample === 'histogram' && !compares ? 'histogram' : 'number' };
}

import type { SyntaxNode } from '@lezer/common';
import type { Context } from './expression.ts';
import { metricOf, selectorsIn } from './selector.ts';
import { sameLabels } from './vector.ts';

/** Quotients that show something where there is nothing to divide, and nothing where the answer is 0. */
export function checkDivision(dividend: SyntaxNode, divisor: SyntaxNode, context: Context): void {
  if (!isNonZero(divisor, context))
    context.mistake(
      `the divisor ${context.written(divisor)} can be 0; write (… > 0), so that the quotient is then left out`,
    );

  const wholes = selectorsIn(divisor);
  for (const part of selectorsIn(dividend, (node) => isOrZero(node, context))) {
    const same = wholes.filter((whole) => metricOf(whole, context) === metricOf(part, context));
    // Of the same matchers, the one has series when the other has.
    if (same.some((whole) => isWithin(part, whole, context)) && !same.some((whole) => isWithin(whole, part, context)))
      context.mistake(
        `the share of ${context.written(part)} is "No data", not 0, until the first one; write (… or vector(0)), or under labels (… or 0 * …)`,
      );
  }
}

const inner = (node: SyntaxNode): SyntaxNode => {
  const expression = node.name === 'ParenExpr' ? node.getChild('Expr') : null;
  return expression ? inner(expression) : node;
};

const numberIn = (node: SyntaxNode | undefined, { sent }: Context): number | undefined => {
  if (node === undefined) return undefined;
  const literal = inner(node);
  return literal.name === 'NumberDurationLiteral' ? Number(sent(literal).replaceAll(' ', '')) : undefined;
};

/** What is left is positive when it starts so: aggregates, and functions that only change the type. */
const transparent = new Set(['sum', 'avg', 'min', 'max', 'scalar', 'vector', 'sort', 'sort_desc']);

/** Whether every value is above zero, as far as it can be read from the expression. */
function isPositive(expression: SyntaxNode, context: Context): boolean {
  const node = inner(expression);
  const positive = (part: SyntaxNode | undefined) => part !== undefined && isPositive(part, context);
  const number = numberIn(node, context);
  if (number !== undefined) return number > 0;
  const [left, right] = node.name === 'BinaryExpr' ? node.getChildren('Expr') : [];
  const bound = numberIn(right, context) ?? Number.NaN;
  if (node.getChild('BoolModifier')) return false;
  if (node.getChild('Gtr')) return bound >= 0 || positive(right);
  if (node.getChild('Gte')) return bound > 0 || positive(right);
  if (node.getChild('And') || node.getChild('Unless')) return positive(left);
  if (['Or', 'Add', 'Mul', 'Div', 'Pow'].some((name) => node.getChild(name))) return positive(left) && positive(right);

  const name = node.getChild('FunctionIdentifier') ?? node.getChild('AggregateOp');
  const called = name ? context.sent(name).toLowerCase() : '';
  const operands = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
  if (called === 'count') return true;
  if (called === 'clamp_min' || called === 'clamp') return (numberIn(operands[1], context) ?? 0) > 0;
  return transparent.has(called) && positive(operands.at(-1));
}

const isNonZero = (expression: SyntaxNode, context: Context): boolean => {
  const node = inner(expression);
  const number = numberIn(node, context);
  if (number !== undefined) return number !== 0;
  const differs = node.getChild('Neq') && !node.getChild('BoolModifier');
  return (differs && numberIn(node.getChildren('Expr')[1], context) === 0) || isPositive(node, context);
};

/** `… or vector(0)`, or `… or 0 * …`; under other labels than those of the left, a zero would stand apart. */
export function isOrZero(node: SyntaxNode, context: Context): boolean {
  const [left, right] = node.getChild('Or') ? node.getChildren('Expr') : [];
  if (!left || !right || !isZero(inner(right), context)) return false;
  const [a, b] = [context.infer(left)?.labels, context.infer(right)?.labels];
  return !a || !b || sameLabels(a, b);
}

function isZero(node: SyntaxNode, context: Context): boolean {
  const name = node.getChild('FunctionIdentifier');
  const operands = node.getChild('Mul')
    ? node.getChildren('Expr')
    : name && context.sent(name) === 'vector'
      ? (node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [])
      : [];
  return operands.some((operand) => numberIn(operand, context) === 0);
}

/** Whether a selector has every matcher of another, so that it selects no more. */
function isWithin(part: SyntaxNode, whole: SyntaxNode, { written }: Context): boolean {
  const matchers = (selector: SyntaxNode) => {
    const braces = selector.getChild('LabelMatchers');
    return ['UnquotedLabelMatcher', 'QuotedLabelMatcher'].flatMap((kind) =>
      (braces?.getChildren(kind) ?? []).map((matcher) => written(matcher).replaceAll(/\s/g, '')),
    );
  };
  const ofPart = matchers(part);
  return matchers(whole).every((matcher) => ofPart.includes(matcher));
}

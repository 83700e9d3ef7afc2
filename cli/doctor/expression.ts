import type { SyntaxNode } from '@lezer/common';

/** Parts of a parsed expression, by what they do with the series of their operands. */

/** A part that is asked for its series. */
interface Operand {
  readonly node: SyntaxNode;
  /** Whether the other side is divided by it. */
  readonly divides: boolean;
}

/** Without what gives the same series: parentheses, a sign, the range of a subquery. */
export const inner = (node: SyntaxNode): SyntaxNode => {
  const same = ['ParenExpr', 'UnaryExpr', 'SubqueryExpr'].includes(node.name) ? node.getChild('Expr') : null;
  return same ? inner(same) : node;
};

/** The operands that a part needs for a result and that can be asked for alone, which ranges and literals cannot. */
export function operandsOf(node: SyntaxNode): Operand[] {
  const all = (node.getChild('FunctionCallBody') ?? node).getChildren('Expr').map(inner);
  const needed = node.getChild('Unless') ? all.slice(0, 1) : all;
  const divides = node.getChild('Div') !== null || node.getChild('Mod') !== null;
  return needed.flatMap((operand, index) =>
    isRange(operand) || literals.includes(operand.name) ? [] : [{ node: operand, divides: divides && index > 0 }],
  );
}

const literals = ['NumberDurationLiteral', 'StringLiteral'];

/** A range of samples, which is no answer by itself; a subquery is asked for what is inside of it. */
function isRange(node: SyntaxNode): boolean {
  if (node.name === 'MatrixSelector') return true;
  const shifted = node.name === 'OffsetExpr' || node.name === 'StepInvariantExpr' ? node.getChild('Expr') : null;
  return shifted !== null && (shifted.name === 'SubqueryExpr' || isRange(shifted));
}

/** The function of a call, as the grammar names it: `HistogramQuantile`. */
export const functionOf = (node: SyntaxNode): string => node.getChild('FunctionIdentifier')?.firstChild?.name ?? '';

/** Whether a part leaves series out for their values. */
export const isComparison = (node: SyntaxNode): boolean =>
  ['Eql', 'Neq', 'Lte', 'Lss', 'Gte', 'Gtr'].some((operator) => node.getChild(operator)) &&
  !node.getChild('BoolModifier');

export const isAbsent = (node: SyntaxNode): boolean => ['Absent', 'AbsentOverTime'].includes(functionOf(node));

/** What is asked for in the hope that it is not there: the right side of `unless`, and what `absent` is asked of. */
export function isUnwanted(node: SyntaxNode): boolean {
  const unless = node.parent?.getChild('Unless');
  return isAbsent(node) || (unless != null && node.from > unless.from);
}

/** What may be missing without an effect: the same, and each side of `or`. */
export const isDispensable = (node: SyntaxNode): boolean => isUnwanted(node) || node.getChild('Or') !== null;

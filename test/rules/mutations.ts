import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A rule's expression with one thing about it changed. */
export interface Mutation {
  readonly change: string;
  readonly expr: string;
}

/** What each operator of PromQL could have been by mistake. */
const others: Readonly<Record<string, readonly string[]>> = {
  '>': ['>=', '<'],
  '>=': ['>', '<'],
  '<': ['<=', '>'],
  '<=': ['<', '>'],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  and: ['unless'],
  unless: ['and'],
  or: ['and'],
  sum: ['max'],
  max: ['sum', 'min'],
  min: ['max'],
};

/** Whether a part stands in `0 * …`, or is the `*` of it. */
function isNothing(node: SyntaxNode, expr: string): boolean {
  for (let around = node.parent; around; around = around.parent)
    if (around.getChild('Mul') && around.getChildren('Expr').some(({ from, to }) => expr.slice(from, to) === '0'))
      return true;
  return false;
}

const operators = 'Gtr Gte Lss Lte Eql Neq Add Sub Mul Div And Unless Or Sum Max Min'.split(' ');

/** Every threshold a tenth larger and smaller, every operator another, and every matcher left out, one at a time. */
export function mutationsOf(expr: string): Mutation[] {
  const found: Mutation[] = [];
  const replace = ({ from, to }: SyntaxNode, by: string) => {
    found.push({
      change: `${expr.slice(Math.max(0, from - 30), from)}[${expr.slice(from, to)} => ${by || 'nothing'}]${expr.slice(to, to + 30)}`,
      expr: expr.slice(0, from) + by + expr.slice(to),
    });
  };
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      const text = expr.slice(node.from, node.to);
      // Of what is multiplied by 0 only counts that it is there.
      if (operators.includes(name) && !isNothing(node, expr))
        for (const other of others[text] ?? []) replace(node, other);
      // A number without a unit; with one it is a duration.
      if (name === 'NumberDurationLiteral' && !Number.isNaN(Number(text)))
        for (const factor of [0.9, 1.1])
          replace(
            node,
            String(Number(text) ? Number((Number(text) * factor).toPrecision(6)) : Number((factor - 1).toFixed(1))),
          );
      if (name === 'UnquotedLabelMatcher') {
        // With the comma on one of its sides.
        const [before = '', after = ''] = [expr.slice(0, node.from), expr.slice(node.to)];
        const from = /,\s*$/.test(before) ? before.search(/,\s*$/) : node.from;
        const to = from === node.from ? node.to + (/^\s*,\s*/.exec(after)?.[0].length ?? 0) : node.to;
        replace({ from, to } as SyntaxNode, '');
      }
    },
  });
  return found;
}

import type { SyntaxNode, Tree } from '@lezer/common';
import { Parser } from '@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js';
import { parser } from '@prometheus-io/lezer-promql';
import { unquote } from './text.ts';

/** Parts of the language that Prometheus takes only when an experimental feature is switched on. */
const experimental = new Set([
  'AnchoredExpr',
  'SmoothedExpr',
  'FillModifier',
  'TrimUpper',
  'TrimLower',
  'LimitK',
  'LimitRatio',
]);

/** What `offset` and `@` can follow; the type checker lets them, and ranges, follow anything. */
const selectors = ['VectorSelector', 'MatrixSelector', 'SubqueryExpr', 'StepInvariantExpr', 'OffsetExpr'];

/**
 * Parses PromQL and checks the types and numbers of arguments.
 *
 * @param written the same with its variables, to be shown
 * @returns the expression, unless there are mistakes
 */
export function parse(text: string, written = text): { expression?: SyntaxNode; mistakes: readonly string[] } {
  const tree = parser.parse(text);
  const mistakes: string[] = [];
  tree.iterate({
    enter: ({ type, from }) => {
      // The rest of what is broken at one place follows from it.
      if (type.isError && mistakes.length === 0) mistakes.push(`does not parse ${at(written, from)}`);
    },
  });
  if (mistakes.length) return { mistakes };
  const [expression] = tree.topNode.getChildren('Expr');
  mistakes.push(...typeMistakes(tree, text, written), ...formMistakes(tree, text, written));
  return expression && mistakes.length === 0 ? { expression, mistakes } : { mistakes };
}

const at = (text: string, from: number) => {
  const rest = text.slice(from).trim();
  return rest ? `from character ${from + 1}, "${rest.slice(0, 30)}"` : 'at its end: something is missing';
};

/**
 * What the type checker reads of an editor's state. A real one parses by the clock, so that on a busy machine
 * it may hand over a tree that is not finished.
 */
const stateOf = (tree: Tree, text: string) =>
  ({
    field: () => ({ tree }),
    sliceDoc: (from: number, to: number) => text.slice(from, to),
  }) as unknown as ConstructorParameters<typeof Parser>[0];

function typeMistakes(tree: Tree, text: string, written: string): string[] {
  const types = new Parser(stateOf(tree, text));
  const type = types.checkAST(tree.topNode.getChild('Expr') as unknown as Parameters<typeof types.checkAST>[0]);
  const [first] = types.getDiagnostics().filter(({ severity }) => severity === 'error');
  if (first) return [`${first.message} ${at(written, first.from)}`];
  if (type !== 'vector' && type !== 'scalar')
    return [`gives a ${type}, where a panel or a rule needs a number for each series`];
  return [];
}

/** What Prometheus refuses and the type checker does not. */
function formMistakes(tree: Tree, text: string, written: string): string[] {
  const mistakes: string[] = [];
  tree.iterate({
    enter: ({ name, from, to, node }) => {
      if (experimental.has(name) || (name === 'DurationExpr' && node.firstChild?.name !== literalDuration))
        mistakes.push(`uses an experimental part of PromQL ${at(written, from)}`);
      const operand = node.getChild('Expr');
      const misplaced =
        name === 'MatrixSelector'
          ? operand?.name !== 'VectorSelector'
          : (name === 'OffsetExpr' || name === 'StepInvariantExpr') && !selectors.includes(rightmost(operand));
      if (misplaced) mistakes.push(`a range, offset or @ follows a selector or a subquery only ${at(written, from)}`);
      if (name === 'StringLiteral' && unquote(text.slice(from, to)) === undefined)
        mistakes.push(`has an escape that Prometheus does not know ${at(written, from)}`);
      if (name === 'AggregateExpr') mistakes.push(...aggregationMistakes(node, written));
    },
  });
  return mistakes;
}

/** The parser takes `a + b offset 5m` for the sum, five minutes ago; Prometheus has it follow b. */
const rightmost = (node: SyntaxNode | null | undefined): string =>
  node?.name === 'BinaryExpr' || node?.name === 'UnaryExpr'
    ? rightmost(node.getChildren('Expr').at(-1))
    : (node?.name ?? '');

const literalDuration = 'NumberDurationLiteralInDurationContext';
const withParameter = new Set(['Topk', 'Bottomk', 'Quantile', 'CountValues']);

function aggregationMistakes(node: SyntaxNode, written: string): string[] {
  const operator = node.getChild('AggregateOp')?.firstChild?.name ?? '';
  const expected = withParameter.has(operator) ? 2 : 1;
  const { length } = node.getChild('FunctionCallBody')?.getChildren('Expr') ?? [];
  return length === expected
    ? []
    : [`expected ${expected} argument(s) of ${operator.toLowerCase()}, got ${length}, ${at(written, node.from)}`];
}

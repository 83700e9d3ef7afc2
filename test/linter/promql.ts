import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from '../../contract/parse.ts';
import { expand, type Template } from './dashboard.ts';

/** PromQL as the rules of the linter look at it. */
export interface Parsed {
  readonly mistakes: readonly string[];
  readonly selectors: readonly Selector[];
}

export interface Selector {
  /** As it is printed, without modifiers. */
  readonly text: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  /** Of a range: what stands in its brackets, and the function that is called with it. */
  readonly range?: { readonly duration: string; readonly call?: string };
  /** Whether a time of its own is asked for, which is printed behind it. */
  readonly shifted: boolean;
}

export function parsed(query: string, templates: readonly Template[]): Parsed {
  const text = expand(query, templates);
  const { mistakes } = parse(text);
  const selectors: Selector[] = [];
  if (mistakes.length === 0)
    parser.parse(text).iterate({
      enter: ({ name, node }) => {
        if (name === 'VectorSelector') selectors.push(selectorOf(node, text));
      },
    });
  return { mistakes, selectors };
}

function selectorOf(node: SyntaxNode, text: string): Selector {
  const of = (part: SyntaxNode | null | undefined) => (part ? text.slice(part.from, part.to) : '');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  const around = (matrix ?? node).parent;
  const shifted = around?.name === 'OffsetExpr' || around?.name === 'StepInvariantExpr';
  const body = shifted ? around.parent : around;
  return {
    text: of(node),
    matchers: matchers.map((matcher) => ({
      label: of(matcher.getChild('LabelName')),
      operator: of(matcher.getChild('MatchOp')),
      value: of(matcher.getChild('StringLiteral')).slice(1, -1),
    })),
    ...(matrix
      ? {
          range: {
            duration: of(matrix).slice(of(node).length).trim().slice(1, -1),
            call: body?.name === 'FunctionCallBody' ? of(body.parent?.getChild('FunctionIdentifier')) : undefined,
          },
        }
      : {}),
    shifted,
  };
}

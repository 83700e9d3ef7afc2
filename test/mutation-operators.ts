import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Catalogue } from '../contract/catalogue.ts';
import { interpolate } from '../contract/interpolate.ts';

/** A way to get a query wrong, and what the metric contract has to say of it: another mistake would be chance. */
interface Operator {
  readonly says: RegExp;
  /** The texts that an expression becomes, each with one mistake. */
  readonly apply: (expression: Parsed) => string[];
}

export interface Parsed {
  readonly text: string;
  readonly catalogue: Catalogue;
  readonly jobs: readonly string[];
  nodes(name: string): SyntaxNode[];
  textOf(node: SyntaxNode): string;
  replace(node: { from: number; to: number }, by: string): string;
}

export function parsed(text: string, catalogue: Catalogue, jobs: readonly string[]): Parsed {
  const tree = parser.parse(interpolate(text, new Map()));
  return {
    text,
    catalogue,
    jobs,
    nodes: (wanted) => {
      const found: SyntaxNode[] = [];
      tree.iterate({
        enter: ({ name, node }) => {
          if (name === wanted) found.push(node);
        },
      });
      return found;
    },
    textOf: ({ from, to }) => text.slice(from, to),
    replace: ({ from, to }, by) => text.slice(0, from) + by + text.slice(to),
  };
}

/** A letter left out, and a letter twice. */
export const misspelt = (name: string): string[] => {
  const middle = Math.floor(name.length / 2);
  return [name.slice(0, middle) + name.slice(middle + 1), name.slice(0, middle) + name.slice(middle - 1)];
};

const seriesOf = ({ catalogue, textOf }: Parsed, selector: SyntaxNode) => {
  const identifier = selector.getChild('Identifier');
  return (identifier && catalogue.get(textOf(identifier))) ?? [];
};

const misspelling = ({ textOf, replace }: Parsed, nodes: readonly SyntaxNode[]): string[] =>
  nodes.flatMap((node) => misspelt(textOf(node)).map((wrong) => replace(node, wrong)));

/** Into braces that may not be there yet. */
function withMatcher({ textOf, replace }: Parsed, selector: SyntaxNode, matcher: string): string {
  const braces = selector.getChild('LabelMatchers');
  if (!braces) return replace(selector, `${textOf(selector)}{${matcher}}`);
  return replace(braces, `{${matcher},${textOf(braces).slice(1)}`);
}

export const operators: Readonly<Record<string, Operator>> = {
  'metric renamed by one letter': {
    says: /no metric "[\w:]+"; did you mean "[\w:]+"\?/,
    apply: (expression) => misspelling(expression, expression.nodes('Identifier')),
  },

  // Of the same kind and with every label that is read, only a reader could tell that it is another's.
  "another target's metric": {
    says: /has no label|counts from the start|is no counter|is none|native histogram|never meet/,
    apply: (expression) => {
      const { catalogue, text, textOf, replace } = expression;
      return expression.nodes('VectorSelector').flatMap((selector) => {
        const [series] = seriesOf(expression, selector);
        const identifier = selector.getChild('Identifier');
        if (!series || !identifier) return [];
        // By itself or by what is around all of them: what another selector matches is nothing to this one.
        const around = text.replaceAll(/\{[^}]*\}/g, '') + textOf(selector);
        const read = [...(series.labels ?? [])].filter((label) => new RegExp(`\\b${label}\\b`).test(around));
        const others = [...catalogue].filter(([, all]) => {
          const [other] = all;
          // What Prometheus notes of each scrape is every target's.
          if (!other?.job || all.some(({ job }) => job === series.job)) return false;
          const alike = other.cumulative === series.cumulative && other.sample === series.sample;
          return !alike || read.some((label) => !other.labels?.has(label));
        });
        const other = others[textOf(identifier).length % others.length];
        return other ? [replace(identifier, other[0])] : [];
      });
    },
  },

  'label of a matcher misspelt': {
    says: /has no label "\w+"; did you mean "\w+"\? It has: /,
    apply: (expression) =>
      misspelling(
        expression,
        expression.nodes('UnquotedLabelMatcher').flatMap((matcher) => matcher.getChildren('LabelName')),
      ),
  },

  'label of by, on or group misspelt': {
    says: /has no label "\w+"/,
    apply: (expression) =>
      misspelling(
        expression,
        expression.nodes('GroupingLabels').flatMap((labels) => labels.getChildren('LabelName')),
      ),
  },

  'rate of a gauge': {
    says: /rate of \w+, which is no counter/,
    apply: (expression) =>
      expression
        .nodes('VectorSelector')
        .filter(({ parent }) => parent?.name !== 'MatrixSelector')
        .filter((selector) => seriesOf(expression, selector).some(({ cumulative }) => !cumulative))
        .map((selector) => expression.replace(selector, `rate(${expression.textOf(selector)}[$__rate_interval])`)),
  },

  'rate dropped': {
    says: /counts from the start of its process/,
    apply: (expression) =>
      expression
        .nodes('MatrixSelector')
        .filter(({ parent }) => parent?.parent?.name === 'FunctionCall')
        .flatMap((range) => {
          const selector = range.getChild('VectorSelector');
          const call = range.parent?.parent;
          // The last value of a gauge is one, with or without a range.
          // Who only asks whether there is any reads no value.
          const asker = call?.parent?.parent;
          if (asker?.name === 'AggregateExpr' && asker.firstChild?.firstChild?.name === 'Group') return [];
          if (!selector || !call) return [];
          // What rules record is a gauge, and not among what is exposed.
          const series = seriesOf(expression, selector);
          if (series.length === 0 || series.some(({ cumulative }) => !cumulative)) return [];
          return [expression.replace(call, expression.textOf(selector))];
        }),
  },

  'wrong job': {
    says: /is not from job="[^"]+".*; did you mean job="/,
    apply: (expression) =>
      expression.nodes('VectorSelector').flatMap((selector) => {
        const right = seriesOf(expression, selector).flatMap(({ job }) => job ?? []);
        // Of what a rule has made, the label may be anything or nothing.
        if (right.length === 0) return [];
        const wrong = expression.jobs.filter((job) => !right.includes(job));
        const others = [wrong[selector.from % wrong.length], misspelt(right[0] ?? 'job')[0]];
        return others.flatMap((job) => (job ? [withMatcher(expression, selector, `job="${job}"`)] : []));
      }),
  },

  '`le` asked of a native histogram': {
    says: /is a native histogram|a native histogram is one series/,
    apply: (expression) =>
      expression
        .nodes('VectorSelector')
        .filter((selector) => seriesOf(expression, selector).some(({ sample }) => sample === 'histogram'))
        .flatMap((selector) => [
          withMatcher(expression, selector, 'le="0.5"'),
          expression.replace(selector, expression.textOf(selector).replace(/^\w+/, '$&_bucket')),
          ...around(selector, 'AggregateExpr').map((aggregate) => byLe(expression, aggregate)),
        ]),
  },

  'variable of a query misspelt': {
    says: /no variable "\$\w+"; did you mean "\w+"\?/,
    apply: ({ text }) =>
      // `$1` is a group of a regular expression.
      [...text.matchAll(/\$([A-Za-z_]\w*)/g)].flatMap(({ 1: name = '', index }) =>
        misspelt(name).map((wrong) => text.slice(0, index + 1) + wrong + text.slice(index + 1 + name.length)),
      ),
  },

  'guard of a division removed': {
    says: /the divisor .* can be 0/,
    apply: (expression) =>
      divisions(expression).flatMap(([, divisor]) => {
        const guard = divisor?.getChild('BinaryExpr');
        const guarded = guard?.getChild('Gtr') ? guard.firstChild : null;
        return guarded && divisor ? [expression.replace(divisor, expression.textOf(guarded))] : [];
      }),
  },

  'zero of a share removed': {
    says: /the share of .* is "No data"/,
    apply: (expression) =>
      divisions(expression).flatMap(([dividend]) => {
        const either = dividend?.getChild('BinaryExpr');
        const share = either?.getChild('Or') ? either.firstChild : null;
        return share && dividend ? [expression.replace(dividend, expression.textOf(share))] : [];
      }),
  },

  'group_left dropped': {
    says: /several series of the (left|right) side/,
    apply: (expression) =>
      expression.nodes('MatchingModifierClause').flatMap((clause) => {
        const group = clause.getChild('GroupLeft') ?? clause.getChild('GroupRight');
        return group ? [expression.replace({ from: group.from, to: clause.to }, '')] : [];
      }),
  },

  'average of percentiles': {
    says: /of percentiles is not a percentile/,
    apply: (expression) =>
      expression
        .nodes('HistogramQuantile')
        .flatMap(({ parent }) => parent?.parent ?? [])
        .flatMap((call) =>
          ['avg', 'sum'].map((name) => expression.replace(call, `${name}(${expression.textOf(call)})`)),
        ),
  },

  'parenthesis dropped': {
    says: /does not parse/,
    apply: ({ text }) =>
      [text.indexOf('('), text.lastIndexOf(')')]
        .filter((at) => at >= 0)
        .map((at) => text.slice(0, at) + text.slice(at + 1)),
  },

  'argument missing or too many': {
    says: /expected .* argument|does not parse/,
    apply: (expression) =>
      expression.nodes('FunctionCallBody').flatMap((body) => {
        const [first, second] = body.getChildren('Expr');
        const more = expression.replace({ from: body.to - 1, to: body.to }, ', 1)');
        const fewer = first && second ? [expression.replace({ from: first.from, to: second.from }, '')] : [];
        return [more, ...fewer];
      }),
  },
};

const divisions = (expression: Parsed) =>
  expression
    .nodes('BinaryExpr')
    .filter((node) => node.getChild('Div'))
    .map((node) => node.getChildren('Expr'));

function around(node: SyntaxNode, name: string): SyntaxNode[] {
  if (!node.parent) return [];
  return [...(node.parent.name === name ? [node.parent] : []), ...around(node.parent, name)];
}

function byLe({ textOf, replace }: Parsed, aggregate: SyntaxNode): string {
  const labels = aggregate.getChild('AggregateModifier')?.getChild('GroupingLabels');
  if (labels) return replace(labels, `(le, ${textOf(labels).slice(1)}`);
  const operator = aggregate.getChild('AggregateOp');
  return operator ? replace(operator, `${textOf(operator)} by (le) `) : '';
}

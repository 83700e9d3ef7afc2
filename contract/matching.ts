import type { SyntaxNode } from '@lezer/common';
import { labelList } from './aggregation.ts';
import type { Context } from './expression.ts';
import { hasLabel, sameLabels, type Vector } from './vector.ts';
import { missingLabel } from './words.ts';

/** Which series of two sides meet, in PromQL's words. */
interface Matching {
  readonly on?: readonly string[];
  readonly ignoring: readonly string[];
  /** The side that may have several series for one of the other. */
  readonly many?: 'left' | 'right';
  /** Labels that the many take over from the one. */
  readonly include: readonly string[];
}

interface Side {
  readonly name: 'left' | 'right';
  readonly vector: Vector;
}

export interface Operator {
  readonly text: string;
  /** `and`, `or` and `unless`, which leave series out or in, several of them against several. */
  readonly ofSets: boolean;
}

/** Checks that two sides of an operator can meet, and gives the labels of what comes of it. */
export function meet(
  node: SyntaxNode,
  [a, b]: readonly [Vector, Vector],
  { text, ofSets }: Operator,
  context: Context,
): Vector['labels'] {
  const left: Side = { name: 'left', vector: a };
  const right: Side = { name: 'right', vector: b };
  const { on, ignoring, many, include } = matchingOf(node, context);
  // The sides that have to have one series at most for each of the other.
  const ones = many ? [many === 'left' ? right : left] : ofSets ? [] : [left, right];

  const missing = [
    ...[left, right].flatMap((side) => without(on, side)),
    ...without(
      ignoring.filter((label) => !hasLabel(b, label)),
      left,
    ),
    ...(many ? ones.flatMap((one) => without(include, one)) : []),
  ];
  for (const { label, name, vector } of missing)
    context.mistake(missingLabel(`the ${name} side of ${text}`, label, vector));
  if (missing.length || !a.labels || !b.labels) return undefined;

  if (on)
    for (const { name, vector } of ones) {
      const more = [...(vector.labels ?? [])].filter((label) => !on.includes(label) && !include.includes(label));
      if (more.length)
        context.mistake(
          `several series of the ${name} side of ${text} may meet one of the other, since it has ${shown(more)} beside ${shown(on)}; put it together by the latter, or say group_left or group_right`,
        );
    }
  else if (text !== 'or' && !sameLabels(minus(a.labels, ignoring), minus(b.labels, ignoring)))
    context.mistake(
      `the sides of ${text} never meet: one has the labels ${shown(a.labels)}, the other ${shown(b.labels)}; put both together by the same, or say on (…) which they share`,
    );

  if (text === 'or') return new Set([...a.labels, ...b.labels]);
  if (ofSets) return a.labels;
  if (many) return new Set([...(many === 'left' ? a.labels : b.labels), ...include]);
  return on ? new Set(on) : minus(a.labels, ignoring);
}

function matchingOf(node: SyntaxNode, context: Context): Matching {
  const clause = node.getChild('MatchingModifierClause');
  const [labels, include] = clause?.getChildren('GroupingLabels') ?? [];
  const matched = labelList(labels, context);
  return {
    ...(clause?.getChild('On') ? { on: matched, ignoring: [] } : { ignoring: matched }),
    ...(clause?.getChild('GroupLeft') ? { many: 'left' } : clause?.getChild('GroupRight') ? { many: 'right' } : {}),
    include: labelList(include, context),
  };
}

const without = (labels: readonly string[] = [], { name, vector }: Side) =>
  labels.filter((label) => !hasLabel(vector, label)).map((label) => ({ label, name, vector }));

const minus = (labels: ReadonlySet<string>, gone: readonly string[]) =>
  new Set([...labels].filter((label) => !gone.includes(label)));

const shown = (labels: Iterable<string>) => `(${[...labels].join(', ')})`;

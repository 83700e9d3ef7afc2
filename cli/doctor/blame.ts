import type { SyntaxNode } from '@lezer/common';
import { hasData, type Series } from '../../clients/prometheus.ts';
import { selectorsIn } from '../../contract/selector.ts';
import type { ValuesQuestion } from '../lib/grafana-queries.ts';
import { absence, type Known } from './absence.ts';
import type { Evidence } from './evidence.ts';
import { functionOf, inner, isAbsent, isComparison, isDispensable, operandsOf } from './expression.ts';
import { type Reason, reason } from './reason.ts';
import { isThere, selectorOf } from './selector.ts';

/** A question that was answered with nothing. */
export interface Case {
  readonly question: ValuesQuestion;
  readonly known: Known;
  readonly evidence: Evidence;
}

/**
 * Why an expression gives nothing: a selector that finds no series, or the smallest part that gives nothing
 * though all that it is made of does.
 *
 * @param divides whether something is divided by it
 */
export async function blame(expression: SyntaxNode, asked: Case, divides = false): Promise<Reason> {
  const node = inner(expression);
  const absent = await firstAbsent(selectorsIn(node, isDispensable), asked);
  if (absent) return absent;
  for (const operand of operandsOf(node))
    if (!hasData(await seriesOf(operand.node, asked))) return blame(operand.node, asked, divides || operand.divides);
  return ofItself(node, asked, divides);
}

/**
 * Why the first of the selectors that finds no series finds none; undefined where all find some. One that rightly
 * finds none counts only where there is no other.
 */
export async function firstAbsent(selectors: readonly SyntaxNode[], asked: Case): Promise<Reason | undefined> {
  const { question, known, evidence } = asked;
  let rightly: Reason | undefined;
  for (const node of selectors) {
    const selector = selectorOf(node, question, evidence.range);
    if (await isThere(selector, evidence)) continue;
    const why = await absence(selector, known, evidence);
    if (why.code !== 'not_yet') return why;
    rightly ??= why;
  }
  return rightly;
}

/** Why a part gives nothing whose operands all give something. */
async function ofItself(node: SyntaxNode, asked: Case, divides: boolean): Promise<Reason> {
  const text = textOf(node, asked);
  if (isComparison(node))
    return divides
      ? reason('no_traffic', `nothing to divide by, since not ${text}`)
      : reason('condition_not_met', text);
  if (isAbsent(node) || node.getChild('And') || node.getChild('Unless')) return reason('condition_not_met', text);
  const empty = (await seriesOf(node, asked)).length === 0;
  if (node.name === 'BinaryExpr')
    return empty
      ? reason('label_mismatch', `the two sides have no series in common in ${text}`)
      : reason('no_traffic', `${text} divides 0 by 0`);
  // rate and its like, which are given ranges.
  if (empty && functionOf(node)) return reason('no_traffic', `fewer than two samples in the range of ${text}`);
  return reason('no_traffic', `${text} is not a number`);
}

const seriesOf = async (node: SyntaxNode, asked: Case): Promise<readonly Series[]> =>
  (await asked.evidence.series({ ...asked.question, expr: textOf(node, asked) })).result;

const textOf = ({ from, to }: SyntaxNode, { question: { expr } }: Case) => expr.slice(from, to);

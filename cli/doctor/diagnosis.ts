import { HttpError } from '../../clients/http-error.ts';
import { parse } from '../../contract/parse.ts';
import { selectorsIn } from '../../contract/selector.ts';
import type { Question } from '../lib/grafana-queries.ts';
import { absence, type Known } from './absence.ts';
import { blame, firstAbsent } from './blame.ts';
import type { Check } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { isDispensable, isUnwanted } from './expression.ts';
import { type Reason, reason } from './reason.ts';
import { isThere, selectorOf } from './selector.ts';

/** Why a query was answered with nothing. */
export async function diagnose(
  { kind, question }: Pick<Check, 'kind'> & { readonly question: Question },
  known: Known,
  evidence: Evidence,
): Promise<Reason> {
  try {
    if (question.type === 'labels') return await ofLabels(question, known, evidence);
    const { expression } = parse(question.expr);
    if (!expression) return reason('unknown', 'its PromQL does not parse here');
    const asked = { question, known, evidence };
    // These say that something happened, and mostly nothing did; but what they watch has to be there.
    if (kind === 'alert' || kind === 'annotation') {
      const missing = await firstAbsent(selectorsIn(expression, isUnwanted), asked);
      // Failures that have not happened, in a share that says 0 without them.
      const needed =
        missing?.code === 'label_mismatch' ? await firstAbsent(selectorsIn(expression, isDispensable), asked) : missing;
      return needed ?? reason('not_firing', '');
    }
    return await blame(expression, asked);
  } catch (error) {
    if (error instanceof HttpError && error.failure !== 'unauthorised') return reason('unknown', error.message);
    throw error;
  }
}

async function ofLabels(
  { label, selector: written }: Extract<Question, { type: 'labels' }>,
  known: Known,
  evidence: Evidence,
): Promise<Reason> {
  const { expression: node } = parse(written ?? '');
  if (!written || !node) return reason('label_mismatch', `no series has the label ${label}`);
  const selector = selectorOf(node, { type: 'range', expr: written }, evidence.range);
  if (!(await isThere(selector, evidence))) return absence(selector, known, evidence);
  return reason('label_mismatch', `no series of ${written} has the label ${label}`);
}

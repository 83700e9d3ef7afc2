import { HttpError } from '../../clients/http-error.ts';
import { hasData } from '../../clients/prometheus.ts';
import type { Known } from './absence.ts';
import type { Check } from './checks.ts';
import { diagnose } from './diagnosis.ts';
import type { Evidence } from './evidence.ts';
import { type Reason, reason } from './reason.ts';

/** What became of a check. */
export interface Finding {
  readonly check: Check;
  readonly state: 'ok' | 'empty' | 'failed' | 'skipped';
  /** How many series, or values of a variable, the answer has. */
  readonly series: number;
  readonly reason?: Reason;
  /** What the server says, or why it says nothing. */
  readonly error?: string;
  readonly warnings: readonly string[];
}

/**
 * Asks the query of a check.
 *
 * @throws HttpError when the server does not let us in, since it will not for the next one either
 */
export async function examine(check: Check, known: Known, evidence: Evidence): Promise<Finding> {
  const { question, unchosen, kind } = check;
  if (!question) {
    const why = unchosen ? `nothing is chosen for $${unchosen}` : 'neither label_values(…) nor query_result(…)';
    return { check, state: 'skipped', series: 0, reason: reason('not_chosen', why), warnings: [] };
  }
  try {
    const { series, data, warnings } = await answerTo(question, evidence);
    const answered = { check, series, warnings };
    if (data) {
      const firing = kind === 'alert' ? { reason: reason('firing', `${series} pending or firing`) } : {};
      return { ...answered, state: 'ok', ...firing };
    }
    const why = await diagnose({ kind, question }, known, evidence);
    return { ...answered, state: isRight(kind, why.code) ? 'ok' : 'empty', reason: why };
  } catch (error) {
    if (!(error instanceof HttpError) || error.failure === 'unauthorised') throw error;
    return { check, state: 'failed', series: 0, error: error.message, warnings: [] };
  }
}

/** Rightly empty. */
const needsNothing: readonly string[] = ['not_yet', 'not_firing', 'no_run'];

/** Whether a rule may give nothing while all is well: what it reads is there, or is nothing for a reason of its own. */
const ofRules: Readonly<Partial<Record<Check['kind'], readonly string[]>>> = {
  alert: ['all_excluded', 'not_recorded'],
  record: ['all_excluded', 'not_recorded', 'condition_not_met', 'no_traffic'],
};

const isRight = (kind: Check['kind'], code: string): boolean =>
  needsNothing.includes(code) || (ofRules[kind]?.includes(code) ?? false);

async function answerTo(question: NonNullable<Check['question']>, evidence: Evidence) {
  if (question.type === 'labels') {
    const { result, warnings } = await evidence.labels(question);
    return { series: result.length, data: result.length > 0, warnings };
  }
  const { result, warnings } = await evidence.series(question);
  return { series: result.length, data: hasData(result), warnings };
}

import type { Prometheus } from '../../clients/prometheus.ts';
import type { Config } from '../../model/config.ts';
import type { Target } from '../../model/target.ts';
import { doubts } from '../../rules/validity.ts';
import { verdictQuestions } from '../../rules/verdict.ts';
import { documentOf, type VerdictDocument } from '../../verdict/report.ts';
import { verdictOn } from '../../verdict/verdict.ts';
import { verdictDocument } from '../schema.ts';
import { type Asking, isGap } from './asking.ts';

/**
 * The verdict of the run's coordinator, who has asked the runners and the data, too; or else what Prometheus says, held
 * against the budgets of the config as they are now.
 */
export async function verdictOf(
  recorded: VerdictDocument | undefined,
  config: Config,
  targets: readonly Target[],
  own: (query: string) => string,
  prometheus: Pick<Prometheus, 'instant'>,
  { run, gaps }: Asking,
): Promise<VerdictDocument | null> {
  if (verdictDocument.safeParse(recorded).success && recorded) return recorded;
  gaps.push(
    'The verdict is of the budgets as they were when this was collected, without the counts of the runners and the checks of the data: there is none of the coordinator.',
  );
  const asked = { questions: verdictQuestions(config, targets), doubts: doubts(config, targets), own };
  try {
    return documentOf(run, await verdictOn(run, asked, prometheus));
  } catch (error) {
    await isGap(error, prometheus, run);
    gaps.push(`No verdict: Prometheus gives no answer: ${(error as Error).message}.`);
    return null;
  }
}

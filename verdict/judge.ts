import type { Series } from '../clients/prometheus.ts';
import type { Question } from '../rules/verdict.ts';
import { generators } from '../runs/generator.ts';
import { ask, numberOf } from './ask.ts';
import { type Asked, generatorIn, type Run } from './run.ts';
import { endpointsOf } from './scenario.ts';

/** What became of a budget in a run. */
export interface Judged {
  readonly question: Question;
  readonly state: 'held' | 'broken' | 'no data';
  /** The worst of its values, in base units. */
  readonly value?: number;
  /** Whose value that is. */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Whether a budget is about a run. What load generators measure is of the service that they load and the requests that
 * their scenario sends; what services and systems measure themselves is of all that there are, since a run reaches
 * more than the one it asks. What is not known of a run leaves no budget out.
 */
export function isAbout({ job, service, endpoint, topic, exceptServices = [] }: Question, run: Run): boolean {
  if (!Object.hasOwn(generators, job)) return true;
  if (job !== generatorIn(run).job) return false;
  if (run.service !== undefined && (exceptServices.includes(run.service) || (service ?? run.service) !== run.service))
    return false;
  if (topic !== undefined && run.topics && !run.topics.includes(topic)) return false;
  const sent = run.scenario === undefined ? undefined : endpointsOf(run.scenario);
  return endpoint === undefined || sent === undefined || sent.includes(endpoint);
}

/** Asks a budget's question of a run. */
export async function judge(question: Question, run: Run, prometheus: Asked): Promise<Judged> {
  const worst = worstOf(await ask(question.expr, run, prometheus), question.good);
  if (!worst) return { question, state: 'no data' };
  const held = question.good === 'below' ? worst.value <= question.bound : worst.value >= question.bound;
  return { question, state: held ? 'held' : 'broken', ...worst };
}

function worstOf(series: readonly Series[], good: Question['good']) {
  const values = series
    .map((one) => ({ labels: one.metric, value: numberOf(one) }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => (good === 'below' ? b.value - a.value : a.value - b.value));
  return values[0];
}

/** How much of what its bound allows was used: 1 is at the bound, whichever side of it is good. */
export function usedOf({ value, question: { good, bound } }: Judged): number | undefined {
  if (value === undefined) return undefined;
  const [part, whole] = good === 'below' ? [value, bound] : [bound, value];
  if (part === 0) return 0;
  return whole === 0 ? undefined : part / whole;
}

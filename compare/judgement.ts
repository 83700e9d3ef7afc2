import type {
  ComparedAmount,
  ComparedBudget,
  ComparedEndpoint,
  ComparedErrors,
  ComparedLatency,
  Comparison,
} from './comparison.ts';
import { percent, signed } from './format.ts';

/** The tables whose states decide. */
interface Tables {
  readonly latency: ComparedLatency | null;
  readonly endpoints: readonly ComparedEndpoint[];
  readonly errors: readonly ComparedErrors[];
  readonly throughput: ComparedAmount | null;
  readonly budgets: readonly ComparedBudget[];
}

interface Judgement extends Pick<Comparison, 'verdict' | 'reasons'> {
  /** Without states where there is no comparing. */
  readonly tables: Tables;
}

/**
 * The verdict of the tables: a regression wins over what is undecided, and what prevents a comparison over both.
 *
 * @param obstacles what prevents a comparison, each a sentence
 * @param incomplete what keeps it from being decided beside the tables, each a sentence
 */
export function judgementOf(
  tables: Tables,
  failOn: number,
  obstacles: readonly string[],
  incomplete: readonly string[],
): Judgement {
  const { latency, endpoints, errors, throughput, budgets } = tables;
  if (obstacles.length) {
    const without = <Row extends ComparedLatency>(row: Row) => ({ ...row, state: null, chance: null });
    return {
      verdict: 'invalid',
      reasons: obstacles,
      tables: {
        latency: latency && without(latency),
        endpoints: endpoints.map(without),
        errors: [],
        throughput: throughput && { ...throughput, state: null },
        budgets,
      },
    };
  }
  const regressions = [
    ...(latency?.state === 'regression' ? [`All endpoints together are slower: ${changeText(latency)}.`] : []),
    ...endpoints
      .filter(({ state }) => state === 'regression')
      .map((row) => `${labelOf(row)} is slower: ${changeText(row)}.`),
    ...errors
      .filter(({ state }) => state === 'regression')
      .map(
        (row) =>
          `${labelOf(row)} fails more often: ${percent(row.ratio[1])} of its requests, and ${percent(row.ratio[0])} before.`,
      ),
    ...(throughput?.state === 'regression' ? [`Throughput is lower: ${changeText(throughput)}.`] : []),
    ...budgets
      .filter(
        ({ severity, state: [before, after] }) => severity === 'critical' && before === 'held' && after === 'broken',
      )
      .map(({ budget, job }) => `The budget ${budget} by ${job} is broken, and was held before.`),
  ];
  if (regressions.length) return { verdict: 'regression', reasons: regressions, tables };

  const undecided = [
    ...(latency?.state === 'undecided'
      ? [`Latency of all endpoints together: more than ${percent(failOn)} is not ruled out, ${changeText(latency)}.`]
      : []),
    ...endpoints
      .filter(({ state }) => state === 'undecided')
      .map((row) => `Latency of ${labelOf(row)}: more than ${percent(failOn)} is not ruled out, ${changeText(row)}.`),
    ...incomplete,
    ...errors
      .filter(({ state }) => state === 'undecided')
      .map(
        (row) =>
          `${labelOf(row)}: ${percent(row.ratio[1])} failed, and ${percent(row.ratio[0])} before; that is not told from chance.`,
      ),
    ...(throughput?.state === 'undecided'
      ? [`Throughput: a loss of more than ${percent(failOn)} is not ruled out, ${changeText(throughput)}.`]
      : []),
    ...(endpoints.some(({ state }) => state) ? [] : ['No endpoint has enough requests to be compared.']),
  ];
  return { verdict: undecided.length ? 'undecided' : 'no-regression', reasons: undecided, tables };
}

const labelOf = ({ method, name }: { readonly method: string; readonly name: string }) => `${method} ${name}`.trim();

const changeText = ({ change, lower, upper }: Pick<ComparedAmount, 'change' | 'lower' | 'upper'>) =>
  `${signed(change)} (${signed(lower)} to ${signed(upper)})`;

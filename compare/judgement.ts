import type {
  ComparedAmount,
  ComparedBudget,
  ComparedEndpoint,
  ComparedErrors,
  ComparedLatency,
  Comparison,
} from './comparison.ts';
import { percent, signed } from './format.ts';
import { leastRequests } from './latency.ts';

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

/** The verdict of the tables: a regression wins over what is undecided, and what prevents a comparison over both. */
export function judgementOf(tables: Tables, failOn: number, obstacles: readonly string[]): Judgement {
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
    ...endpoints.flatMap((row) => {
      if (row.state === 'undecided')
        return [`Latency of ${labelOf(row)}: more than ${percent(failOn)} is not ruled out, ${changeText(row)}.`];
      return isOneSided(row)
        ? [`${labelOf(row)} was asked on one side only: ${row.requests.join(' and ')} requests.`]
        : [];
    }),
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

/** There is nothing to compare its latency with, which is no reason to pass. */
function isOneSided({ requests: [before, after], state }: ComparedEndpoint): boolean {
  const [least, most] = [Math.min(before ?? 0, after ?? 0), Math.max(before ?? 0, after ?? 0)];
  return state === null && least < leastRequests && most >= 2 * leastRequests;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { plain } from '../clients/plain.ts';
import type { Prometheus, Range } from '../clients/prometheus.ts';
import type { ConsistencyCheck, Source } from '../model/consistency.ts';
import { accountKey } from '../model/consistency-account.ts';
import { ask, numberOf } from '../verdict/ask.ts';
import type { CheckResult } from '../verdict/checks.ts';
import { testidMistake } from './names.ts';
import type { Database } from './plan.ts';
import { Reader } from './reader.ts';

/** A run whose load has ended, and where its data is. */
export interface CheckedRun {
  readonly testid: string;
  readonly loadTest: string;
  readonly service: string;
  readonly range: Range;
  readonly databases: Readonly<Record<string, Database>>;
  /** Where the variables of databases are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly prometheus: Pick<Prometheus, 'instant'>;
}

export interface CheckOptions {
  /** Seconds in which a check may come to hold: consumers may still be at work. @default 30 */
  readonly patience?: number;
  /** Seconds between two tries. @default 1 */
  readonly pause?: number;
  /** Seconds that a statement may take. @default 30 */
  readonly statement?: number;
}

/**
 * Makes the checks that are about the load test. One that does not hold is made again until it does or patience is at
 * its end: a check that holds at last has held.
 *
 * @returns one result for each of them, in their order
 */
export async function checkConsistency(
  checks: readonly ConsistencyCheck[],
  run: CheckedRun,
  { patience = 30, pause = 1, statement = 30 }: CheckOptions = {},
): Promise<CheckResult[]> {
  const mistake = testidMistake(run.testid);
  if (mistake) throw new Error(`the id of a run ${mistake}`);
  const asked = checks.filter(({ loadTests }) => loadTests === undefined || loadTests.includes(run.loadTest));
  const deadline = Date.now() + patience * 1000;
  // One connection to a server, however many checks there are of it: load of its own would be no check of data.
  const groups = new Map<string, ConsistencyCheck[]>();
  for (const check of asked) groups.set(accountKey(check), [...(groups.get(accountKey(check)) ?? []), check]);
  const results = new Map<ConsistencyCheck, CheckResult>();
  await Promise.all(
    [...groups].map(async ([key, group]) => {
      const reader = new Reader(run.databases[key], run.environment, statement);
      try {
        for (let open = group; ; ) {
          for (const check of open) results.set(check, await resultOf(check, run, reader));
          open = open.filter((check) => results.get(check)?.state !== 'held');
          if (open.length === 0 || Date.now() + pause * 1000 > deadline) break;
          await sleep(pause * 1000);
        }
      } finally {
        await reader.close();
      }
    }),
  );
  return asked.flatMap((check) => results.get(check) ?? []);
}

async function resultOf(check: ConsistencyCheck, run: CheckedRun, reader: Reader): Promise<CheckResult> {
  const { name, comparison } = check;
  try {
    const [value, bound] = await numbersOf([check.value, check.bound], check.database ?? '', run, reader);
    const [isHeld, words, should] = comparisons[comparison](value, bound);
    return isHeld
      ? { name, state: 'held', text: `${value} ${words} ${bound}` }
      : { name, state: 'broken', text: `${value}, which should ${should} ${bound}` };
  } catch (error) {
    return { name, state: 'unknown', text: `cannot be asked: ${plain((error as Error).message)}` };
  }
}

const comparisons: Readonly<
  Record<
    ConsistencyCheck['comparison'],
    (value: number, bound: number) => [isHeld: boolean, words: string, should: string]
  >
> = {
  equals: (value, bound) => [value === bound, 'equals', 'equal'],
  atLeast: (value, bound) => [value >= bound, 'is at least', 'be at least'],
  atMost: (value, bound) => [value <= bound, 'is at most', 'be at most'],
};

/** Both numbers of a check. Two of a database are of the same moment, so that nothing comes in between. */
async function numbersOf(
  sources: readonly [Source, Source],
  database: string,
  run: CheckedRun,
  reader: Reader,
): Promise<[value: number, bound: number]> {
  const statements = sources.flatMap((source) => ('sql' in source ? [sqlOf(source.sql, run.testid)] : []));
  const read = statements.length ? await reader.numbers(statements, database) : [];
  const number = async (source: Source) => {
    if ('sql' in source) return exact(read.shift());
    return exact('promql' in source ? await ofPrometheus(source.promql, run) : source.number);
  };
  return [await number(sources[0]), await number(sources[1])];
}

/** A number that is told apart from its neighbours. */
function exact(number = Number.NaN): number {
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) throw new Error(`${number} is too large to be compared exactly`);
  return number;
}

/** Strings of SQL, quoted names, and comments. */
const quoted = /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?:--\s|#)[^\n]*/g;

/**
 * A statement about the run: within quotes its id as it is, elsewhere as a string. An id is lower-case letters, digits
 * and "-", none of which means anything in a string or in a pattern of LIKE.
 */
function sqlOf(statement: string, testid: string): string {
  const put = (text: string, id: string) => text.replaceAll('$testid', () => id);
  let done = 0;
  let sql = '';
  for (const { 0: literal, index } of statement.matchAll(quoted)) {
    sql += put(statement.slice(done, index), `'${testid}'`) + put(literal, testid);
    done = index + literal.length;
  }
  return sql + put(statement.slice(done), `'${testid}'`);
}

/** The one number that a query has at the end of the run. */
async function ofPrometheus(query: string, { testid, service, range, prometheus }: CheckedRun): Promise<number> {
  const [series, ...others] = await ask(query, { testid, service, ...range }, prometheus);
  if (!series) throw new Error('Prometheus has no sample of it; where none means none of it, write "or vector(0)"');
  if (others.length) throw new Error(`Prometheus has ${others.length + 1} series of it, not one: sum them up`);
  const number = numberOf(series);
  if (!Number.isFinite(number))
    throw new Error(`Prometheus has ${series.value?.[1] ?? 'a histogram'} of it, no number`);
  return number;
}

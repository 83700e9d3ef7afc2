import * as z from 'zod';
import { dnsLabel, secretRef } from './patterns.ts';

/** Where a number comes from: a query of one row and one column, or PromQL at the end of the run. */
export type Source = { readonly sql: string } | { readonly promql: string } | { readonly number: number };

/** What has to be true of the data once a run is over. */
export interface ConsistencyCheck {
  readonly name: string;
  /** Load tests it is about; left out: all. */
  readonly loadTests?: readonly string[];
  /** The entry of `mysql` that is asked, where SQL is. */
  readonly mysql?: string;
  readonly database?: string;
  readonly credentialsSecret?: string;
  readonly value: Source;
  readonly comparison: 'equals' | 'atLeast' | 'atMost';
  readonly bound: Source;
}

/** The numbers that a check compares. */
const sourcesOf = ({ value, bound }: ConsistencyCheck): Source[] => [value, bound];

export const asksSql = (check: ConsistencyCheck): boolean => sourcesOf(check).some((source) => 'sql' in source);

/** What checks ask of Prometheus, for the metric contract: as questions of a verdict are, by name. */
export const consistencyQuestions = (
  checks: readonly ConsistencyCheck[],
): { readonly budget: string; readonly job: string; readonly expr: string }[] =>
  checks.flatMap((check) =>
    sourcesOf(check).flatMap((source) =>
      'promql' in source ? [{ budget: check.name, job: 'consistency', expr: source.promql }] : [],
    ),
  );

const sql = z
  .string()
  .regex(/^\s*(select|with)\s[^;]*$/i, 'must be one SELECT, without a ";"')
  .optional();
const promql = z.string().min(1).optional();
const bound = z.union(
  [z.number(), z.strictObject({ sql: sql.unwrap() }), z.strictObject({ promql: promql.unwrap() })],
  {
    error: 'must be a number, { sql: SELECT ... } or { promql: ... }',
  },
);

/** A check as a config has it. */
export const ConsistencyEntry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[^\n]{1,120}$/, 'must be one line of 1 to 120 characters')
      .meta({
        description: 'What has to hold, as a report says it.',
      }),
    loadTests: z.array(dnsLabel(40)).min(1).optional().meta({
      description: 'Names of the load tests it is about. Left out: all.',
    }),
    mysql: dnsLabel(40).optional().meta({ description: 'Name of the entry of `mysql` that is asked; for `sql`.' }),
    database: z
      .string()
      .regex(/^[A-Za-z0-9_$-]{1,64}$/, 'must be the name of a database')
      .optional()
      .meta({ description: 'The database of its tables; for `sql`.' }),
    credentialsSecret: secretRef.optional().meta({
      description:
        'Secret with `username` and `password` of a user that may read these tables; for `sql`. Left out: a user is made that may read this database and no other, which takes an adminSecret of the server.',
    }),
    sql: sql.meta({
      description:
        "A SELECT of one number. `$testid` is the id of the run, within quotes, too: `LIKE '$testid-%'` finds keys that begin with it.",
    }),
    promql: promql.meta({
      description:
        'PromQL of one number at the end of the run, with its id as `$testid`, its service as `$service`, and its length as `$__range` or, in seconds, `$__range_s`.',
    }),
    equals: bound.optional().meta({
      description: 'What the number has to be: a number, `{ sql: ... }` of the same database, or `{ promql: ... }`.',
    }),
    atLeast: bound.optional().meta({ description: 'What it has to be at least.' }),
    atMost: bound.optional().meta({ description: 'What it may be at most.' }),
  })
  .transform(({ sql: ofSql, promql: ofPrometheus, equals, atLeast, atMost, ...rest }, context): ConsistencyCheck => {
    const issue = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((ofSql === undefined) === (ofPrometheus === undefined))
      issue('sql', 'is needed, or promql in its place; one of both');
    const comparisons = Object.entries({ equals, atLeast, atMost }).filter(([, to]) => to !== undefined);
    if (comparisons.length !== 1) issue('equals', 'is needed, or atLeast or atMost in its place; one of the three');
    const [comparison, to] = comparisons[0] ?? ['equals', 0];
    const source: Source = typeof to === 'number' ? { number: to } : (to as Source);
    const ofDatabase = ofSql !== undefined || 'sql' in source;
    for (const field of ['mysql', 'database'] as const)
      if (ofDatabase && rest[field] === undefined) issue(field, 'is required where sql is asked');
    for (const field of ['mysql', 'database', 'credentialsSecret'] as const)
      if (!ofDatabase && rest[field] !== undefined) issue(field, 'is for sql, and this check asks none');
    return {
      ...rest,
      value: ofSql === undefined ? { promql: ofPrometheus ?? '' } : { sql: ofSql },
      comparison: comparison as ConsistencyCheck['comparison'],
      bound: source,
    };
  });

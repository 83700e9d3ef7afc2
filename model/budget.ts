import * as z from 'zod';

/** The share of requests that each percentile is above. */
export const percentiles = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999 } as const;
export type Percentile = keyof typeof percentiles;

type Quantity = 'duration' | 'share' | 'rate' | 'count';

/** What a bound is of, and on which side of it good is. */
const indicators = {
  avg: { of: 'duration', good: 'below' },
  p50: { of: 'duration', good: 'below' },
  p90: { of: 'duration', good: 'below' },
  p95: { of: 'duration', good: 'below' },
  p99: { of: 'duration', good: 'below' },
  'p99.9': { of: 'duration', good: 'below' },
  error_ratio: { of: 'share', good: 'below' },
  throughput: { of: 'rate', good: 'above' },
  availability: { of: 'share', good: 'above' },
  lag: { of: 'count', good: 'below' },
  lag_seconds: { of: 'duration', good: 'below' },
  loss: { of: 'count', good: 'below' },
  utilization: { of: 'share', good: 'below' },
} as const satisfies Record<string, { of: Quantity; good: 'below' | 'above' }>;

export type IndicatorName = keyof typeof indicators;
export type Severity = 'warning' | 'critical';

/** What a budget may be narrowed to. `endpoint` is k6's `name` tag, `uri` is Micrometer's. */
const subjectNames = ['service', 'endpoint', 'uri', 'topic', 'consumerGroup', 'resource'] as const;
export type Subject = (typeof subjectNames)[number];

/** What is good enough, in one place: thresholds of k6, lines on panels, alerts and verdicts are made from it. */
export interface Budget extends Readonly<Partial<Record<Subject, string>>> {
  readonly indicator: IndicatorName;
  /** Seconds, a share from 0 to 1, requests per second or messages. Good is on the near side of it, itself included. */
  readonly bound: number;
  /** Whether a run fails by it. */
  readonly severity: Severity;
  /** Whether it is there because the config says nothing else. */
  readonly isDefault?: boolean;
}

const seconds = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** Each quantity as it is written down, and what an error says of it. */
const quantities: Record<
  Quantity,
  { pattern: RegExp; value: (amount: number, unit: string) => number; wanted: string }
> = {
  duration: {
    pattern: /^(\d+(?:\.\d+)?)(ms|s|m|h)$/,
    value: (amount, unit) => amount * seconds[unit as keyof typeof seconds],
    wanted: 'a duration above 0, for example 500ms or 1.5s',
  },
  share: {
    pattern: /^(\d+(?:\.\d+)?)(%)$/,
    value: (amount) => amount / 100,
    wanted: 'a percentage from 0% to 100%, for example 1% or 99.9%',
  },
  rate: {
    pattern: /^(\d+(?:\.\d+)?)(\/s)$/,
    value: (amount) => amount,
    wanted: 'a rate, for example 100/s',
  },
  count: {
    pattern: /^(\d+)()$/,
    value: (amount) => amount,
    wanted: 'a whole number, for example 1000',
  },
};

/** The bound in base units; undefined where the text is no such quantity. */
function quantity(indicator: IndicatorName, text: string): number | undefined {
  const { of } = indicators[indicator];
  const { pattern, value } = quantities[of];
  const [, amount, unit = ''] = pattern.exec(text) ?? [];
  if (amount === undefined) return undefined;
  // Without the noise of binary fractions, which would stand in every rule.
  const bound = Number(value(Number(amount), unit).toPrecision(12));
  // Nothing takes no time.
  if (of === 'duration' && bound === 0) return undefined;
  return of === 'share' && bound > 1 ? undefined : bound;
}

const subject = (description: string) =>
  z
    .string()
    .regex(
      // In matchers a "~" at the front would make a regular expression of it, and in the text of alerts "{{" a template.
      /^(?!~|.*\{\{)[^"\\\n]{1,200}$/,
      'must be one line of 1 to 200 characters without quotes, backslashes, "{{" and a "~" at the front',
    )
    .optional()
    .meta({ description });

/** A budget as a config has it. */
export const BudgetEntry = z
  .strictObject({
    indicator: z.enum(Object.keys(indicators) as [IndicatorName, ...IndicatorName[]]).meta({
      description:
        'What is measured: mean latency and its percentiles, share of requests that failed, requests per second, share of requests that did not fail, backlog of a consumer group in messages and in seconds, lost messages, share of a resource in use.',
    }),
    bound: z
      .union([z.string(), z.number().transform(String)], {
        error: ({ input }) => (input === undefined ? 'is required: text or a number' : 'must be text or a number'),
      })
      .meta({
        type: ['string', 'number'],
        description:
          'The last value that is still good: `500ms` for latency and lag_seconds, `1%` for shares, `100/s` for throughput, a whole number of messages for lag and loss.',
      }),
    severity: z.enum(['warning', 'critical']).default('critical').meta({
      description: 'Whether breaking it fails a run (`critical`) or is only reported (`warning`).',
    }),
    service: subject('Only of this service.'),
    endpoint: subject('Only of requests that load tests send under this name: the `name` tag of k6.'),
    uri: subject('Only of requests that services answer under this path: the `uri` label of Micrometer.'),
    topic: subject('Only of this Kafka topic.'),
    consumerGroup: subject('Only of this Kafka consumer group.'),
    resource: subject('Of `utilization`: which resource, one of cpu, memory, mysql-connections, redis-memory.'),
  })
  .transform(({ bound, ...rest }, context): Budget => {
    const issue = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    const { indicator, resource } = rest;
    const amount = quantity(indicator, bound);
    if (amount === undefined)
      issue('bound', `must be ${quantities[indicators[indicator].of].wanted}, not ${JSON.stringify(bound)}`);
    else if (indicator === 'availability' && amount === 1)
      issue('bound', 'must be below 100%, which leaves no error budget to watch; error_ratio can be 0%');
    if (indicator === 'utilization' && resource === undefined)
      issue('resource', 'is required with the indicator utilization: of what, for example cpu or memory');
    if (indicator !== 'utilization' && resource !== undefined)
      issue('resource', `is for the indicator utilization only, not for ${indicator}`);
    return { ...rest, bound: amount ?? 0 };
  });

/** The goals of the team's load plan, which hold until a config says otherwise. */
const defaults: readonly Budget[] = [
  { indicator: 'avg', bound: 0.5, severity: 'critical' },
  { indicator: 'p95', bound: 1, severity: 'critical' },
  { indicator: 'error_ratio', bound: 0.01, severity: 'critical' },
  { indicator: 'availability', bound: 0.999, severity: 'critical' },
  // Of a warning only: how much is asked for is a matter of the profile, and a smoke test asks for little.
  { indicator: 'throughput', bound: 100, severity: 'warning' },
  { indicator: 'lag', bound: 100, severity: 'warning' },
  { indicator: 'lag', bound: 1000, severity: 'critical' },
  { indicator: 'lag_seconds', bound: 30, severity: 'warning' },
  { indicator: 'loss', bound: 0, severity: 'critical' },
  { indicator: 'utilization', resource: 'cpu', bound: 0.8, severity: 'warning' },
  { indicator: 'utilization', resource: 'memory', bound: 0.9, severity: 'warning' },
];

/** What a budget is about, apart from how strict it is: two of one key contradict each other. */
const keyOf = ({ indicator, severity, ...rest }: Budget): string =>
  JSON.stringify([indicator, severity, ...subjectNames.map((name) => rest[name] ?? null)]);

/** A warning that comes no sooner than what it warns of. */
const tooLate = (budget: Budget, critical: Budget | undefined): boolean =>
  budget.severity === 'warning' &&
  critical !== undefined &&
  (goodIs(budget) === 'below' ? budget.bound >= critical.bound : budget.bound <= critical.bound);

const criticalFor = (budget: Budget, budgets: readonly Budget[]): Budget | undefined =>
  budgets.find((other) => keyOf(other) === keyOf({ ...budget, severity: 'critical' }));

/** Two bounds for the same thing, of which nobody can tell which holds; and warnings that would never be the first. */
export function contradictions(budgets: readonly Budget[], context: z.RefinementCtx): void {
  const all = withDefaults(budgets);
  const first = new Map<string, number>();
  for (const [index, budget] of budgets.entries()) {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    const other = first.get(keyOf(budget));
    if (other === undefined) first.set(keyOf(budget), index);
    else
      issue(
        [index],
        `is about the same as entry ${other} of this list (counted from 0): ${nameOf(budget)}, ${budget.severity}`,
      );
    const critical = criticalFor(budget, all);
    if (critical && tooLate(budget, critical))
      issue(
        [index, 'bound'],
        `must be ${goodIs(budget)} ${boundText(critical)}, the critical bound of ${nameOf(budget)}${critical.isDefault ? ' by default' : ''}: a warning comes first`,
      );
  }
}

/** The budgets of a config, and those of the defaults that none of them takes the place of. */
export function withDefaults(budgets: readonly Budget[]): Budget[] {
  const own = new Set(budgets.map(keyOf));
  return [
    ...defaults
      .filter((budget) => !own.has(keyOf(budget)) && !tooLate(budget, criticalFor(budget, budgets)))
      .map((budget) => ({ ...budget, isDefault: true })),
    ...budgets,
  ];
}

/** The fields by which a budget is narrowed. */
export const subjectsOf = (budget: Budget): Subject[] =>
  subjectNames.filter((name) => name !== 'resource' && budget[name] !== undefined);

/** How a budget is spoken of, such as `p95 of endpoint product_list`. */
export const nameOf = (budget: Budget): string =>
  [
    budget.resource ? `${budget.resource} ${budget.indicator}` : budget.indicator,
    ...subjectsOf(budget).map((name) => `of ${name} ${budget[name]}`),
  ].join(' ');

export const goodIs = ({ indicator }: Pick<Budget, 'indicator'>): 'below' | 'above' => indicators[indicator].good;

/** The bound as people read it, such as `500ms`. */
export function boundText({ indicator, bound }: Pick<Budget, 'indicator' | 'bound'>): string {
  switch (indicators[indicator].of) {
    case 'duration':
      return bound < 1 ? `${Number((bound * 1000).toPrecision(12))}ms` : `${bound}s`;
    case 'share':
      return `${Number((bound * 100).toPrecision(12))}%`;
    case 'rate':
      return `${bound}/s`;
    case 'count':
      return String(bound);
  }
}

/** Prometheus' template function that shows a value as its bound is written. */
export const humanize = ({ indicator }: Pick<Budget, 'indicator'>): string =>
  ({ duration: 'humanizeDuration', share: 'humanizePercentage', rate: 'printf "%.1f/s"', count: 'printf "%.0f"' })[
    indicators[indicator].of
  ];

/** Values from which a panel is yellow and red. */
export interface Limits {
  readonly warning?: number;
  readonly critical?: number;
  /** Whether it is worse to be below than above. */
  readonly below?: boolean;
}

/** The budgets of an indicator as a whole, as the lines and colours of a panel. */
export function limitsOf(budgets: readonly Budget[], indicator: IndicatorName, resource?: string): Limits | undefined {
  const own = budgets.filter(
    (budget) => budget.indicator === indicator && budget.resource === resource && subjectsOf(budget).length === 0,
  );
  if (own.length === 0) return undefined;
  return {
    ...Object.fromEntries(own.map(({ severity, bound }) => [severity, bound])),
    ...(goodIs({ indicator }) === 'above' ? { below: true } : {}),
  };
}

import * as z from 'zod';

/**
 * The report of a run as JSON; docs/report.md describes it. Durations are seconds, sizes bytes, shares from 0 to 1,
 * times ISO 8601, and points of charts are seconds since the start of the run. Null: it was not to be had. A change that
 * is not an addition needs another version.
 */

const seconds = z.number().nullable();
const labels = z.record(z.string(), z.string());

export const Point = z.tuple([z.number(), z.number().nullable()]);

export const ChartSeries = z.object({
  name: z.string(),
  /** No more than can be seen. */
  points: z.array(Point),
  /** A bound or an earlier run. */
  dashed: z.boolean(),
  /** Of all points, also of those that are left out. Null too: of percentiles there is none. */
  mean: z.number().nullable(),
  last: z.number().nullable(),
});

export const Chart = z.object({
  /** Unique in the report, and the name of its file. */
  id: z.string(),
  section: z.enum(['load', 'latency', 'throughput', 'errors', 'resources']),
  /** Heading within the section; empty: it has none. */
  row: z.string(),
  title: z.string(),
  description: z.string(),
  kind: z.enum(['lines', 'stacked', 'heatmap', 'states']),
  /** As Grafana calls it. */
  unit: z.string(),
  series: z.array(ChartSeries),
  /** Series that were left out, since those shown are the highest. */
  others: z.number().int(),
  /** Values on the y axis that should not be passed. */
  bounds: z.array(z.object({ name: z.string(), value: z.number() })),
  /** Of a heatmap: end of a slice, and its buckets as lower bound, upper bound, count. */
  slices: z.array(z.object({ at: z.number(), buckets: z.array(z.tuple([z.number(), z.number(), z.number()])) })),
});

export const Percentiles = z.object({
  mean: seconds,
  p50: seconds,
  p90: seconds,
  p95: seconds,
  p99: seconds,
  /** Upper bound of the slowest bucket: no request took longer. */
  max: seconds,
});

export const Budget = z.object({
  budget: z.string(),
  job: z.string(),
  indicator: z.string(),
  severity: z.enum(['warning', 'critical']),
  good: z.enum(['below', 'above']),
  bound: z.number(),
  value: z.number().nullable(),
  /** How far the value is on the good side of its bound, as a share of the bound; negative: it is broken. */
  margin: z.number().nullable(),
  /** Whose value it is, such as `service=order`; empty: the whole run's. */
  of: z.string(),
  state: z.enum(['held', 'broken', 'no data']),
});

export const Endpoint = Percentiles.extend({
  name: z.string(),
  method: z.string(),
  requests: z.number(),
  /** Of all requests of the run. */
  share: z.number(),
  /** Requests per second over the whole run. */
  rate: z.number(),
  failed: z.number(),
  failedRatio: z.number(),
});

const Runner = z.object({
  runner: z.string(),
  requests: z.number().nullable(),
  failed: z.number().nullable(),
  iterations: z.number().nullable(),
  dropped: z.number().nullable(),
  /** Why it left no result; empty: it did. */
  missing: z.string(),
});

export const Event = z.object({
  kind: z.enum(['alert', 'deploy', 'restart', 'oom-kill', 'scale', 'other']),
  /** Seconds since the start of the run. */
  at: z.number(),
  until: z.number().nullable(),
  of: z.string(),
  text: z.string(),
});

const Environment = z.object({
  versions: labels,
  services: z.array(
    z.object({
      name: z.string(),
      namespace: z.string(),
      image: z.string(),
      replicas: z.number(),
      cpuLimit: z.number().nullable(),
      memoryLimit: z.number().nullable(),
      cpuRequest: z.number().nullable(),
      memoryRequest: z.number().nullable(),
    }),
  ),
  nodes: z.array(z.object({ name: z.string(), cores: z.number(), memory: z.number(), kubelet: z.string() })),
  options: labels,
  configHash: z.string(),
  commit: z.string().nullable(),
});

export const Trace = z.object({
  traceId: z.string(),
  start: z.string(),
  duration: z.number(),
  endpoint: z.string(),
  errors: z.number(),
  /** The largest parts of its critical path. */
  path: z.array(z.object({ service: z.string(), span: z.string(), time: z.number(), share: z.number() })),
});

const Stage = z.enum(['queue', 'compute', 'pool-wait', 'database', 'cache', 'downstream']);

/** What held the run up. */
const Cause = z.object({
  outcome: z.enum(['named', 'none', 'undetermined', 'invalid']),
  confidence: z.enum(['high', 'medium', 'low']).nullable(),
  /** When it got worse, and by which signs one sees that. */
  degradation: z
    .object({
      began: z.number(),
      until: z.number(),
      signs: z.array(
        z.object({
          sign: z.enum(['budget', 'latency', 'throughput', 'errors', 'lag', 'restarts', 'exhausted']),
          at: z.number(),
          before: z.number(),
          worst: z.number(),
          of: z.string(),
          /** What filled up. */
          resource: z.string().nullable(),
        }),
      ),
    })
    .nullable(),
  /** Resources that may be the cause, the likeliest first. */
  candidates: z.array(
    z.object({
      resource: z.string(),
      of: z.string(),
      stage: Stage.nullable(),
      /** When it came to its knee, and how long before it got worse. */
      crossedAt: seconds,
      lead: seconds,
      /** Highest pressure: 1 is the knee. */
      peak: z.number().nullable(),
      timeAtKnee: z.number(),
      /** Of the growth of latency, or of errors. */
      share: z.number().nullable(),
      /** What it is only a consequence of. */
      explainedBy: z.string().nullable(),
    }),
  ),
  followed: z.array(z.object({ resource: z.string(), of: z.string(), after: z.number() })),
  /** Where the time of a request grew, in seconds before and after. */
  growth: z.array(
    z.object({
      service: z.string(),
      stage: Stage,
      before: z.number(),
      after: z.number(),
      share: z.number(),
    }),
  ),
});

/** With the bounds of its 95 % confidence interval. */
const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** The Universal Scalability Law: throughput = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)). */
const Scalability = z.object({
  /** Sentences for people, in the language of the report. */
  conclusion: z.array(z.string()),
  refused: z
    .object({
      refused: z.enum(['few-levels', 'narrow-range', 'no-spread', 'poor-fit']),
      found: z.number(),
      needed: z.number(),
    })
    .nullable(),
  fit: z
    .object({
      lambda: Estimate,
      sigma: Estimate,
      kappa: Estimate,
      rSquared: z.number(),
      peak: Estimate.extend({ throughput: z.number(), beyond: z.boolean() }).nullable(),
      knee: z.number().nullable(),
    })
    .nullable(),
  /** Virtual users and requests per second. */
  points: z.array(z.tuple([z.number(), z.number()])),
  curve: z.array(z.tuple([z.number(), z.number()])),
});

const amount = {
  cpuHours: z.number().nullable(),
  memoryGibHours: z.number().nullable(),
  price: z.number().nullable(),
  pricePerThousand: z.number().nullable(),
};

const Cost = z.object({
  /** What is counted: what was used, or what is set on the containers. */
  basis: z.enum(['usage', 'requests', 'limits']),
  currency: z.string(),
  items: z.array(z.object({ name: z.string(), kind: z.string(), covered: z.number(), ...amount })),
  total: z.object(amount),
});

export const Report = z.object({
  format: z.literal('loadscope.report'),
  version: z.literal(1),
  language: z.enum(['en', 'ko']),
  run: z.object({
    testid: z.string(),
    start: z.string(),
    end: z.string(),
    duration: z.number(),
    loadTest: z.string().nullable(),
    scenario: z.string().nullable(),
    profile: z.string().nullable(),
    service: z.string().nullable(),
    url: z.string().nullable(),
    engine: z.string().nullable(),
    runners: z.number().nullable(),
  }),
  verdict: z
    .object({
      verdict: z.enum(['pass', 'fail', 'invalid']),
      /** Why it failed, or says nothing. */
      reasons: z.array(z.string()),
      budgets: z.array(Budget),
      checks: z.array(z.object({ name: z.string(), state: z.enum(['held', 'broken', 'unknown']), text: z.string() })),
      runners: z.array(Runner),
      /** Why nothing is known of the runners; empty: something is. */
      runnersMissing: z.string(),
    })
    .nullable(),
  /** Sentences for people, in the language of the report. */
  conclusion: z.array(z.string()),
  cause: Cause,
  scalability: Scalability,
  cost: Cost,
  load: z.object({
    asked: z.object({ vus: z.number().nullable(), rate: z.number().nullable(), duration: seconds }),
    reached: z.object({
      vus: z.number().nullable(),
      /** Requests per second at full load, or over the whole run where that was short; and at most. */
      rate: z.number().nullable(),
      peak: z.number().nullable(),
      requests: z.number().nullable(),
      failed: z.number().nullable(),
      /** Iterations that were due and not begun. */
      dropped: z.number().nullable(),
    }),
    /** With at least 95 % of the most virtual users, by the clock 90 % of the highest rate; seconds since the start. */
    full: z.object({ from: z.number(), until: z.number() }).nullable(),
  }),
  latency: Percentiles.extend({
    buckets: z.array(z.tuple([z.number(), z.number(), z.number()])),
  }),
  errors: z.object({
    ratio: z.number().nullable(),
    /** Failed requests by service and status class, from what services measure; the mean of the run. */
    services: z.array(z.object({ service: z.string(), ratio: z.number() })),
    /** How what virtual users asked for ended. */
    outcomes: z.array(z.object({ of: z.string(), outcome: z.string(), count: z.number() })),
  }),
  endpoints: z.array(Endpoint),
  charts: z.array(Chart),
  traces: z.array(Trace),
  events: z.array(Event),
  environment: Environment,
  /** What was not measured, and why. */
  gaps: z.array(z.string()),
});

export type Report = z.infer<typeof Report>;
export type Chart = z.infer<typeof Chart>;
export type ChartSeries = z.infer<typeof ChartSeries>;
export type Point = z.infer<typeof Point>;
export type Percentiles = z.infer<typeof Percentiles>;

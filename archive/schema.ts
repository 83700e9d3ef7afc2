import * as z from 'zod';
import type { CostRates } from '../model/cost.ts';
import type { DataSystem } from '../model/data-systems.ts';
import { testidMistake } from '../runs/names.ts';
import type { Part, TraceFacts } from '../traces/facts.ts';
import type { VerdictDocument } from '../verdict/report.ts';
import type {
  ArchivedEndpoint,
  ArchivedPanel,
  ArchivedQuery,
  ArchivedRun,
  ArchivedSeries,
  Environment,
  LatencySlice,
  RunArchive,
  RunEvent,
} from './archive.ts';

/**
 * The shape of an archive, to hold files of others against. A field that the types have and that is missing here, or
 * is of another type, does not compile. Fields that it does not know are let through: an addition is no new version.
 */

type Fields<Of> = { readonly [Name in keyof Of]-?: z.ZodType<Of[Name]> };

const object = <Of extends object>(fields: Fields<Of>) => z.looseObject(fields) as unknown as z.ZodType<Of>;

const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);

// There are hundreds of thousands of these, of which zod would make copies.
const values = z.custom<ArchivedSeries['values']>(
  (list) => Array.isArray(list) && list.every((value) => value === null || isNumber(value)),
  'must be a list of numbers and nulls',
);
const buckets = z.custom<LatencySlice['buckets']>(
  (list) => Array.isArray(list) && list.every((one) => Array.isArray(one) && one.length === 3 && one.every(isNumber)),
  'must be a list of [lower bound, upper bound, how many]',
);

const texts = z.record(z.string(), z.string());
const text = z.string();
const number = z.number();
/** It becomes the name of files. */
const testid = text.refine((id) => testidMistake(id) === undefined, 'is no id of a run');

const series = z.array(object<ArchivedSeries>({ labels: texts, values }));
const slice = object<LatencySlice>({ at: number, count: number, sum: number, buckets });

const price = number.optional();
/** What the config was held against is not held again: a later version may have more fields. */
const rates = object<CostRates>({
  currency: text,
  basis: z.enum(['usage', 'requests', 'limits']),
  cpuHour: price,
  memoryGibHour: price,
  overrides: z.array(
    object<CostRates['overrides'][number]>({ name: text, cpuHour: price, memoryGibHour: price, hour: price }),
  ),
});

const run = object<ArchivedRun>({
  testid,
  start: number,
  end: number,
  loadTest: text.optional(),
  scenario: text.optional(),
  profile: text.optional(),
  service: text.optional(),
  url: text.optional(),
  engine: z.enum(['jobs', 'operator']).optional(),
  runners: number.optional(),
  vus: number.optional(),
  rate: number.optional(),
  duration: number.optional(),
  suite: text.optional(),
  launched: text.optional(),
});

type Budget = VerdictDocument['budgets'][number];
type Check = VerdictDocument['checks'][number];
type Fleet = Exclude<NonNullable<VerdictDocument['runners']>, { readonly missing: string }>;
type Runner = Exclude<Fleet[number], { readonly missing: string }>;

const check = object<Check>({ name: text, state: z.enum(['held', 'broken', 'unknown']), text });

export const verdictDocument = object<VerdictDocument>({
  version: number,
  testid: text,
  service: text.nullable(),
  scenario: text.nullable(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  verdict: z.enum(['pass', 'fail', 'invalid']),
  reasons: z.array(text),
  budgets: z.array(
    object<Budget>({
      budget: text,
      job: text,
      indicator: text as unknown as z.ZodType<Budget['indicator']>,
      severity: text as unknown as z.ZodType<Budget['severity']>,
      good: z.enum(['below', 'above']),
      bound: number,
      value: number.nullable(),
      used: number.nullable(),
      labels: texts.nullable(),
      state: z.enum(['held', 'broken', 'no data']),
    }),
  ),
  checks: z.array(check),
  runners: z.union([
    z.null(),
    z.object({ missing: text }),
    z.array(
      z.union([
        z.object({ runner: text, missing: text }),
        object<Runner>({
          runner: text,
          requests: number,
          failed: number,
          iterations: number,
          dropped: number,
          broken: z.array(text),
          findings: z.array(check).optional(),
        }),
      ]),
    ),
  ]),
});

const unit = text as unknown as z.ZodType<ArchivedPanel['unit']>;

const query = object<ArchivedQuery>({
  legend: text,
  dashed: z.boolean().optional(),
  unit: unit.optional(),
  instant: z.boolean(),
  series,
  histograms: z.array(slice).optional(),
});

const panel = object<ArchivedPanel>({
  title: text,
  description: text,
  type: z.enum(['gauge', 'stat', 'timeseries', 'heatmap', 'status-history', 'table']),
  unit,
  thresholds: z
    .object({ warning: number.optional(), critical: number.optional(), below: z.boolean().optional() })
    .optional(),
  stacked: z.boolean().optional(),
  row: text,
  boards: z.array(z.enum(['overview', 'verdict', 'bottleneck'])),
  queries: z.array(query),
});

const environment = object<Environment>({
  versions: texts,
  services: z.array(
    object<Environment['services'][number]>({
      name: text,
      namespace: text,
      image: text,
      replicas: number,
      cpuLimit: number.optional(),
      memoryLimit: number.optional(),
      cpuRequest: number.optional(),
      memoryRequest: number.optional(),
    }),
  ),
  nodes: z.array(object<Environment['nodes'][number]>({ name: text, cores: number, memory: number, kubelet: text })),
  options: texts,
  configHash: text,
  commit: text.optional(),
});

const trace = object<TraceFacts>({
  traceId: text,
  start: z.iso.datetime(),
  duration: number,
  endpoint: text,
  services: z.array(text),
  errors: number,
  path: z.array(object<Part>({ service: text, span: text, detail: text.nullable(), time: number, share: number })),
});

export const runArchive = object<RunArchive>({
  format: z.literal('loadscope.run'),
  version: z.literal(1),
  written: z.iso.datetime(),
  run,
  verdict: verdictDocument.nullable(),
  axis: object<RunArchive['axis']>({ start: number, step: number.positive(), count: z.int().positive() }),
  figures: z.record(text, series),
  places: z.record(
    text,
    object<RunArchive['places'][string]>({
      stage: text as unknown as z.ZodType<RunArchive['places'][string]['stage']>,
      depth: number,
    }),
  ),
  systems: z.array(
    object<DataSystem>({
      instance: text,
      kind: z.enum(['mysql', 'redis', 'kafka', 'elasticsearch']),
      workload: text.optional(),
      namespace: text.optional(),
    }),
  ),
  endpoints: z.array(
    object<ArchivedEndpoint>({
      name: text,
      method: text.optional(),
      requests: number,
      failed: number,
      latency: z.array(slice),
    }),
  ),
  panels: z.array(panel),
  events: z.array(
    object<RunEvent>({
      kind: z.enum(['alert', 'deploy', 'restart', 'oom-kill', 'scale', 'other']),
      at: number,
      until: number.optional(),
      of: text,
      text,
    }),
  ),
  environment,
  rates: rates.optional(),
  traces: z.array(trace),
  gaps: z.array(text),
});

import type { RunArchive } from '../../archive/archive.ts';
import type { Stage } from '../../model/stage.ts';
import type { Baseline, StageGrowth } from './attribution.ts';
import { figureOf, meanIn, quantileIn, type Range, type Values, valuesOf } from './series.ts';
import * as least from './thresholds.ts';

/** Where the time of users' requests went, and how much more of it than before. */
export interface Growth {
  readonly stages: readonly StageGrowth[];
  /** Whether services tell of their time at all. */
  readonly isMeasured: boolean;
}

const own = ['compute', 'pool-wait', 'database', 'cache'] as const satisfies readonly Stage[];

/**
 * By the law of forced flow: what a stage of a service takes per visit, times the visits that a user's request leads to.
 * What a caller waits for is counted where it is spent: in the service that it calls, or in front of that, as its queue.
 */
export function growthOf(archive: RunArchive, degraded: Range, baseline: Baseline): Growth {
  const { before, after } = windows(archive, degraded, baseline);
  const stages = parts(archive)
    .map(({ service, stage, visit, visits }) => {
      const now = after(visits) ?? 0;
      // Who else was there just before, or while the load was still small, counts among the visits of few requests.
      const usual = Math.min(before(visits) ?? 0, now);
      return {
        ...{ service, stage, before: (before(visit) ?? 0) * usual, after: (after(visit) ?? 0) * now },
        factor: (after(visit) ?? 0) / Math.max(before(visit) ?? 0, shortest),
      };
    })
    .map((part) => ({ ...part, growth: Math.max(0, part.after - part.before) }));
  const client = valuesOf(archive, 'client_mean');
  const [slower, normal] = [after(client), before(client)];
  const all = stages.reduce((sum, { growth }) => sum + growth, 0);
  const seconds = Math.max(slower !== undefined && normal !== undefined ? slower - normal : 0, all);
  const isMeasured = stages.length > 0;
  if (seconds < Math.max(least.negligible.seconds, least.negligible.share * (normal ?? 0)))
    return { stages: [], isMeasured };
  return {
    stages: stages
      .map(({ growth, ...part }) => ({ ...part, share: growth / seconds }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share),
    isMeasured,
  };
}

/** Seconds below which a stage wavers, and is no measure of how many times it grew. */
const shortest = 0.0005;

/** How a series was before, and once the rates that look back had filled with what came after. */
function windows(archive: RunArchive, degraded: Range, { method, from, until }: Baseline) {
  const indexOf = (time: number) => Math.round((time - archive.axis.start) / archive.axis.step);
  const base = { from: indexOf(from), to: indexOf(until) };
  const filled = degraded.from + Math.floor(0.4 * (degraded.to - degraded.from));
  return {
    before: (values: Values) =>
      method === 'before'
        ? quantileIn(values, base, 0.5)
        : method === 'best'
          ? quantileIn(values, base, least.baselineQuantile)
          : 0,
    after: (values: Values) => meanIn(values, { from: filled, to: degraded.to }),
  };
}

interface Part {
  readonly service: string;
  readonly stage: Stage;
  /** Seconds of one visit. */
  readonly visit: Values;
  /** Visits of one request of a user. */
  readonly visits: Values;
}

function parts(archive: RunArchive): Part[] {
  const requests = valuesOf(archive, 'requests');
  const perRequest = (rate: Values) =>
    rate.map((value, index) => {
      const all = requests[index] ?? 0;
      return value === null || all <= 0 ? null : value / all;
    });
  const stages = figureOf(archive, 'stage');
  const of = (service: string, stage: string) =>
    stages.find(({ labels }) => labels.service === service && labels.stage === stage)?.values;
  const served = (service: string) =>
    figureOf(archive, 'served').find(({ labels }) => labels.service === service)?.values ?? [];
  const services = [...new Set(stages.map(({ labels: { service = '' } }) => service))];
  return services.flatMap((service) => {
    const visits = perRequest(served(service));
    const queue = of(service, 'queue') ?? queueBefore(archive, service, of(service, 'total') ?? []);
    return [
      ...own.flatMap((stage) => {
        const visit = of(service, stage);
        return visit ? [{ service, stage, visit, visits }] : [];
      }),
      { service, stage: 'queue' as const, visit: queue, visits },
      ...callsOf(archive, service)
        .filter(({ callee }) => !services.includes(callee))
        .map(({ seconds, rate }) => ({
          ...{ service, stage: 'downstream' as const, visit: seconds, visits: perRequest(rate) },
        })),
    ];
  });
}

/** What callers wait for a service beyond what it takes itself. */
function queueBefore(archive: RunArchive, callee: string, total: Values): Values {
  const calls = figureOf(archive, 'calls').filter(({ labels }) => labels.client_name === callee);
  return total.map((own, index) => {
    const waited = calls.map(({ values }) => values[index]).filter((value) => typeof value === 'number');
    return own === null || waited.length === 0 ? null : Math.max(0, Math.max(...waited) - own);
  });
}

const callsOf = (archive: RunArchive, caller: string) =>
  figureOf(archive, 'calls')
    .filter(({ labels }) => labels.service === caller)
    .map(({ labels: { client_name: callee = '' }, values: seconds }) => ({
      ...{ callee, seconds },
      rate:
        figureOf(archive, 'call_rate').find(({ labels }) => labels.service === caller && labels.client_name === callee)
          ?.values ?? [],
    }));

import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { type Matchers, selector } from '../model/promql.ts';
import { pressure, type Resource, verdictScore } from '../model/resource.ts';
import { clientP95, clientSeconds, stageSeconds } from '../model/stage.ts';
import type { Target } from '../model/target.ts';
import { type Rule, ruleOf } from './rule.ts';

/**
 * Which resource holds a run up. Queues fill up in front of what is slow, so several resources are at their knee at once:
 * among those in whose stage the time of requests grew, the one furthest from the user is the cause. The method was
 * tried on a Spring Boot shop, where it named the right resource in 82 of 83 evaluations, and the highest utilisation
 * in 42 of 97.
 */

/** Of a run, so that what was normal before it, or in another, is no measure. */
const ofRun = 'testid_service:stage_seconds:mean';
const growth = 'testid_service:stage_growth:seconds';
const relevant = 'stage:growth_share:ratio';
const score = 'resource:bottleneck:score';

/** The lowest decile of the last hour is what a request takes while nothing holds it up. */
const before = (series: string) => `quantile_over_time(0.1, ${series}[1h])`;

/** A stage counts that has at least this share of the growth, and takes this many times as long as before. */
const least = { share: 0.05, factor: 1.5 };
/** Seconds below which a stage has not grown but wavers. */
const floor = 0.0005;
/** A run is held up whose p95 is this many times what it was, and this many seconds. */
const degraded = { factor: 1.5, seconds: 0.1 };

const alert: Alert = {
  alert: 'BottleneckFound',
  expr: verdictScore.name,
  for: '30s',
  severity: 'info',
  summary: '{{ $labels.resource }} of {{ $labels.of }} holds the load test up',
  description:
    'It is at its knee, requests wait in the stage that it belongs to ({{ $labels.stage }}), and nothing further down is. Give it more, or make the requests need less of it; then the next one will show.',
};

/** Whether the time of requests is recorded on both sides: there are services, and a load test of one of them. */
export const measuresStages = (targets: readonly Target[]): boolean => {
  const records = targets.flatMap(({ recordings = [] }) => recordings.map(({ record }) => record));
  return [stageSeconds, clientSeconds, clientP95].every((name) => records.includes(name));
};

/** The layers of time and of verdict; that of pressure is each resource's own. */
export function bottleneck(config: Config, targets: readonly Target[]): Rule[] {
  if (!measuresStages(targets)) return [];
  const others = `${growth}{stage!~"total|queue"}`;
  const total = `(${growth}{stage="total"} > ${floor})`;
  const client = `(max by (testid) (${clientSeconds} - ${before(clientSeconds)}) > ${floor})`;
  const share = `${others} / on (testid, service) group_left () max by (testid, service) ${total} or ${growth}{stage="queue"} / on (testid) group_left () ${client}`;
  return [
    {
      record: stageSeconds,
      labels: { stage: 'queue' },
      expr: `clamp_min(max by (service) (${clientSeconds}) - max by (service) (${stageSeconds}{stage="total"}), 0)`,
    },
    {
      record: ofRun,
      expr: `${stageSeconds} * on () group_left (testid) topk(1, group by (testid) (${clientSeconds}))`,
    },
    { record: growth, expr: `clamp_min(${ofRun} - ${before(ofRun)}, 0)` },
    {
      record: relevant,
      expr: `max by (stage) ((${share}) >= ${least.share} and ${ofRun} / clamp_min(${before(ofRun)}, ${floor}) >= ${least.factor})`,
    },
    ...scores(targets.flatMap(({ resources = [] }) => resources)),
    {
      record: verdictScore.name,
      expr: `topk(1, ${score}) and on () (max(${clientP95} / (${before(clientP95)} > 0)) >= ${degraded.factor}) and on () (max(${clientP95}) >= ${degraded.seconds})`,
    },
    ruleOf(config, alert, 'bottleneck-detection'),
  ];
}

/** Of each resource at its knee in a stage that grew: its depth before the point, its pressure behind it. */
function scores(resources: readonly Resource[]): Rule[] {
  const byName = new Map(resources.map((resource) => [resource.resource, resource]));
  return [...byName.values()].flatMap(({ resource, place, elsewhere = [] }) => {
    const others = elsewhere.map(({ of }) => of).join('|');
    return [
      ...(place ? [scoreOf(resource, place, others ? { of: `!~${others}` } : {})] : []),
      ...elsewhere.flatMap(({ of, place: own }) => (own ? [scoreOf(resource, own, { of: `=${of}` })] : [])),
    ];
  });
}

const scoreOf = (resource: string, { stage, depth }: NonNullable<Resource['place']>, whose: Matchers<'of'>): Rule => ({
  record: score,
  labels: { resource, stage },
  expr: `${depth} + clamp_max(max by (of) (${selector(pressure.name, { resource: `=${resource}`, ...whose })}) >= 1, 9.9) / 10 and on () ${relevant}{stage="${stage}"}`,
});

import type { Panel } from '../model/panel.ts';
import { count, max, orZero, select } from '../model/promql.ts';
import { pressure, verdictScore } from '../model/resource.ts';

/**
 * The resources by how near they are to their knee. Those of data systems have no service and are always shown; those
 * of services follow the choice of services.
 */
const pressures = max(select(pressure, { service: '=~$service|' }), 'of', 'resource');
/** Over the time that the dashboard shows; what is below counts steps of 15 s. */
const eachStep = '[$__range:15s]';

export const atTheKnee: Panel = {
  title: 'Resources at their limit',
  description:
    'How many resources are at or past their knee just now. 0 with a latency that grew means a resource that nothing here measures: a lock in the code, or a system without an exporter.',
  type: 'stat',
  unit: 'short',
  thresholds: { warning: 1, critical: 2 },
  queries: [{ expr: orZero(count(`${pressures} >= 1`)), legend: 'at their limit' }],
};

/** Only where runs and services are known, which is where it is recorded. */
export const limiting: Panel = {
  title: 'What holds the load test up',
  description:
    'Of the resources at their knee, the one furthest from the user in whose stage the time of requests grew. "nothing" while p95 is less than half above what it was, or no resource that is measured explains it.',
  type: 'stat',
  unit: 'none',
  names: true,
  queries: [
    {
      expr: `${max(select(verdictScore), 'resource', 'of')} or on () label_replace(vector(0), "resource", "nothing", "", "")`,
      legend: '{{of}} {{resource}}',
    },
  ],
};

export const ranking: Panel = {
  title: 'Ranking of the resources',
  description:
    'Highest pressure first; 1 is the knee, from where on latency grows. Queues fill up in front of what is slow, so of several past 1 the cause is the one furthest from the user: the database before the pool, the pool before the threads. How long each was past it, and since when, tells them apart.',
  type: 'table',
  unit: 'none',
  thresholds: { warning: 0.8, critical: 1 },
  queries: [
    { expr: `max_over_time(${pressures}${eachStep})`, legend: 'highest pressure' },
    { expr: pressures, legend: 'pressure now' },
    {
      expr: `15 * sum_over_time((${pressures} >= bool 1)${eachStep})`,
      legend: 'time at the limit',
      unit: 'dtdurations',
    },
    {
      expr: `time() - min_over_time(timestamp(${pressures} >= 1)${eachStep}) or 0 * ${pressures}`,
      legend: 'since',
      unit: 'dtdurations',
    },
  ],
};

export const pressureOverTime: Panel = {
  title: 'Pressure by resource',
  description:
    'Every resource on one scale, 1 being its knee. The first line to cross it as the load rises is the limit of the system; a straight line to it is plain use, a bend upwards is contention.',
  type: 'timeseries',
  unit: 'none',
  thresholds: { warning: 0.8, critical: 1 },
  queries: [{ expr: pressures, legend: '{{of}} {{resource}}' }],
};

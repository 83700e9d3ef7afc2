import type { Config } from '../../model/config.ts';
import { partsOf } from '../../model/metric.ts';
import { rate, ratio, ruleWindow, selector, sum } from '../../model/promql.ts';
import type { Recording } from '../../model/recording.ts';
import { type Stage, stageSeconds } from '../../model/stage.ts';
import { metrics } from './metrics.ts';

const requests = partsOf(metrics.requests);
const acquire = partsOf(metrics.poolAcquire);
const clientRequests = partsOf(metrics.clientRequests);
const answered = { uri: '!~/actuator.*' } as const;

/**
 * Mean seconds of a request in each stage. By Little's law the time that is spent in a stage in a second is the number
 * of threads in it: nothing between two scrapes is lost, as it would be of gauges.
 */
export function stages(config: Config): Recording[] {
  const window = ruleWindow(config);
  const perRequest = (seconds: string) => ratio(seconds, sum(rate(requests.count, answered, window), 'service'));
  const stage = (name: Stage | 'total', expr: string): Recording => ({
    record: stageSeconds,
    labels: { stage: name },
    expr,
  });
  const measured = {
    'pool-wait': sum(rate(acquire.sum, {}, window), 'service'),
    database: sum(rate(metrics.poolUsageSum, {}, window), 'service'),
    cache: sum(rate(metrics.redisCommandSum, {}, window), 'service'),
    downstream: sum(rate(clientRequests.sum, {}, window), 'service'),
  };
  const total = selector(stageSeconds, { stage: '=total' });
  const elsewhere = sum(selector(stageSeconds, { stage: `=~${Object.keys(measured).join('|')}` }), 'service');
  return [
    stage('total', perRequest(sum(rate(requests.sum, answered, window), 'service'))),
    ...Object.entries(measured).map(([name, seconds]) => stage(name as Stage, perRequest(seconds))),
    // What no timer explains; a service without pool and cache has all of its time here.
    stage('compute', `clamp_min(${sum(total, 'service')} - (${elsewhere} or 0 * ${sum(total, 'service')}), 0)`),
  ];
}

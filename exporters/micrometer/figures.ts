import type { Config } from '../../model/config.ts';
import type { Figure } from '../../model/figure.ts';
import { partsOf } from '../../model/metric.ts';
import { max, rate, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import { stageSeconds } from '../../model/stage.ts';
import { metrics } from './metrics.ts';
import { failureShare, requestRate } from './red.ts';

const calls = partsOf(metrics.clientRequests);

/** What archives of runs keep of each service: where its time goes, whom it calls, what it answers. */
export function figures(config: Config): Figure[] {
  const window = ruleWindow(config);
  const callRate = sum(rate(calls.count, {}, window), 'service', 'client_name');
  return [
    { name: 'stage', expr: max(stageSeconds, 'service', 'stage') },
    { name: 'calls', expr: ratio(sum(rate(calls.sum, {}, window), 'service', 'client_name'), callRate) },
    { name: 'call_rate', expr: callRate },
    { name: 'served', expr: requestRate({}, ['service'], window) },
    { name: 'server_errors', expr: failureShare({}, ['service'], window) },
    { name: 'produce_throttle', expr: max(select(metrics.producerThrottle), 'service') },
  ];
}

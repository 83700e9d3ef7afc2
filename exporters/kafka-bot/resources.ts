import type { Config } from '../../model/config.ts';
import { rate, ratio, ruleWindow, sum } from '../../model/promql.ts';
import type { Resource } from '../../model/resource.ts';
import { metrics } from './metrics.ts';

/** The bot itself: more than one message in a hundred that is not sent, and a run measures its generator. */
export function resources(config: Config): Resource[] {
  const window = ruleWindow(config);
  const dropped = sum(rate(metrics.dropped, {}, window), 'testid');
  const due = sum(rate(metrics.due, {}, window), 'testid');
  return [{ resource: 'load-generator', facet: 'errors', of: 'testid', pressure: `${ratio(dropped, due)} / 0.01` }];
}

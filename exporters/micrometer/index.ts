import type { Config } from '../../model/config.ts';
import { max, ratio, ruleWindow, select, sum } from '../../model/promql.ts';
import type { Target } from '../../model/target.ts';
import { alerts } from './alerts.ts';
import { figures } from './figures.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { indicators, recordings } from './red.ts';
import { stages } from './stages.ts';
import { busy, consumerBusy, heapAfterCollection, pauses, threadsBusy } from './use.ts';

/** What Spring Boot services expose, as panels and resources. */
export function micrometer(
  config: Config,
): Required<Pick<Target, 'metrics' | 'recordings' | 'alerts' | 'indicators' | 'figures' | 'resources' | 'panels'>> {
  const window = ruleWindow(config);
  const poolMax = sum(select(metrics.poolMax), 'service', 'pod');
  return {
    metrics,
    recordings: [...recordings, ...stages(config)],
    alerts: alerts(config),
    indicators,
    figures: figures(config),
    resources: [
      {
        resource: 'hikari-pool',
        place: { stage: 'pool-wait', depth: 2 },
        facet: 'utilization',
        of: 'service',
        pressure: `${max(ratio(busy({}, window), poolMax), 'service')} / 0.9`,
      },
      {
        resource: 'hikari-pool',
        place: { stage: 'pool-wait', depth: 2 },
        facet: 'saturation',
        of: 'service',
        // A fifth as many as there are connections wait for one.
        pressure: `${max(ratio(sum(select(metrics.poolPending), 'service', 'pod'), poolMax), 'service')} / 0.2`,
      },
      {
        resource: 'tomcat-threads',
        place: { stage: 'queue', depth: 1 },
        facet: 'utilization',
        of: 'service',
        pressure: `${threadsBusy()} / 0.9`,
      },
      {
        resource: 'jvm-heap',
        place: { stage: 'compute', depth: 5 },
        facet: 'utilization',
        of: 'service',
        pressure: `${heapAfterCollection()} / 0.85`,
      },
      {
        resource: 'jvm-heap',
        place: { stage: 'compute', depth: 5 },
        facet: 'saturation',
        of: 'service',
        // A tenth of the time in pauses.
        pressure: `${pauses({}, window)} / 0.1`,
      },
      { resource: 'kafka-consumer', facet: 'utilization', of: 'service', pressure: `${consumerBusy()} / 0.95` },
      {
        resource: 'kafka-broker',
        facet: 'saturation',
        of: 'service',
        // A twentieth of a second that the broker makes a producer wait: by a quota, nothing else does.
        pressure: `${max(select(metrics.producerThrottle), 'service')} / 50`,
      },
    ],
    panels: panels(config),
  };
}

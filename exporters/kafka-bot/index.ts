import type { Config } from '../../model/config.ts';
import { rate, ruleWindow, sum } from '../../model/promql.ts';
import type { Target } from '../../model/target.ts';
import { loadFigures } from '../load-figures.ts';
import { alerts } from './alerts.ts';
import { indicators, perSecondOf, shareOfGivenUp } from './indicators.ts';
import { metrics } from './metrics.ts';
import { panels } from './panels.ts';
import { resources } from './resources.ts';

/** The Kafka bots, which are scraped as long as they run. */
export function kafkaBot(config: Config): Target | undefined {
  if (config.kafkaBots.length === 0) return undefined;
  const own = indicators(config);
  return {
    name: 'kafka-bot',
    title: 'Kafka bot',
    metrics,
    alerts: alerts(config),
    indicators: own,
    figures: [
      ...loadFigures(own.filter(({ indicator }) => indicator !== 'error_ratio')),
      { name: 'error_ratio', expr: shareOfGivenUp(perSecondOf(config))({ testid: '=$testid' }, []) },
      { name: 'dropped', expr: sum(rate(metrics.dropped, { testid: '=$testid' }, ruleWindow(config))) },
    ],
    resources: resources(config),
    panels: panels(config),
    scrape: {
      discovery: { kind: 'pods', namespaces: [config.namespace] },
      comesAndGoes: true,
      relabel: [
        {
          source_labels: [
            '__meta_kubernetes_pod_label_app_kubernetes_io_name',
            '__meta_kubernetes_pod_container_port_name',
          ],
          regex: 'kafka-bot;metrics',
          action: 'keep',
        },
        // Finished pods keep their address for a while and would read as down.
        { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'instance' },
      ],
    },
  };
}

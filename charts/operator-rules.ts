import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Alert } from '../model/alert.ts';
import { ownSeries, stackLabel } from '../model/own-series.ts';
import { endpointsOf, type Target } from '../model/target.ts';
import { ruleFile } from '../rules/index.ts';
import { labels } from './lib/labels.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** The rules, for the cluster's Prometheus. */
export class OperatorRulesChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    const { namespace, scrapeInterval, output } = config;
    const own = ownSeries(targets, namespace);
    const { groups } = ruleFile(config, targets.map(withMissingAlerts));
    new ApiObject(this, 'rules', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: namespace, labels: { ...labels(namespace), ...output.prometheus.labels } },
      spec: {
        groups: groups.map(({ name, rules }) => ({
          name: `${namespace}-${name}`,
          // As often as the stack's own Prometheus does it; that of the cluster has another default.
          interval: scrapeInterval,
          rules: rules.map((rule) => ({
            ...rule,
            expr: own(rule.expr),
            ...('alert' in rule ? { labels: { ...rule.labels, [stackLabel]: namespace } } : {}),
          })),
        })),
      },
    });
  }
}

/** What is found by its Service has no `up` at all when its pod is gone, where an address known beforehand reads 0. */
const withMissingAlerts = (target: Target): Target => ({
  ...target,
  alerts: [
    ...(target.alerts ?? []),
    ...endpointsOf(target).map(
      ({ instance }): Alert => ({
        alert: 'TargetMissing',
        expr: `absent(up{job="${target.name}",instance="${instance}"})`,
        for: '5m',
        severity: 'warning',
        summary: '{{ $labels.job }} {{ $labels.instance }} is not scraped',
        description:
          'Prometheus knows of no pod behind it, so panels that read it are empty. Look whether its pod is there, and whether Prometheus took the ServiceMonitor of that name.',
      }),
    ),
  ],
});

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { dashboards } from '../dashboards/index.ts';
import { ownSeries } from '../model/own-series.ts';
import { dashboardConfigMap, dashboardFolder } from './lib/dashboard-config-map.ts';
import { labels } from './lib/labels.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** The dashboards, for a Grafana that the cluster has. */
export class OperatorDashboardsChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { grafana } = props.config.output;
    for (const dashboard of operatorDashboards(props))
      if (grafana.dashboards === 'sidecar') dashboardConfigMap(this, dashboard);
      else
        new ApiObject(this, `dashboard-${dashboard.uid}`, {
          apiVersion: 'grafana.integreatly.org/v1beta1',
          kind: 'GrafanaDashboard',
          metadata: { name: dashboard.uid, labels: labels('grafana') },
          spec: {
            instanceSelector: { matchLabels: grafana.instanceSelector },
            // The Grafana is in another namespace.
            allowCrossNamespaceImport: true,
            folder: dashboardFolder,
            json: JSON.stringify(dashboard),
          },
        });
  }
}

/** The dashboards with queries for a Prometheus that has more than the stack's series. */
export function operatorDashboards({ config, targets }: StackChartProps): Dashboard[] {
  const own = ownSeries(targets, config.namespace);
  return dashboards(config, targets).map((dashboard) =>
    JSON.parse(JSON.stringify(dashboard), (key, value) =>
      // Of panels and annotations the one, of variables the other.
      (key === 'expr' || key === 'query') && typeof value === 'string' ? own(value) : value,
    ),
  );
}

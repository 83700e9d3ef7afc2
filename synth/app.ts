import { App } from 'cdk8s';
import { AlertmanagerChart } from '../charts/alertmanager.ts';
import { CadvisorChart } from '../charts/cadvisor.ts';
import { DemoChart } from '../charts/demo.ts';
import { DemoSystemsChart } from '../charts/demo-systems.ts';
import { ElasticsearchChart } from '../charts/elasticsearch.ts';
import { ExportersChart } from '../charts/exporters.ts';
import { GrafanaChart } from '../charts/grafana.ts';
import type { StackChart, StackChartProps } from '../charts/lib/stack-chart.ts';
import { LoadTestsChart } from '../charts/load-tests.ts';
import { MysqlUsersChart } from '../charts/mysql-users.ts';
import { NamespaceChart } from '../charts/namespace.ts';
import { OperatorDashboardsChart } from '../charts/operator-dashboards.ts';
import { OperatorMonitorsChart } from '../charts/operator-monitors.ts';
import { OperatorRulesChart } from '../charts/operator-rules.ts';
import { PrometheusChart } from '../charts/prometheus.ts';
import { SecretsChart, wantedSecrets } from '../charts/secrets.ts';
import { TraceStorageChart } from '../charts/trace-storage.ts';
import { ZipkinChart } from '../charts/zipkin.ts';
import { targets } from '../exporters/index.ts';
import { type Config, hasRuns } from '../model/config.ts';
import { accountsOf } from '../model/target.ts';
import { traceStorage } from '../model/tracing.ts';
import { withKeepLists } from './keep-lists.ts';

/**
 * The whole stack of a config.
 *
 * @param outdir where the manifests go
 */
export function stack(config: Config, outdir?: string): App {
  const app = new App(outdir ? { outdir } : {});
  const props = propsOf(config);
  const namespace = new NamespaceChart(app, 'namespace', props);
  const others = [
    ...(wantedSecrets(props).length ? [new SecretsChart(app, 'secrets', props)] : []),
    ...monitoringCharts(app, props),
    ...(traceStorage(config).own ? [new ElasticsearchChart(app, 'elasticsearch', props)] : []),
    new ZipkinChart(app, 'zipkin', props),
    new TraceStorageChart(app, 'trace-storage', props),
    new ExportersChart(app, 'exporters', props),
    ...(accountsOf(props.targets).length ? [new MysqlUsersChart(app, 'mysql-users', props)] : []),
    ...(config.containerMetrics.source === 'cadvisor' ? [new CadvisorChart(app, 'cadvisor', props)] : []),
    ...(hasRuns(config) ? [new LoadTestsChart(app, 'load-tests', props)] : []),
    ...(config.demo ? [new DemoSystemsChart(app, 'demo-systems', props), new DemoChart(app, 'demo', props)] : []),
  ];
  // Files are numbered in this order, so that `kubectl apply -f` meets the namespace first.
  for (const chart of others) chart.addDependency(namespace);
  return app;
}

/** As much of the stack as asks Prometheus for something, without the programs that take a second to be bundled. */
export function monitoring(config: Config): App {
  const app = new App();
  monitoringCharts(app, propsOf(config));
  return app;
}

const propsOf = (config: Config): StackChartProps => ({
  config,
  targets: withKeepLists(config, targets(config)),
});

const monitoringCharts = (app: App, props: StackChartProps): StackChart[] =>
  props.config.output.mode === 'plain' ? ownMonitoring(app, props) : operatorObjects(app, props);

const ownMonitoring = (app: App, props: StackChartProps): StackChart[] => [
  new PrometheusChart(app, 'prometheus', props),
  new AlertmanagerChart(app, 'alertmanager', props),
  new GrafanaChart(app, 'grafana', props),
];

/** For the Prometheus and the Grafana that the cluster has. */
const operatorObjects = (app: App, props: StackChartProps): StackChart[] => [
  new OperatorMonitorsChart(app, 'monitors', props),
  new OperatorRulesChart(app, 'rules', props),
  new OperatorDashboardsChart(app, 'dashboards', props),
];

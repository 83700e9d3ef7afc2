import { App } from 'cdk8s';
import { AlertmanagerChart } from '../charts/alertmanager.ts';
import { CadvisorChart } from '../charts/cadvisor.ts';
import { DemoChart } from '../charts/demo.ts';
import { DemoSystemsChart } from '../charts/demo-systems.ts';
import { ElasticsearchChart } from '../charts/elasticsearch.ts';
import { ExportersChart } from '../charts/exporters.ts';
import { GrafanaChart } from '../charts/grafana.ts';
import { K6Chart } from '../charts/k6.ts';
import { MysqlUsersChart } from '../charts/mysql-users.ts';
import { NamespaceChart } from '../charts/namespace.ts';
import { PrometheusChart } from '../charts/prometheus.ts';
import { SecretsChart } from '../charts/secrets.ts';
import { ZipkinChart } from '../charts/zipkin.ts';
import { targets } from '../exporters/index.ts';
import type { Config } from '../model/config.ts';
import { accountsOf } from '../model/target.ts';

/**
 * The whole stack of a config.
 *
 * @param outdir where the manifests go
 */
export function stack(config: Config, outdir?: string): App {
  const app = new App(outdir ? { outdir } : {});
  const props = { config, targets: targets(config) };

  const namespace = new NamespaceChart(app, 'namespace', props);
  const others = [
    new SecretsChart(app, 'secrets', props),
    new PrometheusChart(app, 'prometheus', props),
    new AlertmanagerChart(app, 'alertmanager', props),
    new GrafanaChart(app, 'grafana', props),
    new ElasticsearchChart(app, 'elasticsearch', props),
    new ZipkinChart(app, 'zipkin', props),
    new ExportersChart(app, 'exporters', props),
    ...(accountsOf(props.targets).length ? [new MysqlUsersChart(app, 'mysql-users', props)] : []),
    ...(config.containerMetrics.source === 'cadvisor' ? [new CadvisorChart(app, 'cadvisor', props)] : []),
    ...(config.loadTests.length ? [new K6Chart(app, 'k6', props)] : []),
    ...(config.demo ? [new DemoSystemsChart(app, 'demo-systems', props), new DemoChart(app, 'demo', props)] : []),
  ];
  // Files are numbered in this order, so that `kubectl apply -f` meets the namespace first.
  for (const chart of others) chart.addDependency(namespace);
  return app;
}

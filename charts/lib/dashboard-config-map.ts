import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { labels } from './labels.ts';

/** The folder of the dashboards in Grafana. */
export const dashboardFolder = 'Load Testing';

/**
 * A dashboard as a file in a ConfigMap. Label and annotation are what the sidecar of the Grafana chart looks for by
 * default. They are always there: the stack's own Grafana mounts the file by name, and any other that watches for
 * the label can show it with the data source that is chosen on the dashboard.
 *
 * @returns the name of the ConfigMap
 */
export function dashboardConfigMap(scope: Construct, dashboard: { readonly uid?: string }): string {
  const name = `dashboard-${dashboard.uid}`;
  new k8s.KubeConfigMap(scope, name, {
    metadata: {
      name,
      labels: { ...labels('grafana'), grafana_dashboard: '1' },
      annotations: { grafana_folder: dashboardFolder },
    },
    // Not indented: client-side apply stores a copy in an annotation, which holds 256 KiB.
    data: { [`${dashboard.uid}.json`]: JSON.stringify(dashboard) },
  });
  return name;
}

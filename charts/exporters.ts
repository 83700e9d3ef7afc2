import type { Construct } from 'constructs';
import { deployment } from './deployment.ts';
import { networkPolicy } from './network-policy.ts';
import { access } from './rbac.ts';
import { StackChart, type StackChartProps } from './stack-chart.ts';

/** The exporters of all targets, one Deployment each. */
export class ExportersChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    for (const exporter of targets.flatMap((target) => target.exporters ?? [])) {
      const { name, image, port, probePath, watches, connects, ...pod } = exporter;
      if (watches)
        access(this, {
          name,
          namespace: config.namespace,
          rules: watches.namespaces.map((namespace) => ({
            namespace,
            rule: { apiGroups: [''], resources: [...watches.resources], verbs: ['list', 'watch'] },
          })),
        });
      deployment(this, {
        ...pod,
        name,
        image: this.images[image],
        ports: { metrics: port },
        probes: { port, ready: probePath },
        ...(watches ? { serviceAccount: name } : {}),
      });
      networkPolicy(
        this,
        { name, ingress: [{ from: ['prometheus'], port }], connects: connects ?? [], api: Boolean(watches) },
        config.namespace,
      );
    }
  }
}

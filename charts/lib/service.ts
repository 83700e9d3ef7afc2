import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { labels, selector } from './labels.ts';

/** The Service of a workload: its ports, under the workload's name. */
export const service = (
  scope: Construct,
  name: string,
  ports: Readonly<Record<string, number>>,
  { headless = false } = {},
) =>
  new k8s.KubeService(scope, `${name}-service`, {
    metadata: { name, labels: labels(name) },
    spec: {
      selector: selector(name),
      clusterIp: headless ? 'None' : undefined,
      ports: Object.entries(ports).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: k8s.IntOrString.fromString(port),
      })),
    },
  });

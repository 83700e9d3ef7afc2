import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { labels, selector } from './labels.ts';

type Ports = Readonly<Record<string, number>>;

/** The Service of a workload: its ports, under the workload's name. */
export const service = (scope: Construct, name: string, ports: Ports, { headless = false } = {}) =>
  new k8s.KubeService(scope, `${name}-service`, {
    metadata: { name, labels: labels(name) },
    spec: {
      selector: selector(name),
      clusterIp: headless ? 'None' : undefined,
      ports: servicePorts(ports),
    },
  });

/** The address of every pod of a workload, ready or not, for who speaks to each of them. */
export const podsService = (scope: Construct, workload: string, ports: Ports) =>
  new k8s.KubeService(scope, `${workload}-pods-service`, {
    metadata: { name: `${workload}-pods`, labels: labels(workload) },
    spec: {
      selector: selector(workload),
      clusterIp: 'None',
      publishNotReadyAddresses: true,
      ports: servicePorts(ports),
    },
  });

const servicePorts = (ports: Ports): k8s.ServicePort[] =>
  Object.entries(ports).map(([port, number]) => ({
    name: port,
    port: number,
    targetPort: k8s.IntOrString.fromString(port),
  }));

import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { cadvisorNamespace } from '../model/config.ts';
import { demoNamespace } from '../model/demo.ts';
import { clusterScoped } from './lib/cluster-scoped.ts';
import { labels } from './lib/labels.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/**
 * The namespaces, closed: no pod below the restricted standard, no traffic that no policy allows. The one of
 * cAdvisor has no standard, since cAdvisor reads the nodes' file systems as root. All are in the first file,
 * because accounts of the stack get rights in each.
 */
export class NamespaceChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    closedNamespace(this, config.namespace, 'restricted');
    if (config.containerMetrics.source === 'cadvisor') closedNamespace(this, cadvisorNamespace(config), 'privileged');
    if (config.demo) closedNamespace(this, demoNamespace(config), 'restricted');
  }
}

/** A namespace with a Pod Security level that denies all traffic but DNS. */
function closedNamespace(scope: Construct, name: string, level: 'restricted' | 'privileged'): void {
  clusterScoped(
    new k8s.KubeNamespace(scope, `namespace-${name}`, {
      metadata: {
        name,
        labels: {
          ...labels(name),
          ...Object.fromEntries(
            ['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]),
          ),
        },
      },
    }),
  );
  new k8s.KubeNetworkPolicy(scope, `default-deny-${name}`, {
    metadata: { name: 'default-deny', namespace: name, labels: labels('default-deny') },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
  const ports = ['UDP', 'TCP'].map((protocol) => ({ port: k8s.IntOrString.fromNumber(53), protocol }));
  new k8s.KubeNetworkPolicy(scope, `dns-${name}`, {
    metadata: { name: 'dns', namespace: name, labels: labels('dns') },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          // To anywhere: where DNS answers differs from cluster to cluster (pods of kube-system, a cache on the
          // node, the address of the cloud's own server), and cannot be known here.
          ports,
        },
      ],
    },
  });
}

import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { type Address, whereabouts } from '../../model/address.ts';
import { filled } from './filled.ts';
import { labels, selector } from './labels.ts';

/** A way through the default-deny policy of the namespace. */
export interface NetworkPolicyProps {
  /** The workload it is for, by its name. */
  readonly name: string;
  /** Workloads of its namespace or another that may connect, and the container port they may connect to. */
  readonly ingress?: readonly {
    readonly from: readonly string[];
    readonly namespace?: string;
    readonly port: number;
  }[];
  /** Namespaces all of whose pods may connect to a port. */
  readonly ingressNamespaces?: readonly { readonly namespaces: readonly string[]; readonly port: number }[];
  /** Workloads it may connect to, of its own namespace or another. */
  readonly egress?: readonly { readonly to: string; readonly namespace?: string; readonly port: number }[];
  /** Systems outside its namespace that it may connect to. */
  readonly connects?: readonly Address[];
  /** Namespaces all of whose pods it may connect to. */
  readonly namespaces?: readonly string[];
  /** Whether it uses the Kubernetes API. */
  readonly api?: boolean;
  /** Ports of nodes it may connect to. */
  readonly nodePorts?: readonly number[];
}

const tcp = (port: number): k8s.NetworkPolicyPort => ({ port: k8s.IntOrString.fromNumber(port), protocol: 'TCP' });
const anyPodOf = (namespace: string): k8s.NetworkPolicyPeer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
});

const podsOf = (name: string, namespace?: string): k8s.NetworkPolicyPeer => ({
  ...(namespace ? anyPodOf(namespace) : {}),
  podSelector: { matchLabels: selector(name) },
});

/**
 * Where the API server listens behind its Service: managed clusters, kubeadm and kind, minikube, MicroK8s. Its
 * address is not known here, and policies see it after the Service's own port is translated.
 */
const apiPorts = [443, 6443, 8443, 16443];

export function networkPolicy(scope: Construct, props: NetworkPolicyProps, namespace: string): k8s.KubeNetworkPolicy {
  const {
    name,
    ingress = [],
    ingressNamespaces = [],
    egress = [],
    connects = [],
    namespaces = [],
    api = false,
    nodePorts = [],
  } = props;
  const inCluster = new Set(namespaces);
  const outside = new Set<number>();
  for (const address of connects) {
    const found = whereabouts(address.host, namespace);
    if (found.namespace) inCluster.add(found.namespace);
    if (found.outside) outside.add(address.port);
  }
  return new k8s.KubeNetworkPolicy(scope, `${name}-policy`, {
    metadata: { name, labels: labels(name) },
    spec: {
      podSelector: { matchLabels: selector(name) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: filled([
        ...ingress.map(({ from, namespace: other, port }) => ({
          from: from.map((name) => podsOf(name, other === namespace ? undefined : other)),
          ports: [tcp(port)],
        })),
        ...ingressNamespaces
          // An empty list of peers would mean everyone.
          .filter((allowed) => allowed.namespaces.length > 0)
          .map(({ namespaces: from, port }) => ({ from: from.map(anyPodOf), ports: [tcp(port)] })),
      ]),
      egress: filled([
        ...egress.map(({ to, namespace: other, port }) => ({
          to: [podsOf(to, other)],
          ports: [tcp(port)],
        })),
        // No port: policies see the port of the pod, and the config names that of the Service in front of it.
        ...[...inCluster].map((peer) => ({ to: [anyPodOf(peer)] })),
        ...[...outside].map((port) => ({ ports: [tcp(port)] })),
        ...(api ? [{ ports: apiPorts.map(tcp) }] : []),
        ...nodePorts.map((port) => ({ ports: [tcp(port)] })),
      ]),
    },
  });
}

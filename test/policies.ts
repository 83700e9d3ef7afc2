import type { Manifest } from './stack-fixture.ts';

/** What NetworkPolicies mean: whether they let one pod open a connection to another. */

export interface Pod {
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

export const pod = (name: string, namespace = 'loadscope'): Pod => ({
  namespace,
  labels: { 'app.kubernetes.io/name': name },
});

const matches = (selector: Manifest, labels: Record<string, string>) =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** Rules of every policy that selects the pod for a direction; undefined when none does, and all is allowed. */
export function rules(policies: Manifest[], pod: Pod, direction: 'Ingress' | 'Egress'): Manifest[] | undefined {
  const selecting = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      matches(spec.podSelector, pod.labels),
  );
  return selecting.length ? selecting.flatMap(({ spec }) => spec[direction.toLowerCase()] ?? []) : undefined;
}

export const allows = (rule: Manifest, peers: Manifest[] | undefined, other: Pod, port: number, own: Pod) =>
  (!rule.ports || rule.ports.some((allowed: Manifest) => allowed.port === port)) &&
  (!peers ||
    peers.some(
      (peer) =>
        !peer.ipBlock &&
        (peer.namespaceSelector
          ? matches(peer.namespaceSelector, { 'kubernetes.io/metadata.name': other.namespace })
          : other.namespace === own.namespace) &&
        matches(peer.podSelector, other.labels),
    ));

export function connects(policies: Manifest[], from: Pod, to: Pod, port: number): boolean {
  const out = rules(policies, from, 'Egress');
  const into = rules(policies, to, 'Ingress');
  return (
    (out === undefined || out.some((rule) => allows(rule, rule.to, to, port, from))) &&
    (into === undefined || into.some((rule) => allows(rule, rule.from, from, port, to)))
  );
}

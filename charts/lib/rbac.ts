import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { clusterScoped } from './cluster-scoped.ts';
import { labels } from './labels.ts';

export interface AccessProps {
  /** The workload, and its ServiceAccount. */
  readonly name: string;
  readonly namespace: string;
  /** What it may do, by the namespace it may do it in. */
  readonly rules: readonly { readonly namespace: string; readonly rule: k8s.PolicyRule }[];
  /** What it may do to objects that belong to no namespace. */
  readonly clusterRules?: readonly k8s.PolicyRule[];
}

/** A ServiceAccount with a Role in each namespace it needs; a ClusterRole only for what no namespace holds. */
export function access(scope: Construct, { name, namespace, rules, clusterRules = [] }: AccessProps): void {
  const metadata = { name, labels: labels(name) };
  new k8s.KubeServiceAccount(scope, `${name}-account`, { metadata, automountServiceAccountToken: false });
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  // Objects outside the stack's namespace carry its name, so that two stacks in a cluster do not share them.
  const foreign = `${namespace}-${name}`;
  for (const target of new Set(rules.map((rule) => rule.namespace))) {
    const placed = { ...metadata, name: target === namespace ? name : foreign, namespace: target };
    new k8s.KubeRole(scope, `${name}-role-${target}`, {
      metadata: placed,
      rules: rules.filter((rule) => rule.namespace === target).map(({ rule }) => rule),
    });
    new k8s.KubeRoleBinding(scope, `${name}-binding-${target}`, {
      metadata: placed,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: placed.name },
      subjects,
    });
  }
  if (clusterRules.length === 0) return;
  const clusterWide = { ...metadata, name: foreign };
  clusterScoped(
    new k8s.KubeClusterRole(scope, `${name}-cluster-role`, { metadata: clusterWide, rules: [...clusterRules] }),
  );
  clusterScoped(
    new k8s.KubeClusterRoleBinding(scope, `${name}-cluster-binding`, {
      metadata: clusterWide,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: foreign },
      subjects,
    }),
  );
}

/** To keep a list of objects up to date. */
export const watch = (...resources: string[]): k8s.PolicyRule => ({
  apiGroups: [''],
  resources,
  verbs: ['list', 'watch'],
});

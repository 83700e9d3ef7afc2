import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { labels, selector } from './labels.ts';

/** A node that is emptied takes the pods of a workload one by one, and the last one too. */
export const disruptionBudget = (scope: Construct, name: string): k8s.KubePodDisruptionBudget =>
  new k8s.KubePodDisruptionBudget(scope, `${name}-disruption`, {
    metadata: { name, labels: labels(name) },
    spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: selector(name) } },
  });

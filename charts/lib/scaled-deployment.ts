import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { disruptionBudget } from './disruption-budget.ts';
import { labels, selector } from './labels.ts';
import { type PodProps, podTemplate } from './pod.ts';
import { service } from './service.ts';

export interface ScaledDeploymentProps extends PodProps {
  readonly ports: Readonly<Record<string, number>>;
  /** How many there are, whatever they have to do. @default 1 */
  readonly replicas?: number;
  /** How many there may be where they have much to do, in the place of a fixed number. */
  readonly maxReplicas?: number;
}

/** Pods that may be many and are replaced without a gap, and the Service in front of them. */
export function scaledDeployment(
  scope: Construct,
  { replicas = 1, maxReplicas, ...props }: ScaledDeploymentProps,
): void {
  const { name, ports } = props;
  const metadata = { name, labels: labels(name) };
  service(scope, name, ports);
  new k8s.KubeDeployment(scope, name, {
    metadata,
    spec: {
      // The autoscaler's to say, where there is one: an apply would take its pods away.
      replicas: maxReplicas ? undefined : replicas,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(0), maxSurge: k8s.IntOrString.fromNumber(1) },
      },
      selector: { matchLabels: selector(name) },
      template: podTemplate(props),
    },
  });
  if (maxReplicas || replicas > 1) disruptionBudget(scope, name);
  if (!maxReplicas) return;
  new k8s.KubeHorizontalPodAutoscalerV2(scope, `${name}-autoscaler`, {
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            // A share of the limit: what a pod asks for, which Utilization goes by, is only what it takes at rest.
            target: {
              type: 'AverageValue',
              averageValue: k8s.Quantity.fromString(`${0.7 * props.resources.limits.cpu}m`),
            },
          },
        },
      ],
    },
  });
}

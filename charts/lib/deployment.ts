import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { labels, selector } from './labels.ts';
import { type PodProps, podTemplate } from './pod.ts';
import { service } from './service.ts';

/**
 * One pod without a volume of its own, and the Service in front of it. Never two at a time: a second copy
 * of an exporter doubles every sum.
 */
export function deployment(
  scope: Construct,
  props: PodProps & { readonly ports: Readonly<Record<string, number>> },
): void {
  const { name, ports } = props;
  service(scope, name, ports);
  new k8s.KubeDeployment(scope, name, {
    metadata: { name, labels: labels(name) },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: selector(name) },
      template: podTemplate(props),
    },
  });
}

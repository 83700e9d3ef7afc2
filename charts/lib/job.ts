import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { contentHash } from './content-hash.ts';
import { labels } from './labels.ts';
import { type PodProps, podTemplate } from './pod.ts';

/**
 * A program that runs once when the stack is applied. A Job cannot be changed, so its name ends in a hash of
 * its pod: the same stack applied again leaves it alone, another makes a new one. It goes away a day after it
 * ended; an apply after that runs it again, so it has to bear that.
 */
export function job(scope: Construct, props: PodProps): void {
  const template = podTemplate({ ...props, restartPolicy: 'OnFailure' });
  new k8s.KubeJob(scope, props.name, {
    metadata: { name: `${props.name}-${contentHash(template)}`, labels: labels(props.name) },
    spec: {
      // Tries on while what it needs is not there yet, ten seconds after the first try and up to five minutes apart.
      backoffLimit: 20,
      ttlSecondsAfterFinished: 86_400,
      template,
    },
  });
}

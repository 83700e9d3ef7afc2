import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Config } from '../../model/config.ts';
import { labels, selector } from './labels.ts';
import { type PodProps, podTemplate } from './pod.ts';
import { service } from './service.ts';

export interface StatefulSetProps extends PodProps {
  /** Size of the volume that the pod's volume with source `claim` is bound to. */
  readonly size: string;
  readonly storage: Config['storage'];
  readonly ports: Readonly<Record<string, number>>;
}

/** One pod with a volume that outlives it, and the Service in front of it. */
export function statefulSet(scope: Construct, props: StatefulSetProps): void {
  const { name, ports, size, storage, volumes = [] } = props;
  const claim = volumes.find(({ source }) => source === 'claim');
  if (!claim) throw new Error(`${name} is a StatefulSet without a volume to claim`);
  service(scope, name, ports, { headless: true });
  const spec = k8s.toJson_StatefulSetSpec({
    serviceName: name,
    replicas: 1,
    selector: { matchLabels: selector(name) },
    template: podTemplate(props),
    volumeClaimTemplates: [
      {
        metadata: { name: claim.name, labels: labels(name) },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: storage.className,
          resources: { requests: { storage: k8s.Quantity.fromString(size) } },
          volumeMode: 'Filesystem',
        },
      },
    ],
  });
  new ApiObject(scope, name, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, labels: labels(name) },
    spec: {
      ...spec,
      // With what the server writes into the template, which the typed class leaves out: else every apply finds a difference.
      volumeClaimTemplates: spec?.volumeClaimTemplates.map((template: object) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        ...template,
        status: { phase: 'Pending' },
      })),
    },
  });
}

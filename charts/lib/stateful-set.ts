import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Config } from '../../model/config.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { labels, selector } from './labels.ts';
import { type PodProps, podTemplate } from './pod.ts';
import { podsService, service } from './service.ts';

export interface StatefulSetProps extends PodProps {
  /** Size of the volume that the pod's volume with source `claim` is bound to. */
  readonly size: string;
  readonly storage: Config['storage'];
  readonly ports: Readonly<Record<string, number>>;
  /** Where there are several, each finds the others at the Service `<name>-pods`. @default 1 */
  readonly replicas?: number;
}

/** A pod with a volume that outlives it, or several that need each other, and the Service in front of them. */
export function statefulSet(scope: Construct, props: StatefulSetProps): void {
  const { name, ports, size, storage, volumes = [], replicas = 1 } = props;
  const several = replicas > 1;
  const claim = volumes.find(({ source }) => source === 'claim');
  if (!claim) throw new Error(`${name} is a StatefulSet without a volume to claim`);
  service(scope, name, ports, { headless: true });
  if (several) {
    podsService(scope, name, ports);
    disruptionBudget(scope, name);
  }
  const spec = k8s.toJson_StatefulSetSpec({
    serviceName: several ? `${name}-pods` : name,
    replicas,
    // None is ready before enough of them are there.
    podManagementPolicy: several ? 'Parallel' : undefined,
    selector: { matchLabels: selector(name) },
    template: podTemplate({ ...props, spread: several }),
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

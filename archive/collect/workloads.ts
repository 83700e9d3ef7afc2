/** Objects of a cluster, as much of each as an archive keeps of it. */

export interface Metadata {
  readonly name: string;
  readonly creationTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
}

/** A Deployment, a StatefulSet, or a ReplicaSet. */
export interface Workload {
  readonly metadata: Metadata;
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

export interface Node {
  readonly metadata: Metadata;
  readonly status: {
    readonly capacity: Readonly<Record<string, string>>;
    readonly nodeInfo: { readonly kubeletVersion: string };
  };
}

export interface ClusterEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly count?: number;
  readonly involvedObject: { readonly kind?: string; readonly name?: string };
}

const powers: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 },
};

/** The number of a quantity as Kubernetes writes it, such as `500m`, `2Gi` or `1e3`; undefined for what is none. */
export function quantity(text: string | undefined): number | undefined {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([numkMGTP]|[KMGTP]i)?$/.exec(text ?? '') ?? [];
  return amount === undefined ? undefined : Number(amount) * (powers[unit] ?? 1);
}

/** What all containers of a pod have together; undefined where one of them has no bound. */
export function sumOf(
  { spec }: Workload,
  bound: 'limits' | 'requests',
  resource: 'cpu' | 'memory',
): number | undefined {
  const amounts = spec.template.spec.containers.map(({ resources }) => quantity(resources?.[bound]?.[resource]));
  return amounts.reduce<number | undefined>(
    (sum, amount) => (sum === undefined || amount === undefined ? undefined : sum + amount),
    0,
  );
}

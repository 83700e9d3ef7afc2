import { k8s } from 'cdk8s-plus-27';
import type { EnvVar, Resources } from '../../model/target.ts';
import { filled } from './filled.ts';
import { labels, selector } from './labels.ts';

/** What differs from pod to pod; the rest is the same for all: the restricted Pod Security standard and no less. */
export interface PodProps {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  /** Container ports by name. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly probes?: Probes;
  /** Numeric user; the group and the group of volumes are the same unless given. */
  readonly user: number;
  readonly group?: number;
  readonly resources: Resources;
  /** MiB of the node's disk for logs and emptyDirs. @default 256 */
  readonly ephemeralStorage?: number;
  readonly volumes?: readonly Volume[];
  /** Its ServiceAccount, whose token is then mounted. Left out: no token. */
  readonly serviceAccount?: string;
  /** Runs before the container, with some of its volumes at other places. */
  readonly init?: {
    readonly name: string;
    /** @default that of the container */
    readonly image?: string;
    readonly command: readonly string[];
    readonly env?: readonly EnvVar[];
    readonly mounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  };
  /** Whether its pods had better be on different nodes. */
  readonly spread?: boolean;
  readonly restartPolicy?: 'Never' | 'OnFailure';
  readonly terminationGracePeriodSeconds?: number;
  /** A change of it restarts the pods: the hash of configuration that the program reads only once. */
  readonly configHash?: string;
}

/**
 * Ready when `ready` answers 200, restarted when `alive` does not answer for a minute; without a path it is the
 * port itself that has to answer. With `alive`, a pod may wait for others as long as it takes.
 */
export interface Probes {
  readonly port: number;
  /** `HTTPS` is asked without a look at the certificate. @default 'HTTP' */
  readonly scheme?: 'HTTP' | 'HTTPS';
  readonly ready?: string;
  readonly alive?: string;
  /** Seconds until it has to answer for the first time. @default 60 */
  readonly startSeconds?: number;
}

export interface Volume {
  readonly name: string;
  /** Left out: for `init` alone. */
  readonly mountPath?: string;
  /** A folder of the volume, for programs that want theirs empty: a fresh disk has a lost+found. */
  readonly subPath?: string;
  readonly source: Omit<k8s.Volume, 'name'> | 'claim';
  readonly readOnly?: boolean;
}

/** A ConfigMap as a folder: all of its keys, or only those named. */
export const configMapVolume = (name: string, configMap: string, mountPath: string, keys?: string[]): Volume => ({
  name,
  mountPath,
  source: { configMap: { name: configMap, items: keys?.map((key) => ({ key, path: key })) } },
  readOnly: true,
});

/** A folder on the node's disk that lives as long as the pod. */
export const emptyDirVolume = (name: string, mountPath: string, mebibytes: number): Volume => ({
  name,
  mountPath,
  source: { emptyDir: { sizeLimit: k8s.Quantity.fromString(`${mebibytes}Mi`) } },
});

/**
 * A Secret as a folder: all of its keys, or only those named.
 *
 * @param mountPath left out: for `init` alone
 */
export const secretVolume = (name: string, secret: string, mountPath?: string, keys?: string[]): Volume => ({
  name,
  mountPath,
  source: { secret: { secretName: secret, items: keys?.map((key) => ({ key, path: key })) } },
  readOnly: true,
});

/** The pod of a workload, with the restricted Pod Security standard met by every container in it. */
export function podTemplate(props: PodProps): k8s.PodTemplateSpec {
  const { name, user, group = user, volumes = [], init, serviceAccount, probes } = props;
  const base = {
    image: props.image,
    // Tags are pinned, so a copy that is there is the right one; nodes without a registry can run it.
    imagePullPolicy: 'IfNotPresent',
    securityContext,
    resources: resourcesOf(props.resources, props.ephemeralStorage ?? 256),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
  return {
    metadata: {
      labels: labels(name),
      ...(props.configHash ? { annotations: { 'loadscope/config-hash': props.configHash } } : {}),
    },
    spec: {
      ...(serviceAccount ? { serviceAccountName: serviceAccount } : {}),
      automountServiceAccountToken: Boolean(serviceAccount),
      // Variables named after Services (ZIPKIN_PORT and the like) would reach programs that read the same names.
      enableServiceLinks: false,
      restartPolicy: props.restartPolicy,
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: group,
        fsGroup: group || user,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      ...(props.spread ? { affinity: apartFrom(name) } : {}),
      ...(init ? { initContainers: [initContainer(base, init)] } : {}),
      containers: [
        {
          ...base,
          name,
          command: props.command && [...props.command],
          args: props.args && [...props.args],
          env: filled((props.env ?? []).map(environment)),
          ports: filled(
            Object.entries(props.ports ?? {}).map(([port, containerPort]) => ({ name: port, containerPort })),
          ),
          volumeMounts: filled(
            volumes.flatMap(({ name: volume, mountPath, subPath, readOnly }) =>
              mountPath ? [{ name: volume, mountPath, subPath, readOnly }] : [],
            ),
          ),
          ...(probes ? probesOf(probes) : {}),
        },
      ],
      volumes: filled(
        volumes.flatMap(({ name: volume, source }) => (source === 'claim' ? [] : [{ name: volume, ...source }])),
      ),
    },
  };
}

const initContainer = (base: Omit<k8s.Container, 'name'>, init: NonNullable<PodProps['init']>): k8s.Container => ({
  ...base,
  name: init.name,
  ...(init.image ? { image: init.image } : {}),
  command: [...init.command],
  env: filled((init.env ?? []).map(environment)),
  volumeMounts: [...init.mounts],
});

/** On a node without one of its kind, where there is such a node. */
const apartFrom = (name: string): k8s.Affinity => ({
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { labelSelector: { matchLabels: selector(name) }, topologyKey: 'kubernetes.io/hostname' },
      },
    ],
  },
});

const securityContext: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

function environment(variable: EnvVar): k8s.EnvVar {
  const { name } = variable;
  if ('value' in variable) return variable;
  if ('podField' in variable) return { name, valueFrom: { fieldRef: { fieldPath: variable.podField } } };
  return {
    name,
    valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key, optional: variable.optional } },
  };
}

function resourcesOf({ requests, limits }: Resources, ephemeralStorage: number): k8s.ResourceRequirements {
  const quantities = ({ cpu, memory }: Resources['limits'], disk: number) => ({
    // In the form the server would put them in: another one is a difference at every apply.
    cpu: k8s.Quantity.fromString(cpu % 1000 === 0 ? `${cpu / 1000}` : `${cpu}m`),
    memory: k8s.Quantity.fromString(memory % 1024 === 0 ? `${memory / 1024}Gi` : `${memory}Mi`),
    'ephemeral-storage': k8s.Quantity.fromString(`${disk}Mi`),
  });
  return {
    requests: quantities(requests, Math.min(ephemeralStorage, 32)),
    limits: quantities(limits, ephemeralStorage),
  };
}

function probesOf({ port: number, scheme, ready, alive, startSeconds = 60 }: Probes) {
  const port = k8s.IntOrString.fromNumber(number);
  const answers = (path?: string) => (path ? { httpGet: { path, port, scheme } } : { tcpSocket: { port } });
  return {
    startupProbe: { ...answers(alive ?? ready), periodSeconds: 2, failureThreshold: Math.ceil(startSeconds / 2) },
    readinessProbe: { ...answers(ready), periodSeconds: 5, timeoutSeconds: 5 },
    livenessProbe: { ...answers(alive), periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 },
  };
}

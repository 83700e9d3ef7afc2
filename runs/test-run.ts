import { type LoadProps, ownedMetadata, type RunnerPod, runnerPod } from './load-job.ts';
import { loadName, runner } from './names.ts';

export interface TestRunProps extends LoadProps {
  /** Image with a shell and curl, in which k6-operator tells the runners to start. */
  readonly starterImage: string;
}

/** Pods of k6-operator beside the runners, by their label app.kubernetes.io/name. */
export const initializer = `${runner}-initializer`;
export const starter = `${runner}-starter`;

/** Where k6 listens for k6-operator. */
export const controlPort = 6565;

/** What the operator puts behind the name at its longest: `-initializer`, or `-service-200`. */
const longestSuffix = 12;

/**
 * The runners of a run as a TestRun, for k6-operator 0.0.19 to 1.6. The operator makes a Job for each of them, and gives
 * each its part of the load, the tag `instance_id` (from 1) and the address of k6's API by arguments of its own.
 *
 * @throws Error where the operator could not run it as it is asked for
 */
export function testRunOf(props: TestRunProps): object {
  const { testid, settings, starterImage } = props;
  const name = loadName(testid);
  // The operator would be refused its Jobs, and try for ever.
  if (name.length + longestSuffix > 63)
    throw new Error(
      `k6-operator needs shorter names: the id of a run may be ${testid.length + 63 - longestSuffix - name.length} characters long`,
    );
  const pod = runnerPod(props);
  const { metadata, spec } = pod;
  const [container] = spec.containers;
  const { image, imagePullPolicy, args, env, resources, volumeMounts } = container;
  const { script, volume } = scriptOf(pod);

  const labelled = (what: string) => ({ metadata: { labels: { ...metadata.labels, 'app.kubernetes.io/name': what } } });
  const everywhere = {
    imagePullPolicy,
    imagePullSecrets: spec.imagePullSecrets,
    // Text, as the operator wants it.
    automountServiceAccountToken: String(spec.automountServiceAccountToken ?? false),
    serviceAccountName: spec.serviceAccountName,
    securityContext: spec.securityContext,
    containerSecurityContext: container.securityContext,
    nodeSelector: spec.nodeSelector,
    tolerations: spec.tolerations,
  };
  const k6 = {
    ...everywhere,
    image,
    resources,
    // The operator mounts the script itself.
    volumes: spec.volumes.filter((one) => one.name !== volume),
    volumeMounts: volumeMounts.filter((one) => one.name !== volume),
  };
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name, ...ownedMetadata(props, pod) },
    spec: {
      parallelism: settings.runners,
      script: { configMap: script },
      arguments: argumentsOf(args, env),
      // Runners wait at the coordinator's barrier. Waiting for the operator's starter, too, would hang a run whose
      // starter speaks before network policies know its pod, since it does so only once.
      paused: 'false',
      runner: {
        ...k6,
        ...labelled(runner),
        env,
        affinity: spec.affinity,
        topologySpreadConstraints: spec.topologySpreadConstraints,
        // The operator's own liveness probe kills a runner that is short of CPU for half a minute.
        livenessProbe: { ...answers, periodSeconds: 10, failureThreshold: 30 },
        readinessProbe: { ...answers, periodSeconds: 2 },
      },
      initializer: {
        ...k6,
        ...labelled(initializer),
        env: [
          // All of it is put into an archive, so there are no Secrets in it.
          ...env.filter(({ valueFrom }) => valueFrom === undefined),
          // An archive is made without the environment, which our scripts read as they are loaded.
          { name: 'K6_INCLUDE_SYSTEM_ENV_VARS', value: 'true' },
        ],
      },
      starter: {
        ...everywhere,
        ...labelled(starter),
        image: starterImage,
        resources: {
          requests: { cpu: '50m', memory: '16Mi', 'ephemeral-storage': '8Mi' },
          limits: { cpu: '100m', memory: '64Mi', 'ephemeral-storage': '32Mi' },
        },
      },
    },
  };
}

const answers = { httpGet: { path: '/v1/status', port: controlPort }, timeoutSeconds: 10 };

/** The ConfigMap with the script, which is the last argument, and the volume that it is in. */
function scriptOf({ spec }: RunnerPod) {
  const [{ args, volumeMounts }] = spec.containers;
  const path = args.at(-1) ?? '';
  const slash = path.lastIndexOf('/');
  const volume = volumeMounts.find(({ mountPath }) => mountPath === path.slice(0, slash))?.name;
  const configMap = spec.volumes.find(({ name }) => name === volume)?.configMap?.name;
  if (!configMap) throw new Error(`k6-operator needs the script in a ConfigMap, and "${path}" is in none`);
  return { volume, script: { name: configMap, file: path.slice(slash + 1) } };
}

/** What the operator gives to k6 by itself. */
const operators = /^--(address|paused|quiet|execution-segment|tag=(instance_id|job_name|testrun_name)=)/;

/** What a shell leaves as it is. */
const plain = /^[\w@%+=:,./-]+$/;

/**
 * The arguments between `run` and the script as one text. The operator splits it at spaces and knows no quotes; all but
 * outputs it also gives to `k6 archive`, by way of a shell.
 *
 * @throws Error where an argument would not arrive as it is
 */
function argumentsOf(args: readonly string[], env: RunnerPod['spec']['containers'][0]['env']): string {
  const values = new Map(env.map(({ name, value }) => [name, value]));
  return args
    .slice(1, -1)
    .filter((argument) => !operators.test(argument))
    .map((argument) => argument.replaceAll(/\$\((\w+)\)/g, (asked, name: string) => values.get(name) ?? asked))
    .map((argument) => {
      const [, output] = /^--out=(.+)$/.exec(argument) ?? [];
      if (output ? /\s|\$\(/.test(output) : !plain.test(argument))
        throw new Error(`k6-operator cannot take the argument ${argument}: it has signs that a shell reads`);
      // Two words: by the first the operator knows that k6 archive does not take it.
      return output ? `--out ${output}` : argument;
    })
    .join(' ');
}

/** How far a TestRun is. `over` says nothing of how its runners ended: that is for their pods to tell. */
export interface TestRunState {
  readonly state: 'starting' | 'running' | 'over' | 'failed';
  /** What it waits for, or where to look for what went wrong. */
  readonly message?: string;
}

const stages: Readonly<Record<string, TestRunState>> = {
  initialization: { state: 'starting', message: 'k6-operator tries the script in its initializer' },
  initialized: { state: 'starting', message: 'k6-operator makes the runners' },
  created: {
    state: 'starting',
    message: `k6-operator waits until all runners run and answer it on port ${controlPort}`,
  },
  started: { state: 'running' },
  stopped: { state: 'over' },
  finished: { state: 'over' },
  error: {
    state: 'failed',
    message: 'k6-operator refused it: the log of its initializer and of k6-operator say why',
  },
};

export function stateOf({ status }: { readonly status?: { readonly stage?: string } }): TestRunState {
  return (
    stages[status?.stage ?? ''] ?? {
      state: 'starting',
      message: 'k6-operator has not seen it: is it installed, and does it watch this namespace?',
    }
  );
}

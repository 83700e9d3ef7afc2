import type { Load } from '../k6-jobs/load.ts';
import type { Generator } from './generator.ts';
import { loadName, runLabels, tokensName } from './names.ts';
import type { PodTemplate } from './plan.ts';

/** What the load of a run is made from, with either engine. */
export interface LoadProps {
  readonly testid: string;
  readonly settings: { readonly runners: number; readonly lasts: number; readonly load: Pick<Load, 'untilBroken'> };
  readonly generator: Pick<Generator, 'broken' | 'beside'>;
  readonly template: PodTemplate;
  /** The coordinator's Job, with which the load goes. */
  readonly owner: { readonly name: string; readonly uid: string };
  /** What the runners are told of the run; takes the place of variables of these names in the template. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  /** Whether the run has a Secret with tokens of its users. */
  readonly withTokens: boolean;
}

/** The pod of a runner, as Kubernetes' API has it, with what is read of it here. */
export interface RunnerPod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [RunnerContainer];
    readonly volumes: readonly {
      readonly name: string;
      readonly configMap?: { readonly name: string };
      readonly secret?: unknown;
    }[];
    readonly restartPolicy: 'Never';
    readonly imagePullSecrets?: unknown;
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly securityContext?: unknown;
    readonly affinity?: unknown;
    readonly nodeSelector?: unknown;
    readonly tolerations?: unknown;
    readonly topologySpreadConstraints?: unknown;
  };
}

type Variable = NonNullable<PodTemplate['spec']['containers'][0]['env']>[number];

interface RunnerContainer {
  readonly name: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly resources?: unknown;
  readonly securityContext?: unknown;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

/** Folder with the tokens of a run's users. */
export const tokensFolder = '/tokens';

/** Seconds beyond the load itself: more than a coordinator waits for its runners at the start and at the end. */
const slack = 900;

/** The runners of a run as an Indexed Job: one index each, none tried again. */
export function loadJobOf(props: LoadProps): object {
  const { testid, settings, generator } = props;
  const { lasts, load } = settings;
  const pods = settings.runners + generator.beside;
  const template = runnerPod(props);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: loadName(testid), ...ownedMetadata(props, template) },
    spec: {
      completionMode: 'Indexed',
      completions: pods,
      parallelism: pods,
      // Of the Job as a whole there is no limit: one of 0 would take all runners down with the first whose thresholds break.
      backoffLimitPerIndex: 0,
      podFailurePolicy: { rules: failureRules(template.spec.containers[0].name, generator.broken, load.untilBroken) },
      // The coordinator ends a load that takes too long; this is for one that has lost its coordinator.
      activeDeadlineSeconds: lasts + slack,
      ttlSecondsAfterFinished: 86_400,
      template,
    },
  };
}

/**
 * What the end of one runner means for the others; the first rule that fits decides. A run that has lost a runner is
 * over: what is left of it is less load than was asked for, and a verdict on that would be one on another test.
 */
const failureRules = (containerName: string, broken: number, untilBroken: boolean) => [
  // First, since a runner that is taken away may end with any code.
  { action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  {
    // A runner judges its own share only. The others go on, and the whole is judged when they are through.
    action: untilBroken ? 'FailJob' : 'FailIndex',
    onExitCodes: { containerName, operator: 'In', values: [broken] },
  },
  { action: 'FailJob', onExitCodes: { containerName, operator: 'NotIn', values: [broken] } },
];

/** The template with what a launch adds: whose pod it is, what it is told, and the tokens. */
export function runnerPod({ testid, template, environment, withTokens }: LoadProps): RunnerPod {
  // The rest of the template is Kubernetes' own, and passes through as it is.
  const { metadata, spec } = template as PodTemplate & Partial<RunnerPod>;
  const [container] = spec.containers as readonly [Partial<RunnerContainer> & { readonly name: string }];
  const told = new Set(environment.map(({ name }) => name));
  const tokens = 'tokens';
  return {
    metadata: { ...metadata, labels: { ...metadata?.labels, [runLabels.testid]: testid } },
    spec: {
      ...spec,
      restartPolicy: 'Never',
      containers: [
        {
          ...container,
          args: container.args ?? [],
          env: [
            ...(container.env ?? []).filter(({ name }) => !told.has(name)),
            ...environment,
            ...(withTokens ? [{ name: 'TOKENS_FILE', value: `${tokensFolder}/tokens.json` }] : []),
          ],
          volumeMounts: [
            ...(container.volumeMounts ?? []),
            ...(withTokens ? [{ name: tokens, mountPath: tokensFolder, readOnly: true }] : []),
          ],
        },
      ],
      volumes: [
        ...((spec as Partial<RunnerPod['spec']>).volumes ?? []),
        ...(withTokens ? [{ name: tokens, secret: { secretName: tokensName(testid) } }] : []),
      ],
    },
  };
}

/** Labels of the load, and whose it is: deleting the coordinator's Job deletes it. */
export const ownedMetadata = ({ owner }: LoadProps, { metadata }: RunnerPod) => ({
  labels: metadata.labels,
  // Without blockOwnerDeletion, for which some clusters want the right to finalize Jobs.
  ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: owner.uid, controller: true }],
});

import { type LoadProps, loadJobOf } from '../../runs/load-job.ts';
import { longestTestid } from '../../runs/names.ts';
import type { Manifest } from '../stack-fixture.ts';
import { asked } from './fixture.ts';

const jobOf = (changes: Partial<LoadProps> = {}): Manifest => loadJobOf({ ...asked, ...changes });
const job = jobOf();
const untilBroken = jobOf({
  settings: { runners: 3, lasts: 30, load: { ...asked.settings.load, untilBroken: true } },
});

interface End {
  readonly exitCode?: number;
  /** The node was drained, the pod evicted or preempted. */
  readonly disrupted?: boolean;
}

/** What Kubernetes does when a pod of a Job fails: the action of the first rule that fits. */
function actionOn({ spec }: Manifest, { exitCode = 0, disrupted = false }: End): string | undefined {
  return spec.podFailurePolicy.rules.find(({ onExitCodes, onPodConditions }: Manifest) =>
    onPodConditions
      ? disrupted &&
        onPodConditions.some(({ type, status }: Manifest) => type === 'DisruptionTarget' && status === 'True')
      : exitCode !== 0 && onExitCodes.values.includes(exitCode) === (onExitCodes.operator === 'In'),
  )?.action;
}

describe('when a runner ends', () => {
  test('with broken thresholds, the others go on', () => {
    expect(actionOn(job, { exitCode: 99 })).toBe('FailIndex');
    // No second try of an index, and no limit to how many of them may fail.
    expect(job.spec).toMatchObject({ backoffLimitPerIndex: 0 });
    expect(job.spec.backoffLimit).toBeUndefined();
    expect(job.spec.maxFailedIndexes).toBeUndefined();
  });

  test('with broken thresholds in a run until something breaks, so do the others', () => {
    expect(actionOn(untilBroken, { exitCode: 99 })).toBe('FailJob');
  });

  test.each([
    ['a script that throws', { exitCode: 107 }],
    ['a signal', { exitCode: 105 }],
    ['no memory', { exitCode: 137 }],
    ['a drained node', { exitCode: 105, disrupted: true }],
    ['a drained node, after its thresholds broke', { exitCode: 99, disrupted: true }],
    ['a lost node, of which nothing is known', { disrupted: true }],
  ])('by %s, the run is over', (_, end) => {
    expect([job, untilBroken].map((one) => actionOn(one, end))).toEqual(['FailJob', 'FailJob']);
  });
});

test('its rules are what the API server takes', () => {
  const { podFailurePolicy, template } = job.spec;
  for (const { onExitCodes, onPodConditions } of podFailurePolicy.rules) {
    expect(Boolean(onExitCodes) !== Boolean(onPodConditions)).toBe(true);
    if (onExitCodes)
      expect(template.spec.containers.map(({ name }: Manifest) => name)).toContain(onExitCodes.containerName);
  }
  // Rules need pods that are not restarted; an index of its own limit, an Indexed Job.
  expect(template.spec.restartPolicy).toBe('Never');
  expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
});

test('a load without its coordinator ends by itself, after one that has one', () => {
  expect(job.spec.activeDeadlineSeconds).toBeGreaterThan(asked.settings.lasts + 600);
  expect(job.spec.ttlSecondsAfterFinished).toBe(86_400);
});

test('it goes with the Job of its coordinator, which is that of a suite for several runs', () => {
  expect(job.metadata).toMatchObject({
    name: 'friday-1-load',
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'friday', uid: asked.owner.uid }],
  });
});

test('Job and pods are found by the run and by what they are', () => {
  const found = {
    'app.kubernetes.io/name': 'k6',
    'app.kubernetes.io/part-of': 'loadscope',
    'loadscope/testid': 'friday-1',
  };
  expect(job.metadata.labels).toEqual(found);
  expect(job.spec.template.metadata.labels).toEqual(found);
});

test('names of pods and their hosts fit for the longest id and the most runners', () => {
  const { name } = jobOf({ testid: 'a'.repeat(longestTestid) }).metadata;
  expect(`${name}-199-abcde`.length).toBeLessThanOrEqual(63);
});

describe('the pod', () => {
  const [container] = job.spec.template.spec.containers;

  test('is told of the run, and each thing once', () => {
    const names = container.env.map(({ name }: Manifest) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(container.env).toEqual(expect.arrayContaining([...asked.environment]));
    expect(names).toContain('K6_PROMETHEUS_RW_SERVER_URL');
  });

  test('is otherwise that of the plan', () => {
    const { template } = asked;
    const { env, ...rest } = template.spec.containers[0];
    expect(container).toMatchObject(rest);
    expect(job.spec.template.spec).toMatchObject({ ...template.spec, containers: [{}] });
  });

  test('has tokens where the run has some', () => {
    const { spec } = jobOf({ withTokens: true }).spec.template;
    const { name } = spec.volumes.find(({ secret }: Manifest) => secret?.secretName === 'friday-1-tokens');
    const { mountPath, readOnly } = spec.containers[0].volumeMounts.find((mount: Manifest) => mount.name === name);
    const file = spec.containers[0].env.find((one: Manifest) => one.name === 'TOKENS_FILE').value;
    expect({ readOnly, file }).toEqual({ readOnly: true, file: `${mountPath}/tokens.json` });
    expect(JSON.stringify(job)).not.toMatch(/tokens/i);
  });
});

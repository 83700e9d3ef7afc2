import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stateOf, type TestRunProps, testRunOf } from '../../runs/test-run.ts';
import type { Manifest } from '../stack-fixture.ts';
import { commandOf, findTool, testWithTool } from '../tool.ts';
import { asked, withArguments } from './fixture.ts';
import { archiveArguments, crd, unknownFields } from './k6-operator.ts';

const starterImage = 'docker.io/curlimages/curl:8.21.0';
const testRunFor = (changes: Partial<TestRunProps> = {}): Manifest =>
  // As it is sent, without what is undefined.
  JSON.parse(JSON.stringify(testRunOf({ ...asked, starterImage, ...changes })));
const testRun = testRunFor({ withTokens: true });
const { spec } = testRun;
const pods = { runner: spec.runner, initializer: spec.initializer, starter: spec.starter };

(crd ? test : test.skip)('the API server drops none of its fields and takes their types', () => {
  expect(unknownFields(crd, testRun)).toEqual([]);
  expect(unknownFields(crd, { ...testRun, spec: { ...spec, starter: { cpu: 1, image: 2 } } })).toEqual([
    'spec.starter.cpu: unknown',
    'spec.starter.image: integer, not string',
  ]);
});

test('it has the name, labels and owner that a Job would have', () => {
  expect(testRun).toMatchObject({ apiVersion: 'k6.io/v1alpha1', kind: 'TestRun' });
  expect(testRun.metadata).toMatchObject({
    name: 'friday-1-load',
    labels: { 'loadscope/testid': 'friday-1' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'friday', uid: asked.owner.uid }],
  });
  expect(spec.parallelism).toBe(3);
});

test('an id of a run for which the operator could not name its objects is refused', () => {
  const { name } = testRunFor({ testid: 'a'.repeat(46) }).metadata;
  for (const made of [`${name}-initializer`, `${name}-starter`, `${name}-service-200`, `${name}-200`])
    expect(made.length).toBeLessThanOrEqual(63);
  expect(() => testRunFor({ testid: 'a'.repeat(47) })).toThrow('may be 46 characters');
});

describe('arguments', () => {
  const words: string[] = spec.arguments.split(' ');

  test('arrive at k6 as they are, when split at spaces', () => {
    expect(words).toEqual([
      ...['--out', 'experimental-prometheus-rw'],
      ...['--out', 'influxdb=http://influxdb.metrics:8086/k6?a=1&b=2'],
      ...['--tag=job=k6', '--tag=testid=friday-1', '--tag=service=shop'],
    ]);
  });

  test('that the operator passes on to k6 archive are those it takes', () => {
    expect(archiveArguments(spec.arguments)).toEqual(['--tag=job=k6', '--tag=testid=friday-1', '--tag=service=shop']);
  });

  test.each([
    '--tag=team=a b',
    '--tag=team=$(whoami)',
    '--user-agent=a;b',
    '--out=json=a b.json',
    '--tag=a=$(NOWHERE)',
  ])('%s is refused instead of changed', (argument) => {
    expect(() => testRunFor(withArguments(argument))).toThrow(argument);
  });

  test('leave out what the operator says itself', () => {
    const own = [
      '--address=0.0.0.0:1',
      '--paused',
      '--execution-segment=0:1/2',
      '--tag=instance_id=$(JOB_COMPLETION_INDEX)',
    ];
    expect(testRunFor(withArguments(...own, '--tag=a=b')).spec.arguments).toBe('--tag=a=b');
  });
});

describe('the script', () => {
  test('is that of the plan, mounted by the operator', () => {
    expect(spec.script).toEqual({ configMap: { name: 'k6-scenario-browse', file: 'main.js' } });
    expect(JSON.stringify(spec.runner)).not.toContain('k6-scenario-browse');
    expect(JSON.stringify([spec.runner, spec.initializer])).not.toContain('"/scenario"');
  });

  test('outside a ConfigMap is refused', () => {
    const { template } = asked;
    const elsewhere = { ...template, spec: { ...template.spec, volumes: [{ name: 'scenario', emptyDir: {} }] } };
    expect(() => testRunFor({ template: elsewhere })).toThrow('/scenario/main.js');
  });

  testWithTool(findTool('k6', 'version'))('is read by the initializer with what it is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadscope-initializer-'));
    const script = join(folder, 'main.js');
    const archive = join(folder, 'main.js.archived.tar');
    writeFileSync(
      script,
      `const { vus } = JSON.parse(__ENV.LOAD);
       export const options = { scenarios: { a: { executor: 'constant-vus', vus, duration: '1s' } } };
       export default function () {}`,
    );
    const told = Object.fromEntries(spec.initializer.env.map(({ name, value }: Manifest) => [name, value]));
    const { command, before } = commandOf('k6');
    const run = (...args: string[]) =>
      spawnSync(command, [...before, ...args], { encoding: 'utf8', env: { ...process.env, ...told } });
    expect(run('archive', script, '-O', archive, ...archiveArguments(spec.arguments))).toMatchObject({ status: 0 });
    expect(JSON.parse(run('inspect', '--execution-requirements', archive).stdout)).toMatchObject({ maxVUs: 6 });
    rmSync(folder, { recursive: true });
  });
});

describe.each(Object.entries(pods))('the pod of the %s', (name, pod) => {
  test('meets the restricted Pod Security standard', () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.containerSecurityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.automountServiceAccountToken).toBe('false');
  });

  test('runs a pinned image within bounds, where load is to run', () => {
    expect(pod.image).toMatch(/^[^/]+\.[^/]+\/.+:\d+\.\d+/);
    for (const kind of ['requests', 'limits'])
      for (const resource of ['cpu', 'memory', 'ephemeral-storage']) expect(pod.resources[kind][resource]).toBeTruthy();
    expect(pod).toMatchObject({ nodeSelector: { pool: 'load' }, tolerations: [{ key: 'load' }] });
  });

  test('is found by the run and by what it is', () => {
    expect(pod.metadata.labels).toEqual({
      'app.kubernetes.io/name': name === 'runner' ? 'k6' : `k6-${name}`,
      'app.kubernetes.io/part-of': 'loadscope',
      'loadscope/testid': 'friday-1',
    });
  });
});

test('runner and initializer have a folder for what k6 writes, and the tokens that the script opens', () => {
  for (const { volumes, volumeMounts, env } of [spec.runner, spec.initializer]) {
    const mounted = Object.fromEntries(
      volumeMounts.map(({ name, mountPath }: Manifest) => [
        mountPath,
        Object.keys(volumes.find((volume: Manifest) => volume.name === name)).find((key) => key !== 'name'),
      ]),
    );
    expect(mounted).toEqual({ '/tmp': 'emptyDir', '/tokens': 'secret' });
    expect(env).toContainEqual({ name: 'TOKENS_FILE', value: '/tokens/tokens.json' });
  }
});

test('no Secret gets into the archive of the initializer', () => {
  expect(JSON.stringify(spec.runner.env)).toContain('secretKeyRef');
  expect(JSON.stringify(spec.initializer.env)).not.toContain('secretKeyRef');
});

test('runners wait for the barrier alone, and are not killed for being busy', () => {
  expect(spec.paused).toBe('false');
  const { periodSeconds, failureThreshold } = spec.runner.livenessProbe;
  expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(120);
});

test.each([
  [undefined, 'starting', 'is it installed'],
  ['initialization', 'starting', 'initializer'],
  ['initialized', 'starting', 'runners'],
  ['created', 'starting', '6565'],
  ['started', 'running', undefined],
  ['stopped', 'over', undefined],
  ['finished', 'over', undefined],
  ['error', 'failed', 'initializer'],
])('stage %s is %s', (stage, state, message) => {
  const found = stateOf(stage ? { status: { stage } } : {});
  expect(found.state).toBe(state);
  if (message) expect(found.message).toContain(message);
  else expect(found.message).toBeUndefined();
});

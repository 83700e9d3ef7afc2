import { wishOf } from '../../cli/runs/interrupt.ts';
import type { Event, Job, Pod } from '../../cli/runs/objects.ts';
import { downfallOf, obstacleOf } from '../../cli/runs/obstacle.ts';
import { harmless, jsonOf, lengthOf, lineOf } from '../../cli/runs/render.ts';
import { asSettings } from '../../cli/runs/set.ts';
import { errorOf } from '../../clients/kubectl.ts';
import { changed, defaultTestid, jobOf, longestId } from '../../runs/launch.ts';
import { longestTestid } from '../../runs/names.ts';
import { factsOf, jobSpec, statusOf } from './runs-fixture.ts';

/** What the commands for runs work out, without a cluster. */

describe('the Job of a launch', () => {
  const labels = { 'app.kubernetes.io/part-of': 'loadscope', 'loadscope/load-test': 'browse', other: 'x' };
  const metadata = { name: 'k6-browse', uid: 'u', labels };
  const cronJob = { metadata, spec: { jobTemplate: { metadata: { labels: { a: 'b' } }, spec: jobSpec([]) } } };
  const job = jobOf(cronJob, 'mine', [{ loadTest: 'browse', runners: 2 }]);

  test('is found as a run, and goes with its CronJob', () => {
    expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(job.metadata).toEqual({
      name: 'mine',
      labels: {
        ...{ a: 'b', 'app.kubernetes.io/part-of': 'loadscope', 'loadscope/load-test': 'browse' },
        'loadscope/testid': 'mine',
      },
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'k6-browse', uid: 'u', controller: true }],
    });
  });
  test('is that of its CronJob but for its steps, and leaves the CronJob as it is', () => {
    const before = jobSpec([]).template.spec.containers[0];
    const [container] = job.spec.template.spec.containers;
    expect(container?.env?.filter(({ name }) => name !== 'STEPS')).toEqual(
      before?.env.filter(({ name }) => name !== 'STEPS'),
    );
    expect(container?.env).toContainEqual({ name: 'STEPS', value: '[{"loadTest":"browse","runners":2}]' });
    expect({ ...job.spec, template: undefined }).toEqual({ ...jobSpec([]), template: undefined });
    expect(cronJob.spec.jobTemplate.spec).toEqual(jobSpec([]));
  });
});

test('a launch changes what it asks for, in each step, and nothing else', () => {
  const steps = [{ loadTest: 'a', runners: 3, set: { vus: '5', thinkMs: '1' } }, { loadTest: 'b' }];
  expect(changed(steps, { profile: undefined, set: undefined })).toEqual(steps);
  expect(changed(steps, { profile: 'light', set: { vus: '9' } })).toEqual([
    { loadTest: 'a', profile: 'light', runners: 3, set: { vus: '9', thinkMs: '1' } },
    { loadTest: 'b', profile: 'light', set: { vus: '9' } },
  ]);
});

test('the id of a launch says when it was, in UTC, and fits', () => {
  const at = new Date('2026-03-01T09:05:07.123+01:00');
  expect(defaultTestid('browse', at)).toBe('browse-20260301-080507');
  expect(defaultTestid('a'.repeat(40), at)).toHaveLength(longestTestid);
  expect(defaultTestid(`${'a'.repeat(19)}-b`, at, 36)).toBe(`${'a'.repeat(19)}-20260301-080507`);
  expect([longestId([], false), longestId(Array(12).fill({ loadTest: 'a' }), true)]).toEqual([
    longestTestid,
    longestTestid - 3,
  ]);
});

test('settings are names and values', () => {
  expect(asSettings('vus=20, duration=5m', { rate: '3' })).toEqual({ rate: '3', vus: '20', duration: '5m' });
  for (const text of ['', 'vus', 'vus=', '=3', 'vus=3,', 'vus=3,vus=4', '__proto__=1'])
    expect(() => asSettings(text)).toThrow(/It (must be|sets)/);
});

describe('what keeps a coordinator from its start', () => {
  const now = Date.parse('2026-03-01T10:05:00Z');
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  const job = (seconds = 10): Job => ({ metadata: { name: 'a', creationTimestamp: ago(seconds) }, spec: jobSpec([]) });
  const pod = (status: Pod['status']): Pod[] => [{ metadata: { name: 'a-x' }, status }];
  const waiting = (reason: string) => pod({ containerStatuses: [{ state: { waiting: { reason, message: 'why' } } }] });
  const unplaced = (seconds: number) =>
    pod({
      conditions: [
        {
          ...{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' },
          ...{ message: '0/3 nodes are available', lastTransitionTime: ago(seconds) },
        },
      ],
    });
  const refused = (message: string): Event[] => [{ reason: 'FailedCreate', message }];

  test.each<[string, Job, Pod[], Event[], string | undefined]>([
    ['an image', job(), waiting('ImagePullBackOff'), [], 'its pod a-x cannot start: ImagePullBackOff: why'],
    [
      'a Secret',
      job(),
      waiting('CreateContainerConfigError'),
      [],
      'its pod a-x cannot start: CreateContainerConfigError: why',
    ],
    ['no time yet', job(), waiting('ContainerCreating'), [], undefined],
    ['an image that may yet come', job(), waiting('ErrImagePull'), [], undefined],
    ['no node', job(), unplaced(121), [], 'no node takes its pod a-x: Unschedulable: 0/3 nodes are available'],
    ['no node so far', job(), unplaced(119), [], undefined],
    [
      'a quota',
      job(),
      [],
      refused('pods "a" is forbidden: exceeded quota: x'),
      'the cluster refuses its pod: pods "a" is forbidden: exceeded quota: x',
    ],
    [
      'a rule on pods',
      job(),
      [],
      refused('violates PodSecurity "restricted"'),
      'the cluster refuses its pod: violates PodSecurity "restricted"',
    ],
    ['a webhook that may yet answer', job(), [], refused('failed calling webhook'), undefined],
    [
      'a webhook that does not answer',
      job(121),
      [],
      refused('failed calling webhook'),
      'the cluster refuses its pod: failed calling webhook',
    ],
    ['nobody who makes pods', job(121), [], [], 'it has no pod after 120 s'],
    ['nothing', job(), pod({ phase: 'Running' }), [], undefined],
  ])('%s', (_, of, pods, events, text) => {
    expect(obstacleOf(of, pods, events, now)).toBe(text);
  });

  test('or what its end was', () => {
    const failed = {
      ...job(),
      status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
    };
    expect(downfallOf(failed, [])).toBe('its Job is Failed: BackoffLimitExceeded');
    expect(downfallOf(failed, pod({ reason: 'Evicted', message: 'low on memory' }))).toBe(
      'its pod was lost: Evicted: low on memory',
    );
  });
});

describe('how far a run is', () => {
  const line = (more: Parameters<typeof statusOf>[0]) =>
    lineOf({ id: 'a', jobName: 'a', isSuite: false, records: [{ run: factsOf('a'), status: statusOf(more) }] });
  test('in one line, with what is known', () => {
    expect(line({})).toBe('a: load 10s of 30s');
    expect(line({ stage: 'start', message: '1 of 2 runners are there' })).toBe('a: start: 1 of 2 runners are there');
    expect(line({ p95: 1.234, requests: 250.4, nearest: { budget: 'p95', used: 1.2 } })).toBe(
      'a: load 10s of 30s: 250 requests/s, p95 1.23s, broken: p95, at 120% of its bound',
    );
    expect(line({ requests: 30, iterations: 9.96, target: 20, nearest: { budget: 'p95 by k6', used: 0.4 } })).toBe(
      'a: load 10s of 30s: 10 of 20 iterations/s, nearest: p95 by k6, at 40% of its bound',
    );
    expect(line({ requests: 30, target: 20 })).toBe('a: load 10s of 30s: 30 requests/s');
    expect(line({ message: 'a\u001b[2Jb\n' })).toBe('a: load 10s of 30s: a [2Jb');
  });
  test('as JSON, with all that is written', () => {
    const status = statusOf({ iterations: 8, target: 10, nearest: { budget: 'p95 by k6', used: 0.93 } });
    const look = { id: 'a', jobName: 'a', isSuite: false, records: [{ run: factsOf('a'), status }] };
    expect(JSON.parse(jsonOf(look))).toMatchObject({ job: 'Gone', status, verdict: null });
  });
  test('lengths', () => {
    expect([0, 59.4, 60, 3599, 3600, 7500].map(lengthOf)).toEqual(['0s', '59s', '1m00s', '59m59s', '1h00m', '2h05m']);
  });
});

test('text of others keeps its lines, and moves no cursor', () => {
  expect(harmless('  a\tb \r\n\u001b[31mred\u001b[0m\u0007\n\u009b2J')).toBe('  a    b\nred\n2J');
});

test('an answer to Ctrl-C', () => {
  expect(['s', ' Stop\n', 'd', 'D', '', 'x'].map(wishOf)).toEqual([
    'stop',
    'stop',
    'detach',
    'detach',
    undefined,
    undefined,
  ]);
});

test('what kubectl prints is one sentence', () => {
  const said = (text: string) => {
    const { failure, message } = errorOf(text);
    return [failure, message];
  };
  expect(
    said('E1121 20:06:15.123 memcache.go:265] noise\nError from server (NotFound): jobs.batch "a" not found\n'),
  ).toEqual(['absent', 'jobs.batch "a" not found']);
  expect(said('Error from server (ServiceUnavailable): later')).toEqual([
    'unreachable',
    'the cluster cannot answer just now: later',
  ]);
  expect(said('Unable to connect to the server: EOF')).toEqual(['unreachable', 'the cluster is out of reach: EOF']);
  expect(said('The connection to the server localhost:8080 was refused - did you')[0]).toBe('config');
  expect(said('')[0]).toBe('unreachable');
});

import { askingOf } from '../../archive/collect/asking.ts';
import { axisOf } from '../../archive/collect/axis.ts';
import { clusterFacts } from '../../archive/collect/cluster.ts';
import { measuredEvents } from '../../archive/collect/events.ts';
import { unmeasured } from '../../archive/collect/unmeasured.ts';
import { quantity } from '../../archive/collect/workloads.ts';
import { KubectlError } from '../../clients/kubectl.ts';
import type { Series } from '../../clients/prometheus.ts';
import { targets as targetsOf } from '../../exporters/index.ts';
import { configOf, fullConfig } from '../config-fixture.ts';
import { prometheusOf } from './prometheus.ts';

/** What happened during a run, and what surrounds it: by Prometheus, and by the cluster. */

const start = 1_700_000_000;
const run = { testid: 'browse-1', start, end: start + 90 };
const config = configOf(fullConfig);
const targets = targetsOf(config);
const at = (seconds: number) => new Date((start + seconds) * 1000).toISOString();

/** A series with values at some of the points, which are 15 s apart. */
const points = (metric: Series['metric'], values: Readonly<Record<number, string>>): Series => ({
  metric,
  values: Object.entries(values).map(([index, value]) => [start + 15 * Number(index), value]),
});

const askingAbout = (answers: readonly (readonly [RegExp, readonly Series[]])[]) => {
  const { prometheus } = prometheusOf(({ query }) => answers.find(([pattern]) => pattern.test(query))?.[1] ?? []);
  return askingOf(prometheus, run, axisOf(run, 15), (query) => query);
};
const eventsOf = (...answers: (readonly [RegExp, readonly Series[]])[]) =>
  measuredEvents(config, targets, askingAbout(answers));

describe('by Prometheus', () => {
  test('an alert is an event each time that it fires', async () => {
    const down = { alertname: 'TargetDown', job: 'service', instance: '10.0.0.1:8080', alertstate: 'firing' };
    const events = await eventsOf([/^ALERTS/, [points(down, { 1: '1', 2: '1', 5: '1', 6: '1' })]]);
    const text = 'TargetDown: service 10.0.0.1:8080 cannot be scraped';
    expect(events).toEqual([
      { kind: 'alert', at: start + 15, until: start + 45, of: '10.0.0.1:8080', text },
      { kind: 'alert', at: start + 75, of: '10.0.0.1:8080', text },
    ]);
  });

  test('one that fired before says so, and one of another run is none', async () => {
    const events = await eventsOf([
      /^ALERTS/,
      [
        points({ alertname: 'Custom', service: 'shop', testid: 'browse-1' }, { 0: '1' }),
        points({ alertname: 'Custom', testid: 'other-1' }, { 2: '1' }),
      ],
    ]);
    expect(events).toEqual([
      { kind: 'alert', at: start, until: start + 15, of: 'shop', text: 'Custom, since the run began or before' },
    ]);
  });

  test('restarts are told from kills for want of memory', async () => {
    const of = (pod: string) => ({ service: 'shop', namespace: 'shop', pod, container: 'shop' });
    const { service: _, ...killed } = of('shop-2');
    const events = await eventsOf(
      [
        /restarts_total/,
        [points(of('shop-1'), { 0: '1', 1: '1', 2: '3' }), points(of('shop-2'), { 0: '0', 3: '1', 4: '0' })],
      ],
      [/last_terminated_reason/, [points(killed, { 4: '1', 5: '1' })]],
    );
    expect(events).toEqual([
      { kind: 'restart', at: start + 30, of: 'shop', text: 'Container shop of shop-1 was started anew 2 times' },
      {
        ...{ kind: 'oom-kill', at: start + 45, of: 'shop' },
        text: 'Container shop of shop-2 was killed for want of memory and started anew',
      },
    ]);
  });

  test('pods that come and go are a change of scale', async () => {
    const events = await eventsOf([/kube_pod_status_phase/, [points({ service: 'shop' }, { 0: '2', 3: '3', 5: '0' })]]);
    expect(events).toEqual([
      { kind: 'scale', at: start + 45, of: 'shop', text: '2 to 3 pods that run' },
      { kind: 'scale', at: start + 75, of: 'shop', text: '3 to 0 pods that run' },
    ]);
  });

  test('what was down, and what is too old, is a gap', async () => {
    const asking = askingAbout([[/up\[/, [{ metric: { job: 'mysql', instance: 'made' }, value: [1, '0'] }]]]);
    const gaps = (now: number, back: number) => unmeasured(config, targets, { now, back }, asking);
    expect(await gaps(start + 100, 3600)).toEqual(['Could not be scraped for a part of the run: mysql made.']);
    const day = 86_400;
    expect((await gaps(start + 16 * day, 30 * day))[1]).toMatch(/^The run began longer ago .* \(15d\)/);
    expect((await gaps(start + 100, 100))[1]).toMatch(/^The run may have begun earlier .* --range/);
  });
});

test.each([
  ['500m', 0.5],
  ['2', 2],
  ['1.5', 1.5],
  ['128974848', 128974848],
  ['129e6', 129e6],
  ['123Mi', 123 * 2 ** 20],
  ['1Gi', 2 ** 30],
  ['1G', 1e9],
  ['', undefined],
  ['1 Gi', undefined],
])('the quantity %s is %d', (text, number) => expect(quantity(text)).toBe(number));

describe('by the cluster', () => {
  const container = (name: string, cpu?: string) => ({
    ...{ name, image: `registry/${name}:1` },
    resources: { limits: { ...(cpu ? { cpu } : {}), memory: '1Gi' }, requests: { cpu: '100m', memory: '512Mi' } },
  });
  const workload = (name: string, containers: object[], more: object = {}, metadata: object = {}) => ({
    metadata: { name, ...metadata },
    spec: { template: { spec: { containers } }, ...more },
  });
  const event = (reason: string, last: number, more: object = {}) => ({
    ...{ reason, message: 'New size: 3', firstTimestamp: at(last), lastTimestamp: at(last) },
    involvedObject: { kind: 'HorizontalPodAutoscaler', name: 'shop' },
    ...more,
  });
  const answers: Record<string, unknown> = {
    '/version': { gitVersion: 'v1.34.1' },
    '/api/v1/nodes': [
      {
        metadata: { name: 'n1' },
        status: { capacity: { cpu: '4', memory: '8Gi' }, nodeInfo: { kubeletVersion: 'v1.34.0' } },
      },
    ],
    '/apis/apps/v1/namespaces/identity/deployments': [workload('auth-server', [container('auth', '1')])],
    '/apis/apps/v1/namespaces/shop/deployments': [
      workload('shop', [container('proxy', '250m'), container('shop', '1')], { replicas: 3 }),
    ],
    '/apis/apps/v1/namespaces/data/statefulsets': [workload('mysql', [container('mysql')], { replicas: 1 })],
    '/apis/apps/v1/namespaces/shop/replicasets': [-10, 30].map((seconds) =>
      workload(
        `shop-${seconds}`,
        [container('shop')],
        {},
        {
          creationTimestamp: at(seconds),
          annotations: { 'deployment.kubernetes.io/revision': '7' },
          ownerReferences: [{ kind: 'Deployment', name: 'shop' }],
        },
      ),
    ),
    '/api/v1/namespaces/shop/events': [
      event('SuccessfulRescale', 60),
      event('SuccessfulRescale', 200),
      event('Pulled', 60),
      event('Unhealthy', 80, { message: 'Readiness probe failed', firstTimestamp: at(-20), count: 4 }),
    ],
  };
  const kubectl = (refused: string[] = []) => ({
    get: async <Answer>(path: string) => answers[path] as Answer,
    list: async <Item>(path: string) => {
      if (refused.some((part) => path.includes(part))) throw new KubectlError('forbidden', `may not list ${path}.`);
      return (answers[path] ?? []) as Item[];
    },
  });
  const systems = [
    { instance: 'made', kind: 'mysql' as const, workload: 'mysql', namespace: 'data' },
    { instance: 'given', kind: 'mysql' as const },
  ];

  test('services and systems have their images, replicas and bounds', async () => {
    const { kubernetes, services, nodes, gaps } = await clusterFacts(kubectl(), config, systems, run);
    const requests = { cpuRequest: 0.1, memoryRequest: 2 ** 29 };
    expect(services).toEqual([
      {
        ...{ name: 'shop', namespace: 'shop', image: 'registry/shop:1', replicas: 3 },
        ...{ cpuLimit: 1.25, memoryLimit: 2 ** 31, cpuRequest: 0.2, memoryRequest: 2 ** 30 },
      },
      {
        ...{ name: 'auth', namespace: 'identity', image: 'registry/auth:1', replicas: 1 },
        ...{ cpuLimit: 1, memoryLimit: 2 ** 30, ...requests },
      },
      {
        ...{ name: 'mysql', namespace: 'data', image: 'registry/mysql:1', replicas: 1 },
        ...{ memoryLimit: 2 ** 30, ...requests },
      },
    ]);
    expect(nodes).toEqual([{ name: 'n1', cores: 4, memory: 8 * 2 ** 30, kubelet: 'v1.34.0' }]);
    expect([kubernetes, gaps]).toEqual(['v1.34.1', []]);
  });

  test('what was deployed, scaled or found unhealthy in the time of the run is an event', async () => {
    const { events } = await clusterFacts(kubectl(), config, systems, run);
    expect(events).toEqual([
      { kind: 'deploy', at: start + 30, of: 'shop', text: 'Deployed as revision 7: registry/shop:1' },
      { kind: 'scale', at: start + 60, of: 'shop', text: 'SuccessfulRescale: New size: 3' },
      {
        ...{ kind: 'other', at: start, until: start + 80, of: 'shop' },
        text: 'Unhealthy: Readiness probe failed (4 times)',
      },
    ]);
  });

  test('what may not be read is a gap, and the rest is there', async () => {
    const { events, services, gaps } = await clusterFacts(kubectl(['nodes', 'shop/events']), config, systems, run);
    expect(gaps).toEqual([
      'Nodes: may not list /api/v1/nodes.',
      'Events of the namespace shop: may not list /api/v1/namespaces/shop/events.',
    ]);
    expect([events.length, services.length]).toEqual([1, 3]);
  });
});

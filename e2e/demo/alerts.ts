import type { FaultName } from '../../demo/faults.ts';
import type { Notice } from '../lib/alert-receiver.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { launch } from '../lib/launch.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What goes wrong at once, so that no alert waits for the end of another. */
const faults: readonly { readonly on: FaultName; readonly parameters?: Record<string, number> }[] = [
  { on: 'connection-pool' },
  { on: 'row-lock' },
  { on: 'redis-memory' },
  { on: 'slow-consumer' },
  { on: 'event-loop-stalls' },
  { on: 'error-burst' },
];

/** What stops, in which namespace: an exporter, and what Zipkin stores traces in. */
const stopped = (stack: Stack) =>
  [
    { namespace: stack.namespace, workload: 'deployment/redis-exporter-demo-redis' },
    { namespace: stack.namespace, workload: 'statefulset/elasticsearch' },
    { namespace: stack.shop, workload: 'deployment/blog-service' },
  ] as const;

/** The alerts that tell of it, each with its severity. */
const expected: Readonly<Record<string, string>> = {
  ConnectionPoolExhausted: 'critical',
  MysqlRowLockWaits: 'warning',
  RedisEvicting: 'warning',
  KafkaLagHigh: 'critical',
  KafkaLagGrowing: 'warning',
  EventLoopBlocked: 'warning',
  HttpErrorRateHigh: 'critical',
  LoadTestErrorRateHigh: 'critical',
  TargetDown: 'warning',
  ZipkinStorageErrors: 'warning',
  ServiceUnavailable: 'critical',
};

/** Alerts from the rule to somebody who is told of them, and to the end of them. */
export function alertTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus, receiver } = stack;
  const shop = new Shop(stack.shop);

  const names = async (state: string) =>
    new Set((await prometheus.query(`ALERTS{alertstate="${state}"}`)).map(({ metric }) => metric.alertname ?? ''));
  const told = async (status: Notice['status']) =>
    (await receiver.heard()).filter((notice) => notice.status === status);
  const missing = (of: Iterable<string>) => {
    const known = new Set(of);
    return Object.keys(expected).filter((name) => !known.has(name));
  };

  let load = '';
  afterAll(async () => {
    await shop.fault('off');
    if (load) await kubectl('-n', shop.namespace, 'delete', 'job', load, '--wait=false');
  });

  test('fire while something is wrong, and end with it; a webhook is told of both', async () => {
    load = await shop.send({ mode: 'shop', customers: 6, seconds: 1200 });
    await eventually(300, async () => {
      const firing = await names('firing');
      expect(Object.keys(expected).filter((name) => firing.has(name))).toEqual([]);
    });
    const before = (await receiver.heard()).length;

    for (const fault of faults) await shop.fault(fault);
    for (const { namespace, workload } of stopped(stack))
      await kubectl('-n', namespace, 'scale', workload, '--replicas=0');
    await launch(stack.namespace, `alerts-${Date.now()}`, ({ env }) => {
      for (const variable of env) if (variable.name === 'DURATION') variable.value = '180';
    });
    await eventually(300, async () => expect(missing(await names('firing'))).toEqual([]));

    await shop.fault('off');
    for (const { namespace, workload } of stopped(stack))
      await kubectl('-n', namespace, 'scale', workload, '--replicas=1');
    await eventually(420, async () => {
      const firing = await names('firing');
      expect(Object.keys(expected).filter((name) => firing.has(name))).toEqual([]);
    });
    await eventually(240, async () => {
      expect(missing((await told('resolved')).map(({ labels }) => labels.alertname ?? ''))).toEqual([]);
    });

    const notices = (await receiver.heard()).slice(before);
    for (const [name, severity] of Object.entries(expected)) {
      const firing = notices.find(
        ({ status, labels }) => status === 'firing' && labels.alertname === name && labels.severity === severity,
      );
      expect({ name, firing }).toEqual({
        name,
        firing: expect.objectContaining({
          annotations: expect.objectContaining({
            summary: expect.not.stringMatching(/\{\{|<no value>/),
            description: expect.not.stringMatching(/\{\{|<no value>/),
            dashboard_url: expect.stringMatching(/^http:\/\/localhost:3000\/d\/[\w-]+/),
            runbook_url: expect.stringMatching(/^http:\/\/localhost:3000\/d\/loadscope-runbooks\?viewPanel=\d+$/),
          }),
        }),
      });
    }
    const all = [...new Set(notices.map(({ labels }) => labels.alertname))].sort();
    console.log(`${all.length} alerts were told of: ${all.join(', ')}`);
  });

  test('a run is named by the alerts about it, and the dead man’s switch is heard', async () => {
    const notices = await receiver.heard();
    const ofRun = notices.filter(({ labels }) => labels.alertname === 'LoadTestErrorRateHigh');
    expect(ofRun.map(({ labels }) => labels.testid)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^alerts-\d+$/)]),
    );
    expect(notices.filter(({ labels }) => labels.alertname === 'Watchdog').length).toBeGreaterThan(2);
  });
}

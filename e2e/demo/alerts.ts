import type { FaultName } from '../../demo/faults.ts';
import type { Notice } from '../lib/alert-receiver.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { launch } from '../lib/launch.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What goes wrong together, and the alerts that tell of it, each with its severity. */
interface Round {
  readonly faults: readonly { readonly on: FaultName; readonly parameters?: Record<string, number> }[];
  /** Workloads that stop, by namespace. */
  readonly stopped: readonly (readonly ['stack' | 'shop', string])[];
  readonly alerts: Readonly<Record<string, string>>;
}

/** One after the other: requests that fail at once leave nobody to wait for a lock, and few orders leave no backlog. */
const rounds: readonly Round[] = [
  {
    faults: [{ on: 'event-loop-stalls' }, { on: 'error-burst' }],
    stopped: [
      ['stack', 'deployment/kube-state-metrics'],
      ['shop', 'deployment/blog-service'],
    ],
    alerts: {
      CircuitBreakerOpen: 'warning',
      EventLoopBlocked: 'warning',
      HttpErrorRateHigh: 'critical',
      LoadTestErrorRateHigh: 'critical',
      CheckFailing: 'warning',
      TargetDown: 'warning',
      ServiceMissing: 'warning',
    },
  },
  {
    faults: [{ on: 'slow-consumer' }, { on: 'redis-memory' }],
    stopped: [],
    alerts: { KafkaLagHigh: 'warning', RedisMemoryHigh: 'warning' },
  },
  {
    faults: [
      { on: 'row-lock', parameters: { holdMs: 500 } },
      // More than one, or nobody would wait for the row.
      { on: 'connection-pool', parameters: { size: 3 } },
    ],
    stopped: [],
    alerts: { MysqlRowLockContention: 'warning', ConnectionPoolExhausted: 'critical' },
  },
];
const expected = Object.assign({}, ...rounds.map(({ alerts }) => alerts)) as Readonly<Record<string, string>>;

/** Alerts from the rule to somebody who is told of them, and, after a while that other tests may use, of their end. */
export function alertTests(stack: Stack): { fire(): void; end(): void } {
  const test = testWith(stack);
  const { prometheus, receiver } = stack;
  const shop = new Shop(stack.shop);

  const firing = async () =>
    (await prometheus.query('ALERTS{alertstate="firing"}'))
      .map(({ metric }) => metric.alertname ?? '')
      .filter((name) => name in expected);
  /** Whether it was told of each alert with its severity, after so many notices. */
  const isTold = async (status: Notice['status'], alerts: Round['alerts'], after: number) => {
    const notices = (await receiver.heard()).slice(after).filter((notice) => notice.status === status);
    const heard = notices.map(({ labels }) => `${labels.alertname} ${labels.severity}`);
    expect(heard).toEqual(expect.arrayContaining(Object.entries(alerts).map((alert) => alert.join(' '))));
  };
  const scale = (round: Round, replicas: number) =>
    Promise.all(
      round.stopped.map(([where, workload]) =>
        kubectl('-n', where === 'shop' ? stack.shop : stack.namespace, 'scale', workload, `--replicas=${replicas}`),
      ),
    );

  /** Every service is asked, also those that are just coming back. */
  const allOff = () => eventually(120, () => shop.fault('off'));

  /** Notices before the first round. */
  let before = 0;

  const fire = async () => {
    const load = await shop.send({ mode: 'shop', customers: 6, seconds: 1800 });
    await eventually(300, async () => expect(await firing()).toEqual([]));
    before = (await receiver.heard()).length;

    await launch(stack.namespace, `alerts-${Date.now()}`, 'demo-browse', { set: { duration: '180s' } });
    for (const round of rounds) {
      await scale(round, 0);
      for (const fault of round.faults) await shop.fault(fault);
      await eventually(300, () => isTold('firing', round.alerts, before));
      await scale(round, 1);
      await allOff();
    }
    await kubectl('-n', shop.namespace, 'delete', 'job', load, '--wait=false');

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
  };

  return {
    fire() {
      afterAll(allOff);

      test('fire while something is wrong, and a webhook is told', fire);

      test('a run is named by the alerts about it, and the dead man’s switch is heard', async () => {
        const notices = await receiver.heard();
        const ofRun = notices.filter(({ labels }) => labels.alertname === 'LoadTestErrorRateHigh');
        expect(ofRun.map(({ labels }) => labels.testid)).toEqual(
          expect.arrayContaining([expect.stringMatching(/^alerts-\d+$/)]),
        );
        expect(notices.filter(({ labels }) => labels.alertname === 'Watchdog').length).toBeGreaterThan(2);
      });
    },

    end() {
      test('end with what was wrong, and the webhook is told of that, too', async () => {
        await eventually(420, async () => expect(await firing()).toEqual([]));
        await eventually(180, () => isTold('resolved', expected, before));
      });
    },
  };
}

import { type FaultName, faults } from '../../demo/faults.ts';
import type { Notice } from '../lib/alert-receiver.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { launch } from '../lib/launch.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What goes wrong together. */
interface Round {
  /** With parameters other than their defaults. */
  readonly faults: Readonly<Partial<Record<FaultName, Readonly<Record<string, number>>>>>;
  /** Workloads that stop, by namespace. */
  readonly stopped?: readonly (readonly ['stack' | 'shop', string])[];
  /** A load test that goes on meanwhile. */
  readonly loadTest?: string;
  /** Alerts that tell of it, each with its severity. */
  readonly alerts: Readonly<Record<string, string>>;
}

/**
 * Each fault in one of them, beside such as do not hide it: requests that fail at once leave nobody to wait for a lock, and
 * few orders leave no backlog, nor more than a quota lets through.
 */
const rounds: readonly Round[] = [
  {
    faults: { 'event-loop-stalls': {}, 'error-burst': {}, 'slow-downstream': {} },
    stopped: [
      ['stack', 'deployment/kube-state-metrics'],
      ['shop', 'deployment/blog-service'],
    ],
    loadTest: 'demo-browse',
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
    faults: { 'slow-consumer': {}, 'redis-memory': {} },
    alerts: { KafkaLagHigh: 'warning', RedisMemoryHigh: 'warning' },
  },
  {
    // A pool of more than one, or nobody would wait for the row.
    faults: { 'row-lock': { holdMs: 500 }, 'connection-pool': { size: 3 } },
    alerts: { MysqlRowLockContention: 'warning', ConnectionPoolExhausted: 'critical' },
  },
  { faults: { 'throttled-broker': {}, 'memory-leak': {} }, alerts: {} },
  { faults: { 'missing-index': {}, 'cache-off': {}, 'cpu-limit': {} }, alerts: {} },
];
const expected = Object.assign({}, ...rounds.map(({ alerts }) => alerts)) as Readonly<Record<string, string>>;

/**
 * Faults of the demo while customers are in the shop, from what they move to the webhook that is told of it, and, after a
 * while that other tests may use, of their end.
 */
export function faultsTests(stack: Stack): { happen(): void; end(): void } {
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
  const scale = ({ stopped = [] }: Round, replicas: number) =>
    Promise.all(
      stopped.map(([where, workload]) =>
        kubectl('-n', where === 'shop' ? stack.shop : stack.namespace, 'scale', workload, `--replicas=${replicas}`),
      ),
    );

  /** Every service is asked, also those that are just coming back. */
  const allOff = () => eventually(120, () => shop.fault('off'));

  /** Waits until the evidence of a fault is as wanted; its value then. */
  const becomes = async (name: string, seconds: number, isBroken: boolean): Promise<number> => {
    const { query = '', atMost = 0 } = faults.find((fault) => fault.name === name)?.evidence ?? {};
    const seen: number[] = [];
    return eventually(seconds, async () => {
      const now = await prometheus.value(query);
      seen.push(now);
      if (isBroken ? !(now > atMost) : !(now <= atMost))
        throw new Error(`${name}: ${query}\nwas ${seen.join(', ')}, and is at most ${atMost} without it`);
      return now;
    });
  };

  /** Notices before the first round. */
  let before = 0;
  let customers = '';

  return {
    happen() {
      beforeAll(async () => {
        customers = await shop.send({ mode: 'shop', customers: 6, seconds: 1800 });
        await eventually(300, async () => expect(await firing()).toEqual([]));
        before = (await receiver.heard()).length;
      });
      afterAll(async () => {
        await allOff();
        await kubectl('-n', shop.namespace, 'delete', 'job', customers, '--wait=false');
      });

      test('each is tried', async () => {
        expect(rounds.flatMap((round) => Object.keys(round.faults)).sort()).toEqual(
          faults.map(({ name }) => name).sort(),
        );
      });

      for (const round of rounds) {
        const names = Object.keys(round.faults) as FaultName[];
        const alerts = Object.keys(round.alerts);
        test(`${names.join(', ')}: ${alerts.length ? `seen, and told of by ${alerts.join(', ')}` : 'seen'}`, async () => {
          const healthy = await Promise.all(names.map((name) => becomes(name, 180, false)));
          if (round.loadTest)
            await launch(stack.namespace, `alerts-${Date.now()}`, round.loadTest, { set: { duration: '150s' } });
          try {
            await scale(round, 0);
            for (const on of names) await shop.fault({ on, parameters: round.faults[on] ?? {} });
            const broken = await Promise.all(names.map((name) => becomes(name, 120, true)));
            console.log(names.map((name, index) => `${name}: ${healthy[index]}, then ${broken[index]}`).join('\n'));
            await eventually(300, () => isTold('firing', round.alerts, before));
          } finally {
            await scale(round, 1);
            await allOff();
          }
        });
      }

      test('alerts say what is wrong, and where to look', async () => {
        const notices = (await receiver.heard()).slice(before);
        for (const [name, severity] of Object.entries(expected)) {
          const notice = notices.find(
            ({ status, labels }) => status === 'firing' && labels.alertname === name && labels.severity === severity,
          );
          expect({ name, notice }).toEqual({
            name,
            notice: expect.objectContaining({
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

      test('those that are off leave nothing behind', async () => {
        for (const { name } of faults) await becomes(name, 180, false);
      });
    },

    end() {
      test('alerts end with what was wrong, and the webhook is told of that, too', async () => {
        await eventually(420, async () => expect(await firing()).toEqual([]));
        await eventually(180, () => isTold('resolved', expected, before));
      });
    },
  };
}

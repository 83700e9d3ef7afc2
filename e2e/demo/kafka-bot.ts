import { cronJobName } from '../../runs/names.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { type Changes, runnerChanged } from '../lib/launch.ts';
import { Runs } from '../lib/runs.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** The Kafka bot against the broker of the demo. */
export function kafkaBotTests(stack: Stack): void {
  const test = testWith(stack);
  const { prometheus } = stack;
  const shop = new Shop(stack.shop);
  const runs = new Runs(stack);
  const run = (bot: string, changes: Changes, meanwhile?: (testid: string) => Promise<void>) =>
    runs.ends(bot, changes, { from: cronJobName({ scenario: 'kafka-bot' }, bot), ...(meanwhile ? { meanwhile } : {}) });
  const last = (metric: string, testid: string) =>
    prometheus.value(`sum(last_over_time(${metric}{testid="${testid}"}[10m]))`);
  const most = (metric: string, testid: string) =>
    prometheus.value(`max(max_over_time(${metric}{testid="${testid}"}[10m]))`);

  for (const [rate, seconds, runners] of [
    [100, 30, 1],
    [1000, 30, 2],
  ] as const)
    test(`${rate} messages/s for ${seconds} s by ${runners}: within 0.5 % of the rate, and all of them there`, async () => {
      const { testid, output, verdict, status } = await run('demo-kafka-bot', {
        runners,
        set: { rate: String(rate), duration: `${seconds}s` },
      });
      if (verdict !== 'pass') throw new Error(output);
      expect(status).toBe(0);
      const [due, sent, received, lost] = await Promise.all(
        ['messages_due_total', 'messages_sent_total', 'messages_received_total', 'messages_lost'].map((name) =>
          last(`kafka_bot_${name}`, testid),
        ),
      );
      const reached = await prometheus.value(
        `sum(quantile_over_time(0.5, (kafka_bot_actual_rate{testid="${testid}"} and kafka_bot_target_rate{testid="${testid}"} == ${rate / runners})[2m:1s]))`,
      );
      console.log(
        `${rate}/s: ${due} due, ${sent} acknowledged, ${received} read, ${lost} lost; ${reached}/s at the peak`,
      );
      expect({ sent, received, lost }).toEqual({ sent: due, received: due, lost: 0 });
      expect(Math.abs(reached / rate - 1)).toBeLessThan(0.005);
      const each = (
        await prometheus.query(
          `sum by (instance) (last_over_time(kafka_bot_messages_sent_total{testid="${testid}"}[10m])) > 0`,
        )
      ).map(({ value }) => Number(value?.[1]));
      expect(each).toHaveLength(runners);
      expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      // A ramp up over a tenth of the time, and one down over a twentieth.
      expect(Math.abs((due ?? 0) / (rate * seconds * 0.925) - 1)).toBeLessThan(0.02);
    });

  test('the lag of a slow consumer rises and drains, on the boards of the bot and of Kafka', async () => {
    let peak = 0;
    try {
      const { testid, document, output } = await run(
        'shop-events',
        { set: { rate: '40', duration: '30s' } },
        async (testid) => {
          await shop.fault({ on: 'slow-consumer', parameters: { delayMs: 1000 } });
          await runs.underLoad(testid);
          peak = await eventually(60, async () => {
            const behind = await prometheus.value(
              `sum(kafka_bot_group_lag_messages{testid="${testid}",consumergroup="notification"})`,
            );
            if (behind < 100) throw new Error(`${behind} messages behind`);
            return behind;
          });
          await shop.fault('off');
        },
      );
      const check = document?.checks.find(({ name }) => name.includes('group notification'));
      if (check?.state !== 'held') throw new Error(output);
      console.log(`slow consumer: ${peak} messages behind under load; ${check.text}`);
      expect(await last('kafka_bot_group_lag_messages', testid)).toBe(0);
      expect(await most('kafka_bot_group_lag_seconds', testid)).toBeGreaterThan(1);
      expect(
        await prometheus.value(
          'max(max_over_time(consumergroup_topic:kafka_lag:sum{consumergroup="notification",topic="order-created"}[5m]))',
        ),
      ).toBeGreaterThan(50);
    } finally {
      await shop.fault('off');
    }
  });

  test('a broker that restarts loses nothing that it acknowledged: the breaker opens and closes, the backlog is worked off', async () => {
    const { testid, output, document } = await run(
      'demo-kafka-bot',
      {
        set: { rate: '200', duration: '60s' },
        plan: runnerChanged('demo-kafka-bot', (template) => {
          const [container] = template.spec.containers;
          const args = [...(container.args ?? []), '--breaker-cooldown=5s'];
          return { ...template, spec: { ...template.spec, containers: [{ ...container, args }] } };
        }),
      },
      async (testid) => {
        await runs.underLoad(testid);
        await kubectl('-n', stack.shop, 'delete', 'pod', 'kafka-0', '--grace-period=1', '--timeout=60s');
      },
    );
    const checks = Object.fromEntries((document?.checks ?? []).map(({ name, state }) => [name, state]));
    if (checks['no acknowledged message is lost'] !== 'held') throw new Error(output);
    const [due, sent, opened, backlog] = await Promise.all([
      last('kafka_bot_messages_due_total', testid),
      last('kafka_bot_messages_sent_total', testid),
      last('kafka_bot_circuit_breaker_opened_total', testid),
      most('kafka_bot_backlog_messages', testid),
    ]);
    console.log(
      `broker restarted: ${backlog} messages were waiting; breaker opened ${opened} times; ${sent} of ${due} acknowledged`,
    );
    expect(sent).toBe(due);
    expect(opened).toBeGreaterThan(0);
    expect(backlog).toBeGreaterThan(200);
    expect(await last('kafka_bot_backlog_messages', testid)).toBe(0);
    expect(
      await prometheus.value(
        `max(last_over_time(kafka_bot_circuit_breaker_state{testid="${testid}",state="closed"}[10m]))`,
      ),
    ).toBe(1);
    await stack.ready(stack.shop, 180);
  });
}

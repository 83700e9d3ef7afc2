import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../lib/database.ts';
import { measureExecutor } from '../lib/executor-meters.ts';
import { BrokerCheck, Listener } from '../lib/kafka.ts';
import { Limiter } from '../lib/limiter.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import type { SwitchesOf } from '../lib/switches.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { topics } from '../lib/topics.ts';
import { isSeeded } from '../seed/marker.ts';
import type { OrderCreated } from './shopping/orders.ts';

/** Tells a user about an order, once: a message that comes again finds its notification made. */
export function notificationService(telemetry: Telemetry): Service {
  const database = new Database(telemetry, new Resilience(telemetry.meters));
  const workers = new Limiter(8);
  const executor = measureExecutor(telemetry.meters, 'notification', workers);
  const listener = new Listener(telemetry, 'notification', workers);
  const broker = new BrokerCheck(telemetry, [topics.orderCreated]);
  let delay = 0;

  return {
    checks: {
      mysql: () => database.aside(isSeeded),
      kafka: () => broker.ask(),
    },
    switches: {
      'slow-consumer': {
        on: ({ delayMs = 0 }) => {
          delay = delayMs;
        },
        off: () => {
          delay = 0;
        },
      },
    } satisfies SwitchesOf<'notification-service'>,
    start: async () => {
      await listener.start(topics.orderCreated, async ({ key, value }) => {
        if (delay) await sleep(delay);
        const { userId, totalAmount } = JSON.parse(value) as OrderCreated;
        await database.change('INSERT IGNORE INTO notifications (order_id, user_id, text) VALUES (?, ?, ?)', [
          key,
          userId,
          `order ${key} over ${totalAmount} is on its way`,
        ]);
        executor.completed();
      });
    },
    stop: async () => {
      await listener.close();
      await broker.close();
      await database.close();
    },
  };
}

import { apiServer } from '../lib/api-server.ts';
import { Cache } from '../lib/cache.ts';
import { Database } from '../lib/database.ts';
import { measureExecutor } from '../lib/executor-meters.ts';
import { BrokerCheck, Events, Listener } from '../lib/kafka.ts';
import { Limiter } from '../lib/limiter.ts';
import { Resilience } from '../lib/resilience.ts';
import type { Service } from '../lib/run.ts';
import type { Telemetry } from '../lib/telemetry.ts';
import { topics } from '../lib/topics.ts';
import { isSeeded } from '../seed/marker.ts';
import { cart } from './shopping/cart.ts';
import { Coupons } from './shopping/coupons.ts';
import { ShoppingFaults } from './shopping/faults.ts';
import { orders } from './shopping/orders.ts';
import { Outbox } from './shopping/outbox.ts';
import { products } from './shopping/products.ts';
import { Ranking } from './shopping/ranking.ts';

/** Products, carts, orders and coupons. */
export function shoppingService(telemetry: Telemetry): Service {
  const resilience = new Resilience(telemetry.meters);
  const database = new Database(telemetry, resilience);
  const cache = new Cache(telemetry, resilience);
  const events = new Events(telemetry);
  const outbox = new Outbox(telemetry, database, events);
  const ranking = new Ranking(database, cache);
  const coupons = new Coupons(telemetry, database, cache, events);
  const faults = new ShoppingFaults(telemetry.service, database, cache);
  const workers = new Limiter(4);
  const executor = measureExecutor(telemetry.meters, 'coupon-issue', workers);
  const couponRequests = new Listener(telemetry, 'coupon-issue', workers);
  const broker = new BrokerCheck(telemetry, Object.values(topics));

  const api = apiServer(telemetry, { before: faults.before });
  ranking.routes(api);
  products(api, database, cache);
  cart(api, database);
  orders(api, database, outbox, ranking, () => faults.hotRow);
  coupons.routes(api);

  return {
    api,
    checks: {
      mysql: () => database.aside(isSeeded),
      redis: () => cache.redis.ping(),
      kafka: () => broker.ask(),
    },
    switches: faults.switches,
    start: async () => {
      await events.connect();
      outbox.start();
      await couponRequests.start(topics.couponRequested, async ({ value }) => {
        await coupons.issue(value);
        executor.completed();
      });
    },
    stop: async () => {
      await couponRequests.close();
      await outbox.stop();
      await events.close();
      await broker.close();
      cache.close();
      await database.close();
    },
  };
}

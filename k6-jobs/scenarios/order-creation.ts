import { oneOf } from './lib/chance.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { order } from './lib/orders.ts';
import { byTheClock } from './lib/pace.ts';
import { shopFor } from './lib/shop.ts';
import { usersInTurn } from './lib/users.ts';

/** Orders of one product, by the clock, each with a key of its own. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'order-creation'>();
const { products } = parametersOf<'order-creation'>();
const user = usersInTurn();

export const options = optionsOf('order-creation', { 'order-creation': byTheClock() });

export default function orderCreation(): void {
  order(shop, user(), [oneOf(products)]);
}

import { below, oneByWeight, oneOf, think } from './lib/chance.ts';
import { goodWhen } from './lib/checks.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { order } from './lib/orders.ts';
import { byUsers } from './lib/pace.ts';
import { isCount, readReviews } from './lib/products.ts';
import { shopFor } from './lib/shop.ts';
import { ownUsers } from './lib/users.ts';

/** What no cache answers: reviews, pages far down, a user's orders, and orders of many products, four to three to two to one. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

/** Pages of up to 100 products each: so many that hardly any is asked for twice while a cache keeps it. */
const deepest = 10_000;

const shop = shopFor<'database-heavy'>();
const { products, items, thinkMs } = parametersOf<'database-heavy'>();
const user = ownUsers();
const isPage = goodWhen<number>('product_page', {
  'is the one asked for': (answer, page) => answer.data('page') === page && isCount(answer.data('content.#')),
});
const areOrders = goodWhen('order_history', { 'has a list': (orders) => isCount(orders.data('content.#')) });

export const options = optionsOf('database-heavy', { 'database-heavy': byUsers() });

export default function databaseHeavy(): void {
  oneByWeight([
    [4, () => readReviews(shop, oneOf(products), below(5))],
    [3, leafDown],
    [2, readOrders],
    [1, () => order(shop, user(), someProducts())],
  ]);
  think(thinkMs);
}

/** Most of these pages are past the last product; the database counts its way through all of them to find that out. */
function leafDown(): void {
  const page = below(deepest);
  isPage(shop.get('product_page', `/api/v1/products?page=${page}&size=${oneOf(100)}`), page);
}

function readOrders(): void {
  areOrders(shop.get('order_history', '/api/v1/orders?page=0&size=20', { token: user().token }));
}

function someProducts(): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(items, products)) chosen.add(oneOf(products));
  return [...chosen];
}

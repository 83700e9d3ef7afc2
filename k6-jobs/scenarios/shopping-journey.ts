import { sleep } from 'k6';
import { below, think } from './lib/chance.ts';
import { goodWhen } from './lib/checks.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { order } from './lib/orders.ts';
import { byUsers } from './lib/pace.ts';
import { idsIn, listProducts, showProduct } from './lib/products.ts';
import { shopFor } from './lib/shop.ts';
import { ownUsers } from './lib/users.ts';

/** A customer who looks, fills a cart and orders. Each virtual user is a user of its own, with a cart of its own. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'shopping-journey'>();
const { thinkMs } = parametersOf<'shopping-journey'>();
const user = ownUsers();
const isAdded = goodWhen<number>('add_to_cart', {
  'has the product': (item, product) => item.data('productId') === product,
});
/** Known from the first list on. */
let pages = 1;

export const options = optionsOf('shopping-journey', { 'shopping-journey': byUsers() });

export default function shoppingJourney(): void {
  const list = listProducts(shop, below(pages));
  const ids = list ? idsIn(list) : [];
  const product = ids[below(ids.length)];
  if (!list || product === undefined) {
    // Nobody buys from an error page, nor asks for it again at once.
    sleep(1);
    return;
  }
  pages = Number(list.data('totalPages') ?? 1);
  think(thinkMs);
  showProduct(shop, product);
  think(thinkMs);
  const item = { productId: product, quantity: 1 };
  const cart = shop.post('add_to_cart', '/api/v1/cart/items', item, { token: user().token });
  const hasIt = isAdded(cart, product);
  think(thinkMs);
  if (hasIt) order(shop, user(), [product]);
  think(thinkMs);
}

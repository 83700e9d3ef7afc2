import { sleep } from 'k6';
import { below, oneByWeight, think } from './lib/chance.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { byUsers } from './lib/pace.ts';
import { idsIn, listProducts, readReviews, showProduct } from './lib/products.ts';
import { searchProducts } from './lib/search.ts';
import { shopFor } from './lib/shop.ts';

/** Visitors who browse, search and read reviews, three to two to one, and think in between. Writes nothing. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'weighted-mix'>();
const { thinkMs } = parametersOf<'weighted-mix'>();
/** The product that this visitor came upon last. */
let seen = 1;

export const options = optionsOf('weighted-mix', { 'weighted-mix': byUsers() });

export default function visit(): void {
  oneByWeight([
    [3, browse],
    [2, search],
    [1, () => readReviews(shop, seen, 0)],
  ]);
  think(thinkMs);
}

function browse(): void {
  const page = listProducts(shop, 0);
  if (!page) {
    sleep(1);
    return;
  }
  const ids = idsIn(page);
  seen = ids[below(ids.length)] ?? seen;
  think(thinkMs);
  showProduct(shop, seen);
}

function search(): void {
  seen = Number(searchProducts(shop)?.data('content.0.id') ?? seen);
}

import { below, oneByWeight, oneOf } from './lib/chance.ts';
import { goodWhen } from './lib/checks.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { byTheClock } from './lib/pace.ts';
import { isCount, listProducts, showProduct } from './lib/products.ts';
import { shopFor } from './lib/shop.ts';

/** Lists of products, products, and what sells best, by the clock: five to four to one. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'product-query'>();
const { products } = parametersOf<'product-query'>();
// Empty where nothing was sold yet.
const isRanking = goodWhen('sales_ranking', { 'has a list': (best) => isCount(best.data('#')) });

export const options = optionsOf('product-query', { 'product-query': byTheClock() });

export default function productQuery(): void {
  oneByWeight([
    [5, () => listProducts(shop, below(Math.ceil(products / 20)))],
    [4, () => showProduct(shop, oneOf(products))],
    [1, showRanking],
  ]);
}

function showRanking(): void {
  isRanking(shop.get('sales_ranking', '/api/v1/products/ranking?limit=10'));
}

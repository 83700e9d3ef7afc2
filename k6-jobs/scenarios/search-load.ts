import { optionsOf } from './lib/options.ts';
import { byTheClock } from './lib/pace.ts';
import { searchProducts } from './lib/search.ts';
import { shopFor } from './lib/shop.ts';

/** Searches, by the clock. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'search-load'>();

export const options = optionsOf('search-load', { 'search-load': byTheClock() });

export default function searchLoad(): void {
  searchProducts(shop);
}

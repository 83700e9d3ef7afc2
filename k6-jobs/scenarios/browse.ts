import { sleep } from 'k6';
import exec from 'k6/execution';
import { think } from './lib/chance.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { byUsers } from './lib/pace.ts';
import { idsIn, listProducts, showProduct } from './lib/products.ts';
import { shopFor } from './lib/shop.ts';

/** A visitor who looks: the list of products, then one of them. Writes nothing. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

const shop = shopFor<'browse'>();
const { thinkMs } = parametersOf<'browse'>();

export const options = optionsOf('browse', { browse: byUsers() });

export default function browse(): void {
  const list = listProducts(shop, 0);
  if (!list) {
    // An error answers at once: without a pause the visitor would hammer a system that is already failing.
    sleep(1);
    return;
  }
  think(thinkMs);
  const ids = idsIn(list);
  const product = ids[exec.scenario.iterationInTest % ids.length];
  if (product !== undefined) showProduct(shop, product);
  think(thinkMs);
}

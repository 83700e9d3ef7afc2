import { check } from 'k6';
import { goodWhen } from './lib/checks.ts';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { onceEach } from './lib/pace.ts';
import { type Start, sleepUntil } from './lib/setup.ts';
import { type Answer, shopFor } from './lib/shop.ts';

/**
 * One request puts a product into the cache; when it has just left it, all users ask for it, once each. How many of them
 * reached the database is seen in Redis: each that found nothing is a miss.
 */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

/** Milliseconds that the first request may take: the cache keeps the product from when it was read. */
const margin = 1000;

const shop = shopFor<'cache-stampede'>();
const { product, ttlSeconds } = parametersOf<'cache-stampede'>();
const path = `/api/v1/products/${product}`;
const isTheProduct = { 'is the product': (answer: Answer) => answer.data('id') === product };
const isWarmed = goodWhen('warm_cache', isTheProduct);
const isServed = goodWhen('thundering_herd', isTheProduct);

export const options = optionsOf('cache-stampede', {
  // Of all runners only one has a share in a single iteration.
  'cache-stampede-warm': {
    executor: 'shared-iterations',
    vus: 1,
    iterations: 1,
    maxDuration: `${ttlSeconds}s`,
    gracefulStop: '0s',
    exec: 'warm',
  },
  'cache-stampede-herd': { ...onceEach(margin / 1000), startTime: `${ttlSeconds}s`, exec: 'herd' },
});

export function warm(): void {
  const answer = shop.get('warm_cache', path);
  isWarmed(answer);
  check(answer, { 'warm_cache is over long before the herd comes': ({ duration }) => duration < margin });
}

export function herd({ startAt }: Start): void {
  sleepUntil(startAt + ttlSeconds * 1000 + margin);
  isServed(shop.get('thundering_herd', path));
}

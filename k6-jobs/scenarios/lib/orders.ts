import { check } from 'k6';
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { required } from './env.ts';
import { expecting, type Shop } from './shop.ts';
import type { User } from './users.ts';

const acknowledged = new Counter('orders_acknowledged');
const refused = new Counter('orders_refused');

// 200: a proxy asked again, and the order of its first try was there. 409: out of stock or of points.
const expected = expecting(200, 201, 409);
const testid = required('TESTID');

/** One piece of each product. */
export function order(shop: Shop<'create_order'>, { token }: User, products: readonly number[]): void {
  const answer = shop.post(
    'create_order',
    '/api/v1/orders',
    { items: products.map((productId) => ({ productId, quantity: 1 })) },
    {
      token,
      // Tells the orders of a run from those of people, and is used once: virtual users are numbered over all runners.
      headers: { 'idempotency-key': `${testid}-${exec.vu.idInTest}-${exec.vu.iterationInScenario}` },
      expected,
    },
  );
  const { status, code } = answer;
  const isAccepted = (status === 200 || status === 201) && answer.data('id') != null;
  const isRefused = status === 409 && code !== undefined;
  if (isAccepted) acknowledged.add(1);
  if (isRefused) refused.add(1, { reason: /^[A-Z_]{1,40}$/.test(code) ? code : 'OTHER' });
  check(status, {
    'create_order answers 200, 201 or 409': () => [200, 201, 409].includes(status),
    'create_order says what became of the order': () => isAccepted || isRefused,
  });
}

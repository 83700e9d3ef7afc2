import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { parametersOf } from './lib/env.ts';
import { optionsOf } from './lib/options.ts';
import { onceEach } from './lib/pace.ts';
import { type Start, sleepUntil } from './lib/setup.ts';
import { type Answer, expecting, shopFor } from './lib/shop.ts';
import { ownUsers } from './lib/users.ts';

/** All users ask for the same coupon at the same instant, once each. */

export { setup } from './lib/setup.ts';
export { handleSummary } from './lib/summary.ts';

/** Seconds from the start: until then the virtual users of all runners are at work. */
const run = 2;

const shop = shopFor<'coupon-spike'>();
const { coupon } = parametersOf<'coupon-spike'>();
const user = ownUsers();
const expected = expecting(200, 409, 410);

const names = ['QUEUED', 'SOLD_OUT', 'DUPLICATE', 'ERROR'] as const;
const outcomes = new Counter('coupon_outcomes');

export const options = optionsOf(
  'coupon-spike',
  { 'coupon-spike': onceEach(run) },
  // Always hold: they are there for the summary, which shows apart what has a threshold.
  Object.fromEntries(names.map((outcome) => [`coupon_outcomes{outcome:${outcome}}`, ['count>=0']])),
);

export default function couponSpike({ startAt }: Start): void {
  const { token } = user();
  sleepUntil(startAt + run * 1000);
  const answer = shop.post('coupon_issue', `/api/v1/coupons/${coupon}/issue`, undefined, {
    token,
    expected,
  });
  const outcome = outcomeOf(answer);
  outcomes.add(1, { outcome });
  check(answer, {
    'coupon_issue answers 200, 409 or 410': ({ status }) => [200, 409, 410].includes(status),
    'coupon_issue says what became of the coupon': () => outcome !== 'ERROR',
  });
}

function outcomeOf(answer: Answer): (typeof names)[number] {
  const { status, code } = answer;
  if (status === 200 && answer.data('status') === 'QUEUED') return 'QUEUED';
  if (status === 410 && code === 'SOLD_OUT') return 'SOLD_OUT';
  return status === 409 && code === 'DUPLICATE' ? 'DUPLICATE' : 'ERROR';
}

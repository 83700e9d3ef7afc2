import type { FastifyInstance } from 'fastify';
import { ok } from '../../lib/api-server.ts';
import type { Cache } from '../../lib/cache.ts';
import type { Database } from '../../lib/database.ts';
import { ApiError, notFound, unavailable } from '../../lib/errors.ts';
import type { Events } from '../../lib/kafka.ts';
import { idSchema } from '../../lib/paging.ts';
import type { Telemetry } from '../../lib/telemetry.ts';
import { authenticated } from '../../lib/tokens.ts';
import { topics } from '../../lib/topics.ts';

/**
 * Who gets a place in the queue, decided at one stroke. Keys: who has one, how many are left.
 * UNKNOWN when the coupon is not in Redis yet, or not any more.
 */
const enter = `
if redis.call('EXISTS', KEYS[2]) == 0 then return 'UNKNOWN' end
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 'DUPLICATE' end
if tonumber(redis.call('GET', KEYS[2])) <= 0 then return 'SOLD_OUT' end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('DECR', KEYS[2])
return 'QUEUED'`;

/** Gives a place back. */
const leave = `if redis.call('SREM', KEYS[1], ARGV[1]) == 1 then redis.call('INCR', KEYS[2]) end`;

/** What MySQL knows, unless another pod was faster. Arguments: how many are left, who has one. */
const open = `
if redis.call('EXISTS', KEYS[2]) == 1 then return end
for index = 2, #ARGV do redis.call('SADD', KEYS[1], ARGV[index]) end
redis.call('SET', KEYS[2], ARGV[1])`;

type Verdict = 'QUEUED' | 'DUPLICATE' | 'SOLD_OUT' | 'UNKNOWN';

interface Coupon {
  readonly id: number;
  readonly name: string;
  readonly quantity: number;
  readonly issued: number;
}

/** The event `coupon-requested`. */
interface CouponRequested {
  readonly couponId: number;
  readonly userId: number;
}

/**
 * Coupons for those who come first. Redis says at once who gets a place in the queue; Kafka keeps the place;
 * MySQL issues, and is the one that counts: with Redis gone and back, more may be queued than there are
 * coupons, but none is issued that is not there, and no user gets two.
 */
export class Coupons {
  readonly #database: Database;
  readonly #cache: Cache;
  readonly #events: Events;
  readonly #log: Telemetry['log'];

  constructor({ log }: Telemetry, database: Database, cache: Cache, events: Events) {
    this.#log = log;
    this.#database = database;
    this.#cache = cache;
    this.#events = events;
  }

  routes(api: FastifyInstance): void {
    api.post<{ Params: { id: number } }>(
      '/api/v1/coupons/:id/issue',
      { schema: { params: idSchema } },
      async (request) => {
        const userId = await authenticated(request);
        const couponId = request.params.id;
        const verdict = await this.#enter(couponId, userId);
        if (verdict === 'SOLD_OUT') throw new ApiError(410, 'SOLD_OUT', `coupon ${couponId} is sold out`);
        // A place whose event was lost, because Redis or this service went away in between, is queued now.
        if (verdict === 'QUEUED' || !(await this.#isIssued(couponId, userId))) await this.#queue(couponId, userId);
        if (verdict === 'DUPLICATE') throw new ApiError(409, 'DUPLICATE', `the user has coupon ${couponId} already`);
        return ok({ status: 'QUEUED', couponId });
      },
    );

    api.get<{ Params: { id: number } }>(
      '/api/v1/coupons/:id',
      { schema: { params: idSchema } },
      async ({ params: { id } }) => ok(await this.#coupon(id)),
    );
  }

  /** Issues one for which a place was kept. A message that comes twice issues nothing the second time. */
  async issue(value: string): Promise<void> {
    const { couponId, userId } = JSON.parse(value) as CouponRequested;
    const outcome = await this.#database.transaction(async (session) => {
      const taken = await session.change('UPDATE coupons SET issued = issued + 1 WHERE id = ? AND issued < quantity', [
        couponId,
      ]);
      const [has] = await session.rows('SELECT 1 FROM coupon_users WHERE coupon_id = ? AND user_id = ?', [
        couponId,
        userId,
      ]);
      if (has) {
        if (taken) await session.change('UPDATE coupons SET issued = issued - 1 WHERE id = ?', [couponId]);
        return 'DUPLICATE';
      }
      if (taken === 0) return 'SOLD_OUT';
      await session.change('INSERT INTO coupon_users (coupon_id, user_id) VALUES (?, ?)', [couponId, userId]);
      return 'ISSUED';
    });
    if (outcome !== 'ISSUED') this.#log.warn({ couponId, userId }, `coupon not issued: ${outcome}`);
  }

  async #isIssued(couponId: number, userId: number): Promise<boolean> {
    const found = await this.#database.rows('SELECT 1 FROM coupon_users WHERE coupon_id = ? AND user_id = ?', [
      couponId,
      userId,
    ]);
    return found.length > 0;
  }

  async #queue(couponId: number, userId: number): Promise<void> {
    const event: CouponRequested = { couponId, userId };
    try {
      await this.#events.send(topics.couponRequested, [{ key: `${couponId}:${userId}`, value: JSON.stringify(event) }]);
    } catch (error) {
      await this.#cache.attempt('leave', () => this.#cache.redis.eval(leave, 2, ...keys(couponId), userId));
      throw unavailable('Kafka', error);
    }
  }

  async #enter(couponId: number, userId: number): Promise<Verdict> {
    const attempt = () => this.#cache.redis.eval(enter, 2, ...keys(couponId), userId) as Promise<Verdict>;
    try {
      const verdict = await attempt();
      if (verdict !== 'UNKNOWN') return verdict;
      const { quantity } = await this.#coupon(couponId);
      const holders = await this.#database.rows<{ user_id: number }>(
        'SELECT user_id FROM coupon_users WHERE coupon_id = ?',
        [couponId],
      );
      await this.#cache.redis.eval(
        open,
        2,
        ...keys(couponId),
        quantity - holders.length,
        ...holders.map((holder) => holder.user_id),
      );
      return await attempt();
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw unavailable('Redis', error);
    }
  }

  async #coupon(id: number): Promise<Coupon> {
    const [coupon] = await this.#database.rows<Coupon>('SELECT id, name, quantity, issued FROM coupons WHERE id = ?', [
      id,
    ]);
    if (!coupon) throw notFound(`coupon ${id}`);
    return coupon;
  }
}

const keys = (couponId: number): [string, string] => [`coupon:${couponId}:users`, `coupon:${couponId}:left`];

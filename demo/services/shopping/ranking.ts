import type { FastifyInstance } from 'fastify';
import { ok } from '../../lib/api-server.ts';
import type { Cache } from '../../lib/cache.ts';
import type { Database } from '../../lib/database.ts';

const key = 'ranking:sales';

/** Products in one command: arguments of a call are limited. */
const atOnce = 1000;

const limitSchema = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: 100, default: 10 } },
} as const;

interface Sold {
  readonly id: number;
  readonly sold: number;
}

/** What sells best, from a sorted set that is counted up with each order. */
export class Ranking {
  readonly #database: Database;
  readonly #cache: Cache;

  constructor(database: Database, cache: Cache) {
    this.#database = database;
    this.#cache = cache;
  }

  async sold(items: readonly { readonly productId: number; readonly quantity: number }[]): Promise<void> {
    await this.#cache.attempt('ZINCRBY', async () => {
      // One that is not there is made whole when it is read, and must not begin with this order alone.
      if (!(await this.#cache.redis.exists(key))) return;
      await Promise.all(
        items.map(({ productId, quantity }) => this.#cache.redis.zincrby(key, quantity, String(productId))),
      );
    });
  }

  async best(limit: number): Promise<Sold[]> {
    const kept = await this.#cache.attempt('ZREVRANGE', () =>
      this.#cache.redis.zrevrange(key, 0, limit - 1, 'WITHSCORES'),
    );
    if (kept?.length) return pairs(kept);
    const counted = await this.#database.rows<Sold>(
      'SELECT product_id AS id, SUM(quantity) AS sold FROM order_items GROUP BY product_id ORDER BY sold DESC',
    );
    for (let at = 0; at < counted.length; at += atOnce)
      await this.#cache.attempt('ZADD', () =>
        this.#cache.redis.zadd(
          key,
          'NX',
          ...counted.slice(at, at + atOnce).flatMap(({ id, sold }) => [Number(sold), String(id)]),
        ),
      );
    return counted.slice(0, limit).map(({ id, sold }) => ({ id, sold: Number(sold) }));
  }

  routes(api: FastifyInstance): void {
    api.get<{ Querystring: { limit: number } }>(
      '/api/v1/products/ranking',
      { schema: { querystring: limitSchema } },
      async ({ query: { limit } }) => ok(await this.best(limit)),
    );
  }
}

const pairs = (flat: readonly string[]): Sold[] =>
  flat.flatMap((member, index) => (index % 2 === 0 ? [{ id: Number(member), sold: Number(flat[index + 1]) }] : []));

import type { FastifyInstance } from 'fastify';
import { ok } from '../../lib/api-server.ts';
import type { Cache } from '../../lib/cache.ts';
import type { Database } from '../../lib/database.ts';
import { notFound } from '../../lib/errors.ts';
import { idSchema, type Paging, pageOf, pagingSchema } from '../../lib/paging.ts';

/** Seconds that a product stays in the cache: what a buyer may see too late. */
const ttl = 30;

/** Products, through the cache. */
export function products(api: FastifyInstance, database: Database, cache: Cache): void {
  api.get<{ Querystring: Paging }>('/api/v1/products', { schema: { querystring: pagingSchema } }, async ({ query }) => {
    const { page, size } = query;
    return ok(
      await cache.through(`products:${page}:${size}`, ttl, async () => {
        const content = await database.rows(
          'SELECT id, name, category, price FROM products ORDER BY id LIMIT ? OFFSET ?',
          [size, page * size],
        );
        const [count] = await database.rows<{ total: number }>('SELECT COUNT(*) AS total FROM products');
        return pageOf(content, query, count?.total ?? 0);
      }),
    );
  });

  api.get<{ Params: { id: number } }>(
    '/api/v1/products/:id',
    { schema: { params: idSchema } },
    async ({ params: { id } }) => {
      const product = await cache.through(`product:${id}`, ttl, async () => {
        const [found] = await database.rows(
          'SELECT id, name, category, price, stock, description FROM products WHERE id = ?',
          [id],
        );
        if (!found) return null;
        const [rating] = await database.rows(
          'SELECT COUNT(*) AS reviews, ROUND(AVG(rating), 2) AS average FROM reviews WHERE product_id = ?',
          [id],
        );
        return { ...found, rating };
      });
      if (!product) throw notFound(`product ${id}`);
      return ok(product);
    },
  );

  api.get<{ Params: { id: number }; Querystring: Paging }>(
    '/api/v1/products/:id/reviews',
    { schema: { params: idSchema, querystring: pagingSchema } },
    async ({ params: { id }, query: { page, size } }) =>
      ok({
        content: await database.rows(
          'SELECT id, rating, text FROM reviews WHERE product_id = ? ORDER BY id DESC LIMIT ? OFFSET ?',
          [id, size, page * size],
        ),
      }),
  );
}

import type { FastifyInstance } from 'fastify';
import { ok } from '../../lib/api-server.ts';
import type { Database } from '../../lib/database.ts';
import { notFound } from '../../lib/errors.ts';
import { idSchema } from '../../lib/paging.ts';
import { authenticated } from '../../lib/tokens.ts';

/** A product and how many of it, in carts and in orders. */
export interface Item {
  readonly productId: number;
  readonly quantity: number;
}

export const itemSchema = {
  type: 'object',
  required: ['productId', 'quantity'],
  properties: {
    productId: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 },
    quantity: { type: 'integer', minimum: 1, maximum: 100 },
  },
} as const;

/** What a user means to buy. */
export function cart(api: FastifyInstance, database: Database): void {
  const items = (userId: number) =>
    database.rows(
      'SELECT c.product_id AS productId, p.name, p.price, c.quantity FROM cart_items c JOIN products p ON p.id = c.product_id WHERE c.user_id = ? ORDER BY c.product_id',
      [userId],
    );

  api.get('/api/v1/cart', async (request) => ok({ items: await items(await authenticated(request)) }));

  api.post<{ Body: Item }>('/api/v1/cart/items', { schema: { body: itemSchema } }, async (request) => {
    const userId = await authenticated(request);
    const { productId, quantity } = request.body;
    const [product] = await database.rows('SELECT 1 FROM products WHERE id = ?', [productId]);
    if (!product) throw notFound(`product ${productId}`);
    await database.change(
      'INSERT INTO cart_items (user_id, product_id, quantity) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE quantity = ?',
      [userId, productId, quantity, quantity],
    );
    return ok({ productId, quantity });
  });

  api.delete<{ Params: { id: number } }>(
    '/api/v1/cart/items/:id',
    { schema: { params: idSchema } },
    async (request) => {
      const userId = await authenticated(request);
      await database.change('DELETE FROM cart_items WHERE user_id = ? AND product_id = ?', [userId, request.params.id]);
      return ok({ items: await items(userId) });
    },
  );
}

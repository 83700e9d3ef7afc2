import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ok } from '../../lib/api-server.ts';
import type { Database, Session } from '../../lib/database.ts';
import { ApiError, notFound } from '../../lib/errors.ts';
import { type Paging, pagingSchema } from '../../lib/paging.ts';
import { authenticated } from '../../lib/tokens.ts';
import { topics } from '../../lib/topics.ts';
import { messageHeaders } from '../../lib/tracing.ts';
import { type Item, itemSchema } from './cart.ts';
import type { Outbox } from './outbox.ts';
import type { Ranking } from './ranking.ts';

/** The event `order-created`. */
export interface OrderCreated {
  readonly eventType: 'ORDER_CREATED';
  readonly orderId: string;
  readonly userId: number;
  readonly totalAmount: number;
  readonly items: readonly Item[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

interface Order {
  readonly id: string;
  readonly totalAmount: number;
  readonly status: string;
}

const orderSchema = {
  type: 'object',
  required: ['items'],
  properties: { items: { type: 'array', minItems: 1, maxItems: 20, items: itemSchema } },
} as const;

const idempotencySchema = {
  type: 'object',
  properties: { 'idempotency-key': { type: 'string', minLength: 1, maxLength: 64 } },
} as const;

/** A lock that every order takes, while the fault `row-lock` is on. */
export interface HotRow {
  readonly productId: number;
  readonly holdMs: number;
}

/** What the products of an order must have left over after it, and its owner too: nothing below zero. */
async function take(session: Session, userId: number, items: readonly Item[]): Promise<number> {
  const ids = items.map(({ productId }) => productId);
  const found = await session.rows<{ id: number; price: number }>('SELECT id, price FROM products WHERE id IN (?)', [
    ids,
  ]);
  const prices = new Map(found.map(({ id, price }) => [id, price]));
  let total = 0;
  for (const { productId, quantity } of items) {
    const price = prices.get(productId);
    if (price === undefined) throw notFound(`product ${productId}`);
    const changed = await session.change('UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?', [
      quantity,
      productId,
      quantity,
    ]);
    if (changed === 0)
      throw new ApiError(409, 'OUT_OF_STOCK', `there are fewer than ${quantity} of product ${productId}`);
    total += price * quantity;
  }
  const paid = await session.change('UPDATE users SET points = points - ? WHERE id = ? AND points >= ?', [
    total,
    userId,
    total,
  ]);
  if (paid === 0)
    throw new ApiError(409, 'INSUFFICIENT_POINTS', `the order costs ${total} points, which the user does not have`);
  return total;
}

/** One entry for each product, by id: transactions that lock rows in the same order do not lock each other out. */
function merged(items: readonly Item[]): Item[] {
  const quantities = new Map<number, number>();
  for (const { productId, quantity } of items) quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => a.productId - b.productId);
}

/**
 * Orders. One that is acknowledged is in MySQL together with its event, which is published at least once,
 * under the order's id. A request that is made again with the same `Idempotency-Key` gets the first order.
 *
 * @param hotRow the fault, while it is on
 */
export function orders(
  api: FastifyInstance,
  database: Database,
  outbox: Outbox,
  ranking: Ranking,
  hotRow: () => HotRow | undefined,
): void {
  const byKey = (session: Pick<Session, 'rows'>, userId: number, key: string) =>
    session.rows<Order>(
      'SELECT id, total_amount AS totalAmount, status FROM orders WHERE user_id = ? AND idempotency_key = ?',
      [userId, key],
    );

  api.post<{ Body: { items: Item[] }; Headers: { 'idempotency-key'?: string } }>(
    '/api/v1/orders',
    { schema: { body: orderSchema, headers: idempotencySchema } },
    async (request, reply) => {
      const userId = await authenticated(request);
      const items = merged(request.body.items);
      const orderId = randomUUID();
      const key = request.headers['idempotency-key'] ?? orderId;
      const createdAt = new Date().toISOString();
      const trace = messageHeaders();

      const made = await database.transaction(async (session) => {
        const [first] = await byKey(session, userId, key);
        if (first) return { order: first, isNew: false };
        const hot = hotRow();
        if (hot) {
          await session.rows('SELECT id FROM products WHERE id = ? FOR UPDATE', [hot.productId]);
          await session.rows('SELECT SLEEP(?)', [hot.holdMs / 1000]);
        }
        const totalAmount = await take(session, userId, items);
        await session.change(
          "INSERT INTO orders (id, user_id, idempotency_key, total_amount, status) VALUES (?, ?, ?, ?, 'CREATED')",
          [orderId, userId, key, totalAmount],
        );
        for (const { productId, quantity } of items)
          await session.change('INSERT INTO order_items (order_id, product_id, quantity) VALUES (?, ?, ?)', [
            orderId,
            productId,
            quantity,
          ]);
        const event: OrderCreated = { eventType: 'ORDER_CREATED', orderId, userId, totalAmount, items, createdAt };
        await outbox.add(session, { topic: topics.orderCreated, key: orderId, value: JSON.stringify(event), trace });
        return { order: { id: orderId, totalAmount, status: 'CREATED' }, isNew: true };
      });

      if (!made.isNew) return ok(made.order);
      outbox.wake();
      await ranking.sold(items);
      return reply.status(201).send(ok(made.order));
    },
  );

  api.get<{ Querystring: Paging }>('/api/v1/orders', { schema: { querystring: pagingSchema } }, async (request) => {
    const userId = await authenticated(request);
    const { page, size } = request.query;
    return ok({
      content: await database.rows(
        'SELECT id, total_amount AS totalAmount, status, created_at AS createdAt FROM orders WHERE user_id = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?',
        [userId, size, page * size],
      ),
    });
  });

  api.get<{ Params: { orderId: string } }>('/api/v1/orders/:orderId', async (request) => {
    const userId = await authenticated(request);
    const { orderId } = request.params;
    const [order] = await database.rows<Order>(
      'SELECT id, total_amount AS totalAmount, status, created_at AS createdAt FROM orders WHERE id = ? AND user_id = ?',
      [orderId, userId],
    );
    if (!order) throw notFound(`order ${orderId}`);
    const items = await database.rows<Item>(
      'SELECT product_id AS productId, quantity FROM order_items WHERE order_id = ? ORDER BY product_id',
      [orderId],
    );
    return ok({ ...order, items });
  });
}

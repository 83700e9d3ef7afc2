import { demoPorts } from '../../model/demo.ts';
import { eventually } from '../lib/eventually.ts';
import { type Forward, kubectl, portForward } from '../lib/kubectl.ts';
import { reaches } from '../lib/probe.ts';
import { type Answer, Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What the demo answers to a customer, and who may ask. */
export function api(stack: Stack): void {
  const test = testWith(stack);
  const shop = new Shop(stack.shop);
  let gateway: Forward;
  let token = '';

  beforeAll(async () => {
    gateway = await shop.gateway();
    token = await login('loadtest@test.com');
  });
  afterAll(() => gateway.close());

  async function login(email: string): Promise<string> {
    const { body } = await call('POST', '/api/v1/auth/login', { body: { email, password: await shop.password() } });
    return String(body.data?.accessToken);
  }

  async function call(
    method: string,
    path: string,
    {
      body,
      headers = {},
      token: sent = token,
    }: { body?: unknown; headers?: Record<string, string>; token?: string } = {},
  ): Promise<Answer> {
    const response = await fetch(`${gateway.url}${path}`, {
      method,
      headers: {
        ...(sent ? { authorization: `Bearer ${sent}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  const order = (productId: number, quantity: number, headers: Record<string, string> = {}) =>
    call('POST', '/api/v1/orders', { body: { items: [{ productId, quantity }] }, headers });

  test('answers what is there by 200', async () => {
    for (const path of [
      '/api/v1/auth/me',
      '/api/v1/products?page=1&size=5',
      '/api/v1/products/7',
      '/api/v1/products/7/reviews',
      '/api/v1/products/ranking',
      '/api/v1/cart',
      '/api/v1/orders',
      '/api/v1/coupons/3',
      '/api/v1/posts?page=0',
      '/api/v1/posts/1',
    ])
      expect({ path, ...(await call('GET', path)) }).toMatchObject({ path, status: 200, body: { success: true } });
  });

  test('finds products by Korean words', async () => {
    const { status, body } = await call(
      'GET',
      `/api/v1/products/search?keyword=${encodeURIComponent('노트북')}&size=50`,
    );
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ totalElements: 100 });
    expect(new Set(body.data?.content?.map(({ category }) => category))).toEqual(new Set(['노트북']));
  });

  test('says what is not there by 404, as posts that were linked to once', async () => {
    for (const path of [
      '/api/v1/products/1000000',
      '/api/v1/posts/1000000',
      '/api/v1/coupons/99',
      '/api/v1/orders/none',
      '/nowhere',
    ])
      expect({ path, status: (await call('GET', path)).status }).toEqual({ path, status: 404 });
    expect((await order(1_000_000, 1)).status).toBe(404);
    expect((await call('POST', '/api/v1/cart/items', { body: { productId: 1_000_000, quantity: 1 } })).status).toBe(
      404,
    );
  });

  test('refuses what it cannot read by 400', async () => {
    for (const path of ['/api/v1/products?page=-1', '/api/v1/products/abc', '/api/v1/products/search'])
      expect({ path, status: (await call('GET', path)).status }).toEqual({ path, status: 400 });
    expect((await call('POST', '/api/v1/orders', { body: { items: [] } })).status).toBe(400);
    expect((await call('POST', '/api/v1/auth/login', { body: { email: 'x' } })).status).toBe(400);
  });

  test('asks who one is by 401', async () => {
    const wrong = { email: 'loadtest@test.com', password: 'wrong' };
    expect((await call('POST', '/api/v1/auth/login', { body: wrong })).status).toBe(401);
    expect((await call('GET', '/api/v1/cart', { token: '' })).status).toBe(401);
    expect((await call('POST', '/api/v1/coupons/3/issue', { token: 'forged' })).status).toBe(401);
  });

  test('keeps a cart', async () => {
    const item = { productId: 11, quantity: 2 };
    expect((await call('POST', '/api/v1/cart/items', { body: item })).status).toBe(200);
    const quantities = ({ body }: Answer) =>
      ((body.data?.items ?? []) as (typeof item)[]).flatMap(({ productId, quantity }) =>
        productId === 11 ? [quantity] : [],
      );
    expect(quantities(await call('GET', '/api/v1/cart'))).toEqual([2]);
    expect(quantities(await call('DELETE', '/api/v1/cart/items/11'))).toEqual([]);
  });

  test('makes an order by 201, and the same one again by 200', async () => {
    const key = { 'idempotency-key': `e2e-${Date.now()}` };
    const [first, again] = [await order(12, 3, key), await order(12, 3, key)];
    expect([first.status, again.status, again.body.data?.id]).toEqual([201, 200, first.body.data?.id]);
    expect((await call('GET', `/api/v1/orders/${first.body.data?.id}`)).body.data).toMatchObject({
      status: 'CREATED',
      items: [{ productId: 12, quantity: 3 }],
    });
  });

  test('refuses an order that there is not enough for by 409', async () => {
    const items = Array.from({ length: 11 }, () => ({ productId: 13, quantity: 100 }));
    const tooMany = await call('POST', '/api/v1/orders', { body: { items } });
    expect([tooMany.status, tooMany.body.error?.code]).toEqual([409, 'OUT_OF_STOCK']);
    // Laptops by the hundred: as dear as an order can be, and more than a user can pay twice.
    const laptops = Array.from({ length: 20 }, (_, index) => ({ productId: 10 * (index + 1), quantity: 100 }));
    const tokenOfAnother = await login('user2000@test.com');
    const answers = [];
    for (let attempt = 0; attempt < 3; attempt += 1)
      answers.push(await call('POST', '/api/v1/orders', { body: { items: laptops }, token: tokenOfAnother }));
    expect(answers.map(({ status, body }) => body.error?.code ?? status)).toEqual([201, 201, 'INSUFFICIENT_POINTS']);
  });

  test('queues for a coupon by 200, once: then 409', async () => {
    const ask = () => call('POST', '/api/v1/coupons/3/issue');
    expect(await ask()).toMatchObject({ status: 200, body: { data: { status: 'QUEUED' } } });
    expect(await ask()).toMatchObject({ status: 409, body: { error: { code: 'DUPLICATE' } } });
  });

  test('says that a service is away by 503, and answers for the others', async () => {
    await kubectl('-n', shop.namespace, 'scale', 'deployment/blog-service', '--replicas=0');
    try {
      await eventually(60, async () => expect((await call('GET', '/api/v1/posts/1')).status).toBe(503));
      expect((await call('GET', '/api/v1/products/1')).status).toBe(200);
    } finally {
      await kubectl('-n', shop.namespace, 'scale', 'deployment/blog-service', '--replicas=1');
    }
    await stack.ready(shop.namespace, 120);
    await eventually(30, async () => expect((await call('GET', '/api/v1/posts/1')).status).toBe(200));
  });

  test('is one trace from the gateway over Kafka to the notification, found by its id', async () => {
    const traceId = `${Date.now().toString(16).padStart(16, '0')}463ac35c9f6413ad`;
    const made = await order(14, 1, {
      'x-b3-traceid': traceId,
      'x-b3-spanid': 'a2fb4a1d1a96d312',
      'x-b3-sampled': '1',
    });
    expect(made.status).toBe(201);
    const zipkin = await portForward(stack.namespace, 'deployment/zipkin', 9411);
    try {
      await eventually(60, async () => {
        const response = await fetch(`${zipkin.url}/api/v2/trace/${traceId}`);
        const spans = (await response.json()) as {
          id: string;
          parentId?: string;
          kind: string;
          name: string;
          localEndpoint: { serviceName: string };
        }[];
        const found = spans.map(({ kind, name, localEndpoint }) => `${localEndpoint.serviceName} ${kind} ${name}`);
        expect(found).toEqual(
          expect.arrayContaining([
            'api-gateway SERVER post /api/v1/orders',
            'api-gateway CLIENT post /api/v1/orders',
            'shopping-service SERVER post /api/v1/orders',
            'shopping-service PRODUCER send order-created',
            'notification-service CONSUMER receive order-created',
          ]),
        );
        // Each hangs on another of them, up to the caller's.
        const ids = new Set([...spans.map(({ id }) => id), 'a2fb4a1d1a96d312']);
        expect(spans.filter(({ parentId }) => !ids.has(parentId ?? ''))).toEqual([]);
      });
    } finally {
      zipkin.close();
    }
  });

  test('lets the stack see and steer its pods, and nobody from outside', async () => {
    const outside = `${stack.namespace}-outside`;
    const management = `http://shopping-service.${shop.namespace}.svc.cluster.local:${demoPorts.management}/admin/faults`;
    const mysql = `http://mysql.${shop.namespace}.svc.cluster.local:3306`;
    await kubectl('create', 'namespace', outside);
    try {
      expect(
        await Promise.all([
          reaches(stack.namespace, 'prometheus', management),
          reaches(outside, 'prometheus', management),
          reaches(
            outside,
            'prometheus',
            `http://api-gateway.${shop.namespace}.svc.cluster.local:${demoPorts.management}/admin/faults`,
          ),
          reaches(outside, 'shopping-service', mysql),
        ]),
      ).toEqual([true, false, false, false]);
    } finally {
      await kubectl('delete', 'namespace', outside, '--wait=false');
    }
  });
}

import { contractMistakes } from '../contract/index.ts';
import { coupon, couponKinds } from '../demo/seed/content.ts';
import { schema } from '../demo/seed/schema.ts';
import { targets } from '../exporters/index.ts';
import { consistencyQuestions } from '../model/consistency.ts';
import { checkConsistency } from '../runs/consistency.ts';
import { consistencyMistakes } from '../synth/consistency-mistakes.ts';
import { configOf } from './config-fixture.ts';
import { type DatabaseServer, databaseServer } from './consistency-server.ts';
import { describeWithTool, findTool } from './tool.ts';

/** The checks of the demo, on tables as the shop leaves them. */

const config = configOf({
  demo: { seed: { stock: 100, coupons: 3 } },
  services: [{ name: 'mine', namespace: 'a', port: 1 }],
  loadTests: [
    {
      name: 'rush',
      scenario: 'order-creation',
      service: 'api-gateway',
      url: 'http://gw.loadscope-demo',
      allowWrites: true,
    },
    { name: 'mine', scenario: 'order-creation', service: 'mine', url: 'http://mine.a', allowWrites: true },
  ].map((test) => ({ ...test, users: { secret: 's', name: 'u{n}', count: 5000 } })),
});

const checksOf = (loadTest: string) =>
  config.consistency.filter(({ loadTests }) => !loadTests || loadTests.includes(loadTest)).map(({ name }) => name);

const ofWrites = [
  'issued coupons are the coupons that users have',
  'no coupon goes to more users than there are coupons',
  'no user has a coupon twice',
  'stock and what was sold add up for every product, and none is sold that was not there',
];
const ofOrders = ['no acknowledged order is lost', 'every order was announced and has its notification'];

test.each([
  ['demo-order-creation', [...ofWrites, ...ofOrders]],
  ['demo-shopping-journey', [...ofWrites, ...ofOrders]],
  ['demo-database-heavy', [...ofWrites, ...ofOrders]],
  ['demo-coupon-spike', ofWrites],
  ['demo-cache-stampede', ['the crowd found the cache empty']],
  ['demo-browse', []],
  // What somebody writes for the demo's services is about the same shop, and nothing else is.
  ['rush', [...ofWrites, ...ofOrders]],
  ['mine', []],
])('of %s', (loadTest, expected) => {
  expect(checksOf(loadTest)).toEqual(expected);
});

test('have no mistake, and ask for what there is', () => {
  expect(consistencyMistakes(config)).toEqual([]);
  expect(contractMistakes(targets(config), [], { groups: [] }, consistencyQuestions(config.consistency))).toEqual([]);
});

test('look from the last scrape before a run to the first after it', () => {
  const stampede = (scrapeInterval: string) =>
    configOf({ demo: true, scrapeInterval }).consistency.find(({ name }) => name === 'the crowd found the cache empty');
  const misses = 'redis_keyspace_misses_total{job="redis",instance="demo-redis"}[5m]';
  expect(stampede('40s')?.value).toEqual({
    promql: `sum(last_over_time(${misses} offset -40s)) - sum(last_over_time(${misses} offset $__range))`,
  });
});

describeWithTool(findTool('mariadbd', '--version'))('on a database', () => {
  let server: DatabaseServer;
  const sql = (statement: string, values: unknown[] = []) => server.root.query(statement, values);

  beforeAll(async () => {
    server = await databaseServer();
    await sql('CREATE DATABASE shop');
    await sql('USE shop');
    for (const statement of schema) await sql(statement);
    await sql("CREATE USER checks@'%' IDENTIFIED BY 'x'");
    await sql("GRANT SELECT ON shop.* TO checks@'%'");
  }, 60_000);
  afterAll(() => server?.close());

  const order = async (id: string, key: string, products: readonly number[]) => {
    await sql(
      'INSERT INTO orders (id, user_id, idempotency_key, total_amount, status) VALUES (?, 1, ?, 5, "CREATED")',
      [id, key],
    );
    for (const product of products) {
      await sql('INSERT INTO order_items VALUES (?, ?, 2)', [id, product]);
      await sql('UPDATE products SET stock = stock - 2 WHERE id = ?', [product]);
    }
    await sql('INSERT INTO notifications (order_id, user_id, text) VALUES (?, 1, "")', [id]);
  };

  beforeEach(async () => {
    for (const table of ['products', 'orders', 'order_items', 'notifications', 'coupons', 'coupon_users'])
      await sql(`DELETE FROM ${table}`);
    for (let id = 1; id <= 5; id++) await sql('INSERT INTO products VALUES (?, "", "", 1, 100, "")', [id]);
    for (let id = 1; id <= couponKinds; id++)
      await sql('INSERT INTO coupons (id, name, quantity) VALUES (?, ?, 3)', [id, coupon(id).name]);
    await sql('INSERT INTO coupon_users (coupon_id, user_id) VALUES (1, 1), (1, 2), (1, 3), (2, 1)');
    await sql('UPDATE coupons SET issued = IF(id = 1, 3, 1) WHERE id IN (1, 2)');
    await order('a', 'run-1-1-0', [1, 2]);
    await order('b', 'run-1-2-0', [1]);
    await order('c', 'run-1-2-1', [3]);
    // Of another run, and of people.
    await order('d', 'run-1-2-1-0', [1]);
    await order('e', 'run-10-1-0', [1]);
    await order('f', 'f', [5]);
  });

  /** What does not hold, when so many orders were acknowledged. */
  async function broken(acknowledged: number): Promise<string[]> {
    const results = await checkConsistency(
      config.consistency,
      {
        testid: 'run-1',
        loadTest: 'rush',
        service: 'api-gateway',
        range: { start: 0, end: 30 },
        databases: { 'demo-mysql': { address: server.address, userVariable: 'U', passwordVariable: 'P' } },
        environment: { U: 'checks', P: 'x' },
        prometheus: {
          instant: async () => ({ result: [{ metric: {}, value: [30, `${acknowledged}`] }], warnings: [] }),
        },
      },
      { patience: 0 },
    );
    expect(results).toHaveLength(ofWrites.length + ofOrders.length);
    return results.flatMap(({ name, state, text }) => (state === 'held' ? [] : [`${name}: ${text}`]));
  }

  test('all hold where nothing is lost and nothing given twice', async () => {
    expect(await broken(3)).toEqual([]);
  });

  test('an order whose answer was lost is no mistake', async () => {
    expect(await broken(2)).toEqual([]);
  });

  test('an acknowledged order that is not there is one', async () => {
    expect(await broken(4)).toEqual(['no acknowledged order is lost: 3, which should be at least 4']);
  });

  test.each([
    [
      'an order without a notification',
      "DELETE FROM notifications WHERE order_id = 'b'",
      [`${ofOrders[1]}: 2, which should equal 3`],
    ],
    ['one of another run', "DELETE FROM notifications WHERE order_id = 'd'", []],
    [
      'an order without stock',
      'UPDATE products SET stock = stock + 1 WHERE id = 2',
      [`${ofWrites[3]}: 1, which should equal 0`],
    ],
    [
      'stock without an order',
      'UPDATE products SET stock = stock - 1 WHERE id IN (4, 5)',
      [`${ofWrites[3]}: 2, which should equal 0`],
    ],
    [
      'a coupon that nobody has',
      'UPDATE coupons SET issued = issued + 1 WHERE id = 2',
      [`${ofWrites[0]}: 1, which should equal 0`],
    ],
    [
      'more coupons than there are',
      'UPDATE coupons SET quantity = 2 WHERE id = 1',
      [`${ofWrites[1]}: 1, which should equal 0`],
    ],
    [
      'a coupon that is not counted',
      'INSERT INTO coupon_users (coupon_id, user_id) VALUES (1, 9)',
      [`${ofWrites[0]}: 1, which should equal 0`, `${ofWrites[1]}: 1, which should equal 0`],
    ],
  ])('%s', async (_, statement, expected) => {
    await sql(statement);
    expect(await broken(3)).toEqual(expected);
  });

  test('a second coupon of a user, where no key keeps it out', async () => {
    await sql('ALTER TABLE coupon_users DROP PRIMARY KEY');
    await sql('INSERT INTO coupon_users (coupon_id, user_id) VALUES (2, 1)');
    await sql('UPDATE coupons SET issued = 2 WHERE id = 2');
    try {
      expect(await broken(3)).toEqual([`${ofWrites[2]}: 1, which should equal 0`]);
    } finally {
      await sql('DELETE FROM coupon_users');
      await sql('ALTER TABLE coupon_users ADD PRIMARY KEY (coupon_id, user_id)');
    }
  });
});

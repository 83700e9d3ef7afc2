import { topics } from '../../demo/lib/topics.ts';
import { demoServices } from '../../model/demo.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** What the demo never loses and never gives twice. */
export function consistency(stack: Stack): void {
  const test = testWith(stack);
  const shop = new Shop(stack.shop);

  test('1,000 coupons go to 1,000 users when 2,000 ask at once', async () => {
    // Load tests ask for others.
    const coupon = 2;
    const { first, second } = await shop.back(await shop.send({ mode: 'coupons', customers: 2000, coupon }), 180);
    expect(first).toEqual({ 200: 1000, 410: 1000 });
    expect(second).toEqual({ 409: 1000, 410: 1000 });
    await eventually(60, async () =>
      expect(
        await shop.sql(
          `SELECT COUNT(*), COUNT(DISTINCT user_id), (SELECT issued FROM coupons WHERE id = ${coupon}) FROM coupon_users WHERE coupon_id = ${coupon}`,
        ),
      ).toBe('1000\t1000\t1000'),
    );
  });

  test('stock and what was sold add up, when many order the last pieces at once', async () => {
    const product = 500;
    const stock = async () => Number(await shop.sql(`SELECT stock FROM products WHERE id = ${product}`));
    // Load tests may have ordered some.
    const left = await stock();
    expect(left).toBeGreaterThan(900);
    const { ordered, failures } = await shop.back(await shop.send({ mode: 'soldOut', customers: 50, product }), 180);
    expect({ ordered, failures }).toEqual({ ordered: left, failures: {} });
    expect(await stock()).toBe(0);
    expect(
      await shop.sql(
        'SELECT COUNT(*) FROM products p WHERE p.stock + COALESCE((SELECT SUM(quantity) FROM order_items i WHERE i.product_id = p.id), 0) <> 1000',
      ),
    ).toBe('0');
  });

  test('a new version of every service takes over without a failed request', async () => {
    const load = await shop.send({ mode: 'orders', customers: 4, seconds: 60 });
    const deployments = demoServices.map((service) => `deployment/${service}`);
    // All at once, as when a new version is applied.
    await kubectl('-n', shop.namespace, 'rollout', 'restart', ...deployments);
    for (const deployment of deployments)
      await kubectl('-n', shop.namespace, 'rollout', 'status', deployment, '--timeout=120s');
    const { statuses, failures, acknowledged } = await shop.back(load, 240);
    expect(failures).toEqual({});
    expect(statuses).toEqual({ 200: 4, 201: acknowledged?.length });
  });

  test('any pod may be killed under load: no acknowledged order is lost, and each is published under its id', async () => {
    const names = await kubectl(
      ...['-n', shop.namespace, 'get', 'pods', '-o', 'name', '--field-selector=status.phase=Running'],
      ...['-l', 'app.kubernetes.io/part-of=loadscope'],
    );
    const pods = names.trim().split('\n');
    expect(pods).toHaveLength(demoServices.length + 4);
    const isService = (pod: string) => demoServices.some((service) => pod.startsWith(`pod/${service}-`));
    const [services, systems] = [pods.filter(isService), pods.filter((pod) => !isService(pod))];
    // A service and a system at a time, which is no less than each by itself.
    const together = services.map((pod, index) => [pod, ...systems.slice(index, index + 1)]);
    expect(together.flat().sort()).toEqual([...pods].sort());
    const load = await shop.send({ mode: 'orders', customers: 8, seconds: 30 + 15 * together.length });
    for (const some of together) {
      await kubectl('-n', shop.namespace, 'delete', ...some, '--grace-period=1', '--timeout=60s');
      await stack.ready(shop.namespace, 180);
    }
    const { acknowledged = [], failures } = await shop.back(load, 600);
    console.log(`${pods.length} pods killed, ${acknowledged.length} orders acknowledged, ${JSON.stringify(failures)}`);
    // Something was killed.
    expect(Object.keys(failures)).not.toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(500);

    const lostFrom = (kept: readonly string[]) => {
      const known = new Set(kept);
      return acknowledged.filter((id) => !known.has(id));
    };
    expect(lostFrom((await shop.sql('SELECT id FROM orders')).split('\n'))).toEqual([]);
    await eventually(120, async () => expect(await shop.sql('SELECT COUNT(*) FROM outbox')).toBe('0'));
    expect(lostFrom(await shop.keys(topics.orderCreated))).toEqual([]);
    await eventually(120, async () =>
      expect(lostFrom((await shop.sql('SELECT order_id FROM notifications')).split('\n'))).toEqual([]),
    );
  });
}

import { faults } from '../../demo/faults.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';

/** Each fault of the demo, on and off again while customers are in the shop. */
export function faultsTests(stack: Stack): void {
  const test = testWith(stack);
  const shop = new Shop(stack.shop);
  let load = '';

  beforeAll(async () => {
    load = await shop.send({ mode: 'shop', customers: 4, seconds: 3600 });
  });
  afterAll(async () => {
    await shop.fault('off');
    await kubectl('-n', shop.namespace, 'delete', 'job', load, '--wait=false');
  });

  for (const { name, evidence } of faults)
    test(`${name} moves its metric, and the metric comes back`, async () => {
      const value = () => stack.prometheus.value(evidence.query);
      const seen: number[] = [];
      const becomes = (seconds: number, wanted: (now: number) => boolean) =>
        eventually(seconds, async () => {
          const now = await value();
          seen.push(now);
          if (!wanted(now)) throw new Error(`${evidence.query}\nis ${now}, and was ${seen.join(', ')}`);
        });
      const isHealthy = (now: number) => now <= evidence.atMost;

      await becomes(120, isHealthy);
      const healthy = seen.at(-1);
      await shop.fault({ on: name });
      await becomes(120, (now) => now > evidence.atMost);
      const broken = seen.at(-1);
      await shop.fault('off');
      await becomes(180, isHealthy);
      console.log(`${name}: ${healthy} healthy, ${broken} with the fault, at most ${evidence.atMost} allowed`);
    });
}

import { type Fault, faults } from '../../demo/faults.ts';
import { eventually } from '../lib/eventually.ts';
import { kubectl } from '../lib/kubectl.ts';
import { Shop } from '../lib/shop.ts';
import { type Stack, testWith } from '../lib/stack.ts';
import { reported } from './attribution.ts';

type Evidence = Fault['evidence'];

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

  /** Waits until the evidence of a fault is as wanted; its value then. */
  const becomes = async ({ query }: Evidence, seconds: number, wanted: (now: number) => boolean): Promise<number> => {
    const seen: number[] = [];
    return eventually(seconds, async () => {
      const now = await stack.prometheus.value(query);
      seen.push(now);
      if (!wanted(now)) throw new Error(`${query}\nwas ${seen.join(', ')}`);
      return now;
    });
  };

  // The others are seen in reports.
  for (const { name, evidence } of faults.filter((fault) => !reported.includes(fault.name)))
    test(`${name} moves its metric`, async () => {
      const healthy = await becomes(evidence, 180, (now) => now <= evidence.atMost);
      await shop.fault({ on: name });
      const broken = await becomes(evidence, 120, (now) => now > evidence.atMost);
      await shop.fault('off');
      console.log(`${name}: ${healthy} healthy, ${broken} with the fault, ${evidence.atMost} at most without it`);
    });

  test('that is off leaves nothing behind', async () => {
    for (const { evidence } of faults) await becomes(evidence, 180, (now) => now <= evidence.atMost);
  });
}

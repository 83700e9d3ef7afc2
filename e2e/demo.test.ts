import { alertTests } from './demo/alerts.ts';
import { api } from './demo/api.ts';
import { consistency } from './demo/consistency.ts';
import { faultsTests } from './demo/faults.ts';
import { loadTests } from './demo/load-tests.ts';
import { observed } from './demo/observed.ts';
import { Stack } from './lib/stack.ts';

/** The demo and the stack that watches it: one of each, since they take a minute to come up. */

const stack = new Stack({ demo: true });

beforeAll(() => stack.up());
afterAll(() => stack.delete());

// What they may take at most is in their manifests, which test/demo.test.ts adds up.
test('the shop and its systems are ready in three minutes', () => {
  console.log(`the shop was ready after ${stack.shopSeconds} s`);
  expect(stack.shopSeconds).toBeLessThan(180);
});

describe('the stack', () => observed(stack));
describe('the API', () => api(stack));
describe('load tests', () => loadTests(stack));
describe('the data', () => consistency(stack));
describe('a fault', () => faultsTests(stack));
describe('alerts', () => alertTests(stack));

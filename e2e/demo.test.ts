import { api } from './demo/api.ts';
import { attributionTests } from './demo/attribution.ts';
import { consistency } from './demo/consistency.ts';
import { faultsTests } from './demo/faults.ts';
import { fleetTests } from './demo/fleet.ts';
import { invalidRuns } from './demo/invalid-runs.ts';
import { kafkaBotTests } from './demo/kafka-bot.ts';
import { loadTests } from './demo/load-tests.ts';
import { observed } from './demo/observed.ts';
import { scrapeIntervalTests } from './demo/scrape-interval.ts';
import { tracingTests } from './demo/tracing.ts';
import { Stack } from './lib/stack.ts';

/** The demo and the stack that watches it: one of each, since they take a minute to come up. */

const stack = new Stack({ demo: true });
const scrapeInterval = scrapeIntervalTests(stack);
const faults = faultsTests(stack);

beforeAll(() => stack.up());
afterAll(() => stack.delete());

// What they may take at most is in their manifests, which test/demo.test.ts adds up.
test('the shop and its systems are ready in three minutes', () => {
  console.log(`the shop was ready after ${stack.shopSeconds} s`);
  expect(stack.shopSeconds).toBeLessThan(180);
});

describe('the stack', () => observed(stack));
describe('a new scrape interval', () => scrapeInterval.applied());
describe('the API', () => api(stack));
describe('a new scrape interval', () => scrapeInterval.takenUp());
describe('load tests', () => loadTests(stack));
describe('load tests', () => invalidRuns(stack));
describe('load tests', () => fleetTests(stack));
describe('the Kafka bot', () => kafkaBotTests(stack));
describe('the data', () => consistency(stack));
describe('traces', () => tracingTests(stack));
// It takes a while until no alert fires any more.
describe('faults', () => faults.happen());
describe('the report', () => attributionTests(stack));
describe('faults', () => faults.end());

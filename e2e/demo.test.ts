import { api } from './demo/api.ts';
import { consistency } from './demo/consistency.ts';
import { faultsTests } from './demo/faults.ts';
import { observed } from './demo/observed.ts';
import { Stack } from './lib/stack.ts';

/** The demo and the stack that watches it: one of each, since they take a minute to come up. */

const stack = new Stack({ demo: true });

beforeAll(() => stack.up());
afterAll(() => stack.delete());

describe('the stack', () => observed(stack));
describe('the API', () => api(stack));
describe('the data', () => consistency(stack));
describe('a fault', () => faultsTests(stack));

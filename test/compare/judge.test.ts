import { changeOf } from '../../compare/change.ts';
import { type Claim, findingsOf, type State } from '../../compare/judge.ts';
import { noiseOf } from '../../compare/noise.ts';
import { randomOf } from '../../compare/random.ts';

/** How often claims are right over many comparisons whose truth is known: estimates are drawn, not runs. */

let random = randomOf(1);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const margin = Math.log(1.05);
const endpoints = 10;
const comparisons = 120;
/** What a share of 5 % among so many may be more than that by chance, twice its standard deviation. */
const byChance = 2 * Math.sqrt((0.05 * 0.95) / comparisons);

interface Truth {
  /** Standard deviations of the logarithm between runs, and of what each run by itself may be off by. */
  readonly between: number;
  readonly within: number;
  /** Runs of each side, and others of the baseline's build. */
  readonly runs: number;
  readonly history?: number;
  /** Of the first endpoint. */
  readonly change?: number;
}

/** Share of comparisons in which any endpoint, or else every endpoint, is in a state. */
function share(truth: Truth, every: boolean, state: State): number {
  const { between, within, runs, history = 0, change = 0 } = truth;
  const drawn = (count: number, shift: number) =>
    Array.from({ length: count }, () => ({
      log: shift + between * normal() + within * normal(),
      variance: within ** 2,
      df: 10,
    }));
  random = randomOf(1);
  const found = Array.from({ length: comparisons }, () => {
    const claims = Array.from({ length: endpoints }, (_, index): [string, Claim] => {
      const before = drawn(runs + history, 0);
      const after = drawn(runs, index === 0 ? change : 0);
      return [`${index}`, { change: changeOf(before.slice(0, runs), after, noiseOf([before, after])), margin }];
    });
    const states = [...findingsOf(new Map(claims)).values()].map((finding) => finding.state);
    return every ? states.every((one) => one === state) : states.includes(state);
  });
  return found.filter(Boolean).length / comparisons;
}

describe('no change is called a regression in more than 5 %', () => {
  test.each([
    ['single runs, of noise as the default has it', { between: 0.05, within: 0.01, runs: 1 }],
    ['single runs with history', { between: 0.01, within: 0.005, runs: 1, history: 10 }],
    ['three runs of each side', { between: 0.01, within: 0.01, runs: 3 }],
    ['single runs of more noise, with history', { between: 0.03, within: 0.01, runs: 1, history: 20 }],
  ])('%s', (_, truth) => {
    expect(share(truth, false, 'regression')).toBeLessThanOrEqual(0.05 + byChance);
  });
});

describe('no change is told from 5 % in 19 of 20', () => {
  test.each([
    ['single runs', { between: 0.002, within: 0.005, runs: 1, history: 30 }],
    ['four runs of each side', { between: 0.01, within: 0.005, runs: 4 }],
    ['twelve runs of each side', { between: 0.02, within: 0.01, runs: 12 }],
  ])('%s', (_, truth) => {
    expect(share(truth, true, 'no difference')).toBeGreaterThanOrEqual(0.95);
  });
});

describe('10 % at one of ten endpoints is found in 19 of 20', () => {
  test.each([
    ['single runs with history', { between: 0.01, within: 0.005, runs: 1, history: 10 }],
    ['three runs of each side', { between: 0.02, within: 0.01, runs: 3 }],
    ['eight runs of each side', { between: 0.04, within: 0.01, runs: 8 }],
  ])('%s', (_, truth) => {
    expect(share({ ...truth, change: Math.log(1.1) }, false, 'regression')).toBeGreaterThanOrEqual(0.95);
  });
});

test('with much more noise than the change, next to nothing is decided', () => {
  const truth = { between: 0.1, within: 0.01, runs: 2, history: 10 };
  expect(share(truth, false, 'regression')).toBeLessThanOrEqual(0.05 + byChance);
  expect(share(truth, true, 'no difference')).toBe(0);
});

test('an improvement is none of the candidate’s regressions', () => {
  const truth = { between: 0.002, within: 0.002, runs: 4, change: -Math.log(1.2) };
  expect(share(truth, false, 'improvement')).toBe(1);
  expect(share(truth, false, 'regression')).toBe(0);
});

import { changeOf, detectable, holm, repeatsFor } from '../../compare/change.ts';
import { noiseFloor, noiseOf, unknownNoise } from '../../compare/noise.ts';
import { studentQuantile, upperTail } from '../../compare/student.ts';

test.each([
  [1, 0.975, 12.7062],
  [4, 0.95, 2.13185],
  [10, 0.995, 3.16927],
  [30, 0.9, 1.31042],
  [1e6, 0.975, 1.95996],
])('t of %d degrees of freedom at %d is %d, as in tables', (df, q, t) => {
  expect(studentQuantile(q, df)).toBeCloseTo(t, 4);
  expect(upperTail(t, df)).toBeCloseTo(1 - q, 5);
  expect(studentQuantile(1 - q, df)).toBeCloseTo(-t, 4);
});

test('Holm raises each p-value by how many are not smaller, and keeps their order', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

const estimate = (log: number, variance = 0) => ({ log, variance, df: 10 });

test('the noise between runs is what they differ by beyond what each is off by, with the floor averaged in', () => {
  expect(noiseOf([[estimate(1)], [estimate(2)]])).toEqual({
    variance: unknownNoise.deviation ** 2,
    df: unknownNoise.df,
  });
  const { df, deviation } = noiseFloor;
  const calm = [estimate(0), estimate(deviation / 2)];
  expect(noiseOf([calm]).variance).toBeCloseTo(((df + 0.125) * deviation ** 2) / (df + 1), 10);
  const group = [estimate(0, 0.001), estimate(0.2, 0.001), estimate(0.4, 0.001)];
  const other = noiseOf([group, [estimate(5)]]);
  expect(other.df).toBe(df + 2);
  expect(other.variance).toBeCloseTo(0.04 - 0.001, 10);
  expect(noiseOf([[estimate(0, 1), estimate(0.1, 1)]]).variance).toBeCloseTo((df * deviation ** 2) / (df + 1), 10);
});

test('a change is of the means of the sides, and surer with more runs', () => {
  const noise = { variance: 0.01, df: 1000 };
  const one = changeOf([estimate(0, 0.02)], [estimate(0.1, 0.03)], noise);
  expect(one.value).toBeCloseTo(0.1, 10);
  expect(one.error ** 2).toBeCloseTo(0.02 + 0.03 + 2 * 0.01, 10);
  const four = [0, 0, 0, 0].map(() => estimate(0, 0.02));
  expect(changeOf(four, four, noise).error ** 2).toBeCloseTo((2 * (0.02 + 0.01)) / 4, 10);
});

test('what could be found is above the margin, and more runs would find less', () => {
  const change = { value: 0, error: 0.01, df: 1e6 };
  expect(detectable(change, 0.05, 1)).toBeCloseTo(0.05 + 1.64485 * 0.01, 5);
  // Where noise hides more than the margin, it takes what is no chance among so many, and as much again to be missed seldom.
  const noisy = { ...change, error: 0.05 };
  expect(detectable(noisy, 0.05, 1)).toBeCloseTo(2 * 1.64485 * 0.05, 5);
  expect(detectable(noisy, 0.05, 20)).toBeGreaterThan(detectable(noisy, 0.05, 1));
  // 2 · 0.02² / n has to be the square of 0.05 / (2 · 1.645).
  expect(repeatsFor(0.05, 0.02 ** 2, 1)).toBe(4);
  // None of ten may be missed: 2.576 in the place of one 1.645.
  expect(repeatsFor(0.05, 0.02 ** 2, 10)).toBe(6);
});

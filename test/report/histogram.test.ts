import { type Bucket, merged, quantileOf } from '../../report/histogram.ts';

const slice = (...buckets: Bucket[]) => ({
  count: buckets.reduce((all, [, , requests]) => all + requests, 0),
  sum: 1,
  buckets,
});

describe('quantile', () => {
  // histogram_quantile of Prometheus 3: 10 in (1, 2], of which the 0.5 quantile is at 2^0.5.
  test.each([
    [0.5, Math.SQRT2],
    [0.25, 2 ** 0.25],
    [1, 2],
  ])('%f is on a scale of powers within its bucket', (q, expected) => {
    expect(quantileOf(slice([1, 2, 10]), q)).toBeCloseTo(expected, 12);
  });

  test('goes on through buckets, and over gaps between them', () => {
    const histogram = slice([1, 2, 5], [4, 8, 5]);
    expect(quantileOf(histogram, 0.5)).toBe(2);
    expect(quantileOf(histogram, 0.75)).toBeCloseTo(4 * Math.SQRT2, 12);
  });

  test('is even in the bucket around 0, whose lower half is empty', () => {
    expect(quantileOf(slice([-0.001, 0.001, 10]), 0.5)).toBeCloseTo(0.0005, 12);
  });

  test('of many times of a known distribution is within one bucket of the true one', () => {
    const width = 2 ** (1 / 8);
    const times = Array.from({ length: 10_000 }, (_, index) => -0.1 * Math.log(1 - (index + 0.5) / 10_000));
    const counts = new Map<number, number>();
    for (const time of times) {
      const index = Math.ceil(Math.log(time) / Math.log(width));
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const buckets = [...counts]
      .sort(([a], [b]) => a - b)
      .map(([index, count]): Bucket => [width ** (index - 1), width ** index, count]);
    for (const q of [0.5, 0.9, 0.95, 0.99]) {
      const found = quantileOf({ buckets }, q) ?? 0;
      const truth = -0.1 * Math.log(1 - q);
      expect(Math.abs(found / truth - 1)).toBeLessThan(0.02);
    }
  });

  test('of nothing is undefined', () => {
    expect(quantileOf({ buckets: [] }, 0.5)).toBeUndefined();
  });
});

describe('merge', () => {
  test('adds counts, sums and the same buckets', () => {
    expect(merged([slice([1, 2, 3], [4, 8, 1]), slice([1, 2, 4], [2, 4, 2])])).toEqual({
      count: 10,
      sum: 2,
      buckets: [
        [1, 2, 7],
        [2, 4, 2],
        [4, 8, 1],
      ],
    });
  });

  test('puts buckets of a finer schema into the coarser one that holds them, also when their bounds were rounded', () => {
    const fine = slice([1, Math.SQRT2, 1], [Math.SQRT2, 2.0000000000000004, 2], [2, 2.83, 5]);
    expect(merged([fine, slice([1, 2, 4])]).buckets).toEqual([
      [1, 2, 7],
      [2, 2.83, 5],
    ]);
  });

  test('puts requests that took no time into one bucket from 0', () => {
    expect(merged([slice([0, 2.9e-39, 3], [0.1, 0.2, 5]), slice([0, 1e-9, 1])]).buckets).toEqual([
      [0, 1e-6, 4],
      [0.1, 0.2, 5],
    ]);
  });

  test('of none is empty', () => {
    expect(merged([])).toEqual({ count: 0, sum: 0, buckets: [] });
  });
});

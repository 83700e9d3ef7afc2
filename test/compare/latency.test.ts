import { estimateOf } from '../../compare/estimate.ts';
import { latencyOf, middleOf } from '../../compare/latency.ts';
import { merged, quantileOf } from '../../report/histogram.ts';
import { simulated } from './simulated.ts';

const slicesOf = (seed: number, changes = {}) =>
  simulated({ seed, endpoints: 1, ...changes }).endpoints[0]?.latency ?? [];

test('the middle is the mean of the logarithms of the quantiles from 10 to 90 %', () => {
  const all = merged(slicesOf(1));
  const logs = Array.from({ length: 17 }, (_, index) => Math.log(quantileOf(all, 0.1 + 0.05 * index) ?? 0));
  const counts = all.buckets.map(([, , count]) => count);
  expect(middleOf(counts, all.buckets)).toBeCloseTo(logs.reduce((a, b) => a + b) / logs.length, 9);
});

test('a middle of nothing is no number', () => {
  expect(middleOf([0, 0], merged(slicesOf(1)).buckets.slice(0, 2))).toBeNaN();
});

test('latency that is a tenth longer is so in the estimate, and a few slow requests are not', () => {
  const before = latencyOf(slicesOf(1))?.estimate?.log ?? 0;
  const after = latencyOf(slicesOf(1, { slower: 0.1 }))?.estimate?.log ?? 0;
  expect(after - before).toBeCloseTo(Math.log(1.1), 2);
  const outliers = slicesOf(1).map((slice) => ({
    ...slice,
    count: slice.count + 1,
    buckets: [...slice.buckets, [30, 32, 1]] as const,
  }));
  expect(latencyOf(outliers)?.estimate?.log).toBeCloseTo(before, 1);
});

test('the variance within a run is what repeated runs without other noise show', () => {
  const estimates = Array.from({ length: 60 }, (_, seed) => latencyOf(slicesOf(seed + 1))?.estimate);
  const logs = estimates.map((one) => one?.log ?? 0);
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const seen = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const told = estimates.reduce((sum, one) => sum + (one?.variance ?? 0), 0) / logs.length;
  expect(told / seen).toBeGreaterThan(0.7);
  expect(told / seen).toBeLessThan(1.4);
});

test('the same slices give the same estimate, and too few of them or of requests none', () => {
  expect(latencyOf(slicesOf(3))).toEqual(latencyOf(slicesOf(3)));
  expect(latencyOf(slicesOf(3, { slices: 7 }))?.estimate).toBeUndefined();
  expect(latencyOf(slicesOf(3, { requests: 4 }))?.estimate).toBeUndefined();
  expect(latencyOf([])).toBeUndefined();
});

test('slices that are slow together count for fewer', () => {
  const rows = (shuffled: boolean) =>
    Array.from({ length: 60 }, (_, index) => [(shuffled ? index * 37 : index) % 60 < 30 ? 1 : 2, 1]);
  const log = ([sum = 0, count = 0]: ArrayLike<number> & Iterable<number>) => Math.log(sum / count);
  const inBlocks = estimateOf(rows(false), log)?.variance ?? 0;
  expect(inBlocks).toBeGreaterThan(2 * (estimateOf(rows(true), log)?.variance ?? 0));
});

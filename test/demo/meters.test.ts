import { percentileBuckets } from '../../demo/lib/meters.ts';
import { PeakWindow } from '../../demo/lib/peak-window.ts';
import { WindowMean } from '../../demo/lib/window-mean.ts';
import { testTelemetry } from './telemetry.ts';

test('the buckets are those that Micrometer gives a histogram from 1 ms to 30 s', () => {
  // As a Spring Boot 3.4 service exposed them, without the bounds of its objectives.
  expect(percentileBuckets(0.001, 30)).toEqual([
    0.001, 0.001048576, 0.001398101, 0.001747626, 0.002097151, 0.002446676, 0.002796201, 0.003145726, 0.003495251,
    0.003844776, 0.004194304, 0.005592405, 0.006990506, 0.008388607, 0.009786708, 0.011184809, 0.01258291, 0.013981011,
    0.015379112, 0.016777216, 0.022369621, 0.027962026, 0.033554431, 0.039146836, 0.044739241, 0.050331646, 0.055924051,
    0.061516456, 0.067108864, 0.089478485, 0.111848106, 0.134217727, 0.156587348, 0.178956969, 0.20132659, 0.223696211,
    0.246065832, 0.268435456, 0.357913941, 0.447392426, 0.536870911, 0.626349396, 0.715827881, 0.805306366, 0.894784851,
    0.984263336, 1.073741824, 1.431655765, 1.789569706, 2.147483647, 2.505397588, 2.863311529, 3.22122547, 3.579139411,
    3.937053352, 4.294967296, 5.726623061, 7.158278826, 8.589934591, 10.021590356, 11.453246121, 12.884901886,
    14.316557651, 15.748213416, 17.179869184, 22.906492245, 28.633115306, 30,
  ]);
});

test('a timer counts, adds up and keeps the longest, with a histogram of 55 buckets', async () => {
  const { telemetry, samples } = testTelemetry();
  const timer = telemetry.meters.timer({ name: 'calls_seconds', help: 'Calls.', labels: ['uri'], histogram: true });
  for (const seconds of [0.01, 0.3, 0.02]) timer.record({ uri: '/a' }, seconds);
  const labels = 'application="test-service",uri="/a"';
  expect(await samples('calls_seconds_count')).toEqual([`calls_seconds_count{${labels}} 3`]);
  expect(await samples('calls_seconds_sum')).toEqual([`calls_seconds_sum{${labels}} 0.33`]);
  expect(await samples('calls_seconds_max')).toEqual([`calls_seconds_max{${labels}} 0.3`]);
  const buckets = await samples('calls_seconds_bucket');
  expect(buckets).toHaveLength(55);
  expect(buckets.find((line) => line.includes('le="0.2"'))).toMatch(/ 2$/);
});

test('the longest is forgotten after two minutes', () => {
  const peak = new PeakWindow();
  peak.record(0, 5);
  peak.record(50_000, 1);
  expect(peak.peak(79_000)).toBe(5);
  expect(peak.peak(121_000)).toBe(1);
  expect(peak.peak(500_000)).toBe(0);
});

test('a mean is of the last 30 s, and 0 of nothing', () => {
  const mean = new WindowMean();
  mean.record(0, 100);
  mean.record(20_000, 10);
  mean.record(25_000, 20);
  expect(mean.mean(31_000)).toBe(15);
  expect(mean.total(31_000)).toBe(30);
  expect(mean.mean(90_000)).toBe(0);
});

import type { RunArchive } from '../../archive/archive.ts';
import { measured } from '../../compare/measured.ts';
import { warmedUp } from '../../compare/window.ts';
import { simulated } from './simulated.ts';

/** What is left out of a run. Slices are of 10 s, and virtual users are all there after 20 s. */

const archive = simulated({ seed: 1, endpoints: 2, slices: 40 });
const { start } = archive.run;

test('by the clock, all virtual users are there at once: the warm-up is until the rate has its level', () => {
  const values = archive.figures.requests?.[0]?.values ?? [];
  const level = (of: (value: number, index: number) => number) => [
    { labels: {}, values: values.map((value, index) => of(value ?? 0, index)) },
  ];
  const figures = { vus: level(() => 50), requests: level((value, index) => value * Math.min(1, 0.25 * index)) };
  const endpoints = archive.endpoints.map((endpoint) => ({
    ...endpoint,
    latency: endpoint.latency.map((slice, index) => ({
      ...slice,
      count: slice.count * Math.min(1, 0.25 * (index + 1)),
    })),
  }));
  const byTheClock: RunArchive = { ...archive, run: { ...archive.run, vus: undefined, rate: 50 }, figures, endpoints };
  // The first slice with all requests; the rate looks back, and says so later.
  expect(warmedUp(byTheClock)).toBe(start + 30);
  expect(warmedUp({ ...byTheClock, endpoints: [] })).toBe(start + 40);
  expect(warmedUp({ ...byTheClock, run: archive.run })).toBe(start);
  expect(warmedUp({ ...byTheClock, endpoints: [], figures: { vus: figures.vus } })).toBe(start);
});

test('slices without requests, which an archive has not, make those beside them no longer', () => {
  const [first, second] = archive.endpoints;
  if (!first || !second) throw new Error('there are two endpoints');
  const odd = second.latency.filter((_, index) => index % 2 === 0);
  const { endpoints } = measured({ ...archive, endpoints: [first, { ...second, latency: odd }] });
  expect(endpoints.get('GET /endpoint-1')?.slices).toEqual(odd.slice(1));
});

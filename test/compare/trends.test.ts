import { htmlOfTrends } from '../../compare/html.ts';
import { markdownOfTrends } from '../../compare/markdown.ts';
import { trendPointOf, trendsOf } from '../../compare/trends.ts';
import { type Simulation, simulated } from './simulated.ts';

const point = (seed: number, simulation: Partial<Simulation> = {}, verdict: 'pass' | 'invalid' = 'pass') => {
  const archive = simulated({ seed, endpoints: 2, slices: 20, between: 0.005, ...simulation });
  const { run } = archive;
  return trendPointOf({
    ...archive,
    run: { ...run, start: run.start + seed * 86_400 },
    verdict: archive.verdict && { ...archive.verdict, verdict },
  });
};
const marked = (points: ReturnType<typeof point>[]) =>
  trendsOf('demo-browse', points).runs.flatMap(({ testid, changes }) =>
    changes.map(({ figure, since }) => `${testid} ${figure} ${since}`),
  );

test('marks the run from which latency is another, and those after it are held against it', () => {
  const points = [1, 2, 3, 4, 5, 6, 7].map((seed) => point(seed, { slower: seed >= 4 ? 0.25 : 0 }));
  expect(marked(points)).toEqual(['run-4 latency 3']);
  expect(marked(points.toReversed())).toEqual(['run-4 latency 3']);
});

test('marks the run that is as it was before, too', () => {
  const points = [1, 2, 3, 4, 5, 6, 7].map((seed) => point(seed, { slower: seed >= 4 && seed < 7 ? 0.25 : 0 }));
  expect(marked(points)).toEqual(['run-4 latency 3', 'run-7 latency 3']);
});

test('runs that are alike are not marked, nor invalid ones, nor the first of another load', () => {
  expect(marked([1, 2, 3, 4].map((seed) => point(seed)))).toEqual([]);
  expect(marked([point(1), point(2, { slower: 1 }, 'invalid'), point(3)])).toEqual([]);
  const other = point(2, { slower: 1 });
  expect(marked([point(1), { ...other, run: { ...other.run, load: 'vus 1' } }])).toEqual([]);
});

test('figures are those of all requests of a run', () => {
  const [run] = trendsOf('demo-browse', [point(1, { failing: 0.01 })]).runs;
  expect(run).toMatchObject({
    testid: 'run-1',
    errorRatio: 0.01,
    throughput: expect.closeTo(20, 0),
    pricePerThousand: null,
  });
  expect(run?.p50).toBeGreaterThan(0.01);
  expect(run?.p99).toBeGreaterThan(run?.p95 ?? Infinity);
});

test('as Markdown and as a page with a chart, text of others escaped', () => {
  const evil = trendsOf(
    '<script>|',
    [1, 2].map((seed) => point(seed)),
  );
  expect(markdownOfTrends(evil)).toContain('| run-2 | ');
  const html = htmlOfTrends(evil);
  expect(html).toContain('<svg');
  expect(html).not.toContain('<script');
});

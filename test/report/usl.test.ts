import { fitUsl, type UslFit, uslPointsOf } from '../../report/usl.ts';
import { type Law, throughputAt } from '../../report/usl-law.ts';
import { archiveWith, series, withFigures } from './archive-fixture.ts';

/** Numbers from 0 to 1 that are the same for a seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
}

/** What a run from one user to some past the peak would have measured, each figure off by a share as in a bell. */
function measured(law: Law, most: number, noise: number, seed: number, count = 60) {
  const random = generator(seed);
  const bell = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, index) => {
    const concurrency = 1 + (most - 1) * ((index + 1) / count) ** 2;
    return { concurrency, throughput: throughputAt(law, concurrency) * Math.exp(noise * bell()) };
  });
}

const fitted = (points: Parameters<typeof fitUsl>[0]): UslFit => {
  const fit = fitUsl(points);
  if ('refused' in fit) throw new Error(fit.refused);
  return fit;
};

const laws: readonly Law[] = [
  { lambda: 20, sigma: 0.05, kappa: 0.0005 },
  { lambda: 5, sigma: 0.02, kappa: 0.000_01 },
  { lambda: 100, sigma: 0.1, kappa: 0.001 },
];
const peakOf = ({ sigma, kappa }: Law) => Math.sqrt((1 - sigma) / kappa);
const seeds = Array.from({ length: 15 }, (_, index) => index + 1);

describe('the Universal Scalability Law', () => {
  test.each(laws)('of $lambda, $sigma and $kappa is found within 5 % by data that scatter by 1 %', (law) => {
    const fits = seeds.map((seed) => fitted(measured(law, 2.5 * peakOf(law), 0.01, seed)));
    for (const { lambda, sigma, kappa, peak } of fits) {
      for (const [{ value }, known] of [
        [lambda, law.lambda],
        [sigma, law.sigma],
        [kappa, law.kappa],
        [peak ?? { value: 0 }, peakOf(law)],
      ] as const)
        expect(Math.abs(value / known - 1)).toBeLessThan(0.05);
      expect(peak?.throughput).toBeCloseTo(throughputAt(law, peakOf(law)), -1);
      expect(peak?.beyond).toBe(false);
    }
    // Nineteen in twenty, but of so few seeds one more may miss.
    for (const name of ['lambda', 'sigma', 'kappa'] as const)
      expect(fits.filter((fit) => fit[name].low <= law[name] && law[name] <= fit[name].high).length).toBeGreaterThan(
        0.7 * seeds.length,
      );
  });

  test('has wider intervals the more the data scatter', () => {
    const width = (noise: number) => {
      const { low, high } = fitted(measured({ lambda: 20, sigma: 0.05, kappa: 0.0005 }, 100, noise, 7)).sigma;
      return high - low;
    };
    expect(width(0.03)).toBeGreaterThan(2 * width(0.01));
  });

  test('names no peak where throughput only grows', () => {
    const linear = fitted(measured({ lambda: 10, sigma: 0, kappa: 0 }, 100, 0.01, 3));
    expect(linear).toMatchObject({ peak: null, kappa: { low: 0 } });
    const contended = fitted(measured({ lambda: 10, sigma: 0.1, kappa: 0 }, 100, 0.01, 5));
    expect(contended).toMatchObject({ peak: null, kappa: { low: 0 } });
    // Amdahl's limit is lambda / sigma, which the first users would reach at 1 / sigma.
    expect(contended.knee).toBeGreaterThan(9);
    expect(contended.knee).toBeLessThan(11);
  });

  test('says whether there were as many users as the peak takes', () => {
    const law = { lambda: 20, sigma: 0.05, kappa: 0.0005 };
    expect(fitted(measured(law, 0.8 * peakOf(law), 0.002, 1)).peak?.beyond).toBe(true);
  });

  test('is the same each time', () => {
    const points = measured(laws[0] as Law, 100, 0.02, 9);
    expect(fitUsl(points)).toEqual(fitUsl(points));
  });

  const of = (points: readonly (readonly [number, number])[]) =>
    points.map(([concurrency, throughput]) => ({ concurrency, throughput }));

  test.each([
    ['few levels', of([1, 2, 4, 8, 16].map((n) => [n, 10 * n])), { refused: 'few-levels', found: 5, needed: 6 }],
    [
      'levels that are hardly apart',
      of([10, 10.1, 10.2, 10.3, 40, 40.5, 41].map((n) => [n, n])),
      { refused: 'few-levels', found: 2, needed: 6 },
    ],
    [
      'a narrow range',
      of([10, 12, 14, 16, 18, 20, 22].map((n) => [n, n])),
      { refused: 'narrow-range', found: 2.2, needed: 3 },
    ],
    [
      'throughput that is the same whatever the users',
      of([10, 20, 30, 40, 50, 60, 70].map((n) => [n, 100 + (n % 20) / 10])),
      { refused: 'no-spread', needed: 0.1 },
    ],
    [
      'what follows no law',
      of([10, 20, 30, 40, 50, 60, 70, 80].map((n, index) => [n, index % 2 ? 100 : 20])),
      { refused: 'poor-fit', needed: 0.8 },
    ],
    ['nothing', [], { refused: 'few-levels', found: 0, needed: 6 }],
  ])('is refused of %s', (_, points, refusal) => {
    expect(fitUsl(points)).toMatchObject(refusal);
  });
});

describe('the points of a run', () => {
  test('are one for each plateau, of what was there while rates looked back', () => {
    const run = withFigures({
      vus: [series({}, (index) => (index < 20 ? 10 : 20))],
      requests: [series({}, (index) => (index < 24 ? 100 : 180))],
    });
    const points = uslPointsOf(run);
    expect(points[0]).toEqual({ concurrency: 10, throughput: 100 });
    expect(points.at(-1)).toEqual({ concurrency: 20, throughput: 180 });
    // The minute between two plateaus has the users of both.
    for (const { concurrency } of points.slice(1, -1)) {
      expect(concurrency).toBeGreaterThan(10);
      expect(concurrency).toBeLessThan(20);
    }
  });

  test('are enough in a ramp, and not in a steady run', () => {
    const law = laws[0] as Law;
    const ramp = withFigures({
      vus: [series({}, (index) => 2 + 2 * index)],
      // Rates say what there was on average over the last minute.
      requests: [series({}, (index) => throughputAt(law, 2 + 2 * (index - 2)))],
    });
    expect(fitted(uslPointsOf(ramp)).sigma.value).toBeCloseTo(law.sigma, 2);
    expect(fitUsl(uslPointsOf(archiveWith()))).toMatchObject({ refused: 'few-levels', found: 1 });
  });

  test('are none of a run without virtual users', () => {
    expect(uslPointsOf(archiveWith({ figures: {} }))).toEqual([]);
  });

  test('are none of a run by the clock, whose virtual users are no measure of its load', () => {
    const run = archiveWith();
    expect(uslPointsOf(run).length).toBeGreaterThan(0);
    expect(uslPointsOf({ ...run, run: { ...run.run, rate: 50 } })).toEqual([]);
  });
});

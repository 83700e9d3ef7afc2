import type { RunArchive } from '../../archive/archive.ts';
import { comparisonOf } from '../../compare/compare.ts';
import { type Simulation, simulated } from './simulated.ts';

/** Verdicts on simulated runs. What is said here of pairs, `npm run bench:compare` asks of more, and of recorded runs. */

const size = { endpoints: 2, slices: 40, requests: 150 };
let seed = 0;
beforeEach(() => {
  seed = 0;
});
const run = (simulation: Partial<Simulation> = {}) => simulated({ seed: ++seed, ...size, ...simulation });
const side = (runs: number, simulation: Partial<Simulation> = {}) =>
  Array.from({ length: runs }, () => run(simulation));
const failOn = 0.05;
/** Earlier runs, by which it is known how little runs differ. */
const history = Array.from({ length: 6 }, (_, index) => simulated({ seed: 1000 + index, ...size }));
const verdictOf = (before: readonly RunArchive[], after: readonly RunArchive[]) =>
  comparisonOf(before, after, { failOn, history }).verdict;

test('where no run was repeated, 15 % may be noise', () => {
  const verdict = (slower: number) => comparisonOf([run()], [run({ slower })], { failOn }).verdict;
  expect([0, 0.15, 0.5].map(verdict)).toEqual(['undecided', 'undecided', 'regression']);
});

test('the same build is no regression, and 25 % at one endpoint is one, which is named', () => {
  const [before, same, slower] = [run(), run(), run({ slower: 0.25, changed: 1 })];
  expect(comparisonOf([before], [same], { failOn, history })).toMatchObject({
    verdict: 'no-regression',
    reasons: [],
    repeats: null,
  });
  const { verdict, reasons } = comparisonOf([before], [slower], { failOn, history });
  expect(verdict).toBe('regression');
  expect(reasons).toContainEqual(expect.stringMatching(/^GET \/endpoint-0 is slower: \+\d/));
  expect(reasons.join()).not.toContain('endpoint-1');
});

test('10 % at all endpoints is found with four runs of each side', () => {
  const between = 0.005;
  expect(verdictOf(side(4, { between }), side(4, { between }))).toBe('no-regression');
  expect(verdictOf(side(4, { between }), side(4, { between, slower: 0.1 }))).toBe('regression');
});

test('too noisy to say: undecided, with how many runs would tell', () => {
  const between = 0.06;
  const noisy = side(6, { between });
  const { verdict, repeats, reasons } = comparisonOf([run({ between })], [run({ between })], {
    failOn,
    history: noisy,
  });
  expect(verdict).toBe('undecided');
  expect(reasons.join()).toMatch(/more than 5 % is not ruled out, [+−]\d/);
  expect(repeats).toBeGreaterThan(2);
});

test('a faster build is an improvement, and no regression', () => {
  const { verdict, latency, endpoints } = comparisonOf(side(4), side(4, { slower: -0.2 }), { failOn, history });
  expect(verdict).toBe('no-regression');
  expect([latency, ...endpoints].map((row) => row?.state)).toEqual(['improvement', 'improvement', 'improvement']);
  expect(latency?.change).toBeCloseTo(-0.2, 1);
});

describe('errors', () => {
  test('one in a hundred that was none before is a regression', () => {
    const { verdict, reasons } = comparisonOf([run()], [run({ failing: 0.01 })], { failOn, history });
    expect(verdict).toBe('regression');
    expect(reasons).toContain('GET /endpoint-0 fails more often: 1 % of its requests, and 0 % before.');
  });

  test('the same share on both sides is none', () => {
    expect(comparisonOf([run({ failing: 0.01 })], [run({ failing: 0.01 })], { failOn, history }).errors).toMatchObject([
      { state: 'no difference' },
      { state: 'no difference' },
    ]);
  });

  test('come in bursts in the baseline: they say less', () => {
    const bursts = (archive: RunArchive) => ({
      ...archive,
      figures: {
        ...archive.figures,
        error_ratio: [{ labels: {}, values: Array.from({ length: 41 }, (_, index) => (index > 36 ? 0.05 : 0)) }],
      },
    });
    const [before, after] = [run({ failing: 0.005 }), run({ failing: 0.01 })];
    expect(verdictOf([before], [after])).toBe('regression');
    expect(verdictOf([bursts(before)], [after])).not.toBe('regression');
  });

  test('far more, that may be chance, are no pass; a few more are no difference', () => {
    const failing = (failed: number) => {
      const archive = run();
      const [first, ...others] = archive.endpoints;
      return { ...archive, endpoints: [...(first ? [{ ...first, requests: 150, failed }] : []), ...others] };
    };
    const { verdict, reasons, errors, repeats } = comparisonOf([failing(0)], [failing(5)], { failOn, history });
    expect(verdict).toBe('undecided');
    expect(reasons).toEqual(['GET /endpoint-0: 3.33 % failed, and 0 % before; that is not told from chance.']);
    expect(errors).toMatchObject([{ change: 5 / 150, state: 'undecided' }]);
    expect(repeats).toBeNull();
    expect(comparisonOf([failing(0)], [failing(1)], { failOn, history }).errors).toMatchObject([
      { state: 'no difference' },
    ]);
  });
});

/** With a share of its requests. */
const scaled = (archive: RunArchive, share: number): RunArchive => ({
  ...archive,
  endpoints: archive.endpoints.map((endpoint) => ({
    ...endpoint,
    latency: endpoint.latency.map(({ count, buckets, ...slice }) => ({
      ...slice,
      count: count * share,
      buckets: buckets.map(([low, high, counted]) => [low, high, counted * share] as const),
    })),
  })),
});

test('half the throughput at the same latency is a regression', () => {
  const { verdict, reasons, throughput } = comparisonOf([run()], [scaled(run(), 0.5)], { failOn, history });
  expect(verdict).toBe('regression');
  expect(reasons).toEqual([expect.stringMatching(/^Throughput is lower: −50\.\d %/)]);
  expect(throughput).toMatchObject({ state: 'regression', values: [30, 15].map((rate) => expect.closeTo(rate, 0)) });
});

test('a loss of throughput is a regression from the share that was given, not from less', () => {
  const stateAt = (share: number) =>
    comparisonOf([run()], [scaled(run(), share)], { failOn, history }).throughput?.state;
  expect([stateAt(0.9515), stateAt(0.9485)]).toEqual(['undecided', 'regression']);
  const all = comparisonOf([run()], [scaled(run(), 0.5)], { failOn: 1, history });
  expect(all.throughput?.state).toBe('no difference');
});

test('a service that answers nothing at the end has the less throughput', () => {
  const before = run();
  const silent = {
    ...before,
    endpoints: before.endpoints.map((one) => ({ ...one, latency: one.latency.slice(0, -10) })),
  };
  const { throughput, verdict } = comparisonOf([before], [silent], { failOn, history });
  expect(verdict).not.toBe('no-regression');
  // Of 38 slices after the warm-up, ten are empty.
  expect(throughput?.values).toEqual([expect.closeTo(30, 5), expect.closeTo((30 * 28) / 38, 5)]);
});

test('history of another load or profile says nothing of the noise, and that of another build does', () => {
  const [before, after] = [run(), run()];
  const noiseWith = (changes: (archive: RunArchive) => Partial<RunArchive>) => {
    const others = side(4, { between: 0.2 }).map((archive) => ({ ...archive, ...changes(archive) }));
    return comparisonOf([before], [after], { failOn, history: others }).noise;
  };
  const none = { deviation: expect.closeTo(0.05, 10), runs: 0 };
  expect(noiseWith(({ run }) => ({ run: { ...run, profile: 'stress' } }))).toEqual(none);
  expect(noiseWith(({ run }) => ({ run: { ...run, vus: 300 } }))).toEqual(none);
  const other = noiseWith(({ environment }) => ({ environment: { ...environment, configHash: 'b' } }));
  expect(other.runs).toBe(4);
  expect(other.deviation).toBeGreaterThan(0.05);
});

test('a critical budget that held before and is broken now is a regression, whatever noise there is', () => {
  const judged = (archive: RunArchive, state: 'held' | 'broken', severity: 'critical' | 'warning'): RunArchive => ({
    ...archive,
    verdict: archive.verdict && {
      ...archive.verdict,
      budgets: archive.verdict.budgets.slice(0, 1).map((budget) => ({ ...budget, state, severity })),
    },
  });
  const [before, after] = [run(), run()];
  const verdictWith = (severity: 'critical' | 'warning') =>
    comparisonOf([judged(before, 'held', severity)], [judged(after, 'broken', severity)], { failOn, history });
  expect(verdictWith('critical').verdict).toBe('regression');
  expect(verdictWith('critical').reasons).toEqual([
    expect.stringMatching(/^The budget .+ is broken, and was held before\.$/),
  ]);
  expect(verdictWith('warning').verdict).toBe('no-regression');
});

test('an endpoint that is asked on one side only decides nothing, and is no pass', () => {
  const [before, after] = [run(), run()];
  const [first, ...others] = after.endpoints;
  const candidate = { ...after, endpoints: [...(first ? [{ ...first, name: '/elsewhere' }] : []), ...others] };
  const { verdict, reasons, gaps, repeats } = comparisonOf([before], [candidate], { failOn, history });
  expect(verdict).toBe('undecided');
  expect(repeats).toBeNull();
  expect(reasons).toContain('GET /endpoint-0 was asked on one side only: 6000 and 0 requests.');
  expect(gaps.join()).toContain('GET /endpoint-0');
});

describe('an endpoint whose latency is known of some runs alone is no pass', () => {
  type Endpoints = RunArchive['endpoints'];
  test.each([
    [
      'one side has no histogram of it',
      1,
      ([first, ...others]) => [...(first ? [{ ...first, latency: [] }] : []), ...others],
    ],
    ['a repetition has not asked it', 2, ([, ...others]) => others],
  ] as [string, number, (endpoints: Endpoints) => Endpoints][])('%s', (_, runs, change) => {
    const before = side(runs);
    const [changed, ...others] = side(runs);
    if (!changed) throw new Error('there is a run');
    const candidate = [...others, { ...changed, endpoints: change(changed.endpoints) }];
    const { verdict, reasons } = comparisonOf(before, candidate, { failOn, history });
    expect(verdict).toBe('undecided');
    expect(reasons).toContain(
      `Latency of GET /endpoint-0 is not known of ${changed.run.testid}: too few requests, or no histograms of them.`,
    );
  });

  test('but for one that no run has asked enough, however many runs there are', () => {
    const rare = () => {
      const [archive, few] = [run(), run({ requests: 4 })];
      return { ...archive, endpoints: [...archive.endpoints.slice(1), ...few.endpoints.slice(0, 1)] };
    };
    expect(comparisonOf([rare(), rare(), rare()], [rare()], { failOn })).toMatchObject({
      verdict: 'no-regression',
      gaps: [expect.stringContaining('GET /endpoint-0')],
    });
  });
});

test('the warm-up is left out: while the load had not reached its level', () => {
  const before = run();
  const cold = (archive: RunArchive): RunArchive => ({
    ...archive,
    endpoints: archive.endpoints.map((endpoint, index) => ({
      ...endpoint,
      latency: endpoint.latency.map((slice, at) => (at < 2 ? (slowSlices[index]?.[at] ?? slice) : slice)),
    })),
  });
  const slowSlices = run({ slower: 20 }).endpoints.map(({ latency }) => latency);
  const [plain, warmed] = [
    comparisonOf([before], [before], { failOn, history }),
    comparisonOf([before], [cold(before)], { failOn, history }),
  ];
  expect(warmed.endpoints[0]?.change).toBe(plain.endpoints[0]?.change);
  expect(warmed.baseline[0]?.warmUp).toBe(20);
});

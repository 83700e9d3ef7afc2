import type { LatencySlice, RunArchive } from '../archive/archive.ts';
import { readArchive } from '../archive/file.ts';
import { keptIn } from '../archive/folder.ts';
import { comparisonOf } from '../compare/compare.ts';
import { likeness } from '../compare/facts.ts';
import { measured } from '../compare/measured.ts';
import { deviationOf } from '../compare/noise.ts';
import { randomOf } from '../compare/random.ts';
import { simulated } from '../test/compare/simulated.ts';

/**
 * How often `loadscope compare` is right: pairs of the same build, and the same pairs with latency made 10 % longer on one side,
 * at all endpoints and at one. Of recorded runs, each with each that is like it, and each with itself, its slices of time
 * drawn anew; without a folder, of simulated runs whose noise is known. With --slower, the runs in it of a build that is
 * slower are held against each of --dir.
 *
 * usage: npm run bench:compare -- [--dir DIR [--slower DIR]] [--fail-on 0.05] [--pairs 40]
 */

const option = (name: string, value: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? value : (process.argv[at + 1] ?? value);
};
const dir = option('dir', '');
const slowerDir = option('slower', '');
const failOn = Number(option('fail-on', '0.05'));
const pairs = Number(option('pairs', '40'));
const slower = 0.1;

type Side = readonly RunArchive[];
type Pair = readonly [baseline: Side, candidate: Side, history?: Side];

/** An archive whose requests took longer, to the first `count` endpoints. */
const slowed = (archive: RunArchive, count: number): RunArchive => ({
  ...archive,
  run: { ...archive.run, testid: `${archive.run.testid}-slower` },
  endpoints: archive.endpoints.map((endpoint, index) =>
    index < count ? { ...endpoint, latency: endpoint.latency.map(longer) } : endpoint,
  ),
});

const longer = (slice: LatencySlice): LatencySlice => ({
  ...slice,
  sum: slice.sum * (1 + slower),
  buckets: slice.buckets.map(([lower, upper, count]) => [lower * (1 + slower), upper * (1 + slower), count]),
});

/** The same run, had its moments come in another order and number: neighbours stay together. */
function resampled(archive: RunArchive, seed: number): RunArchive {
  const random = randomOf(seed);
  const times = [...new Set(archive.endpoints.flatMap(({ latency }) => latency.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const block = Math.ceil(1.5 * Math.cbrt(times.length));
  const drawn: number[] = [];
  while (drawn.length < times.length) {
    const start = Math.floor(random() * (times.length - block + 1));
    drawn.push(...times.slice(start, start + block));
  }
  return {
    ...archive,
    run: { ...archive.run, testid: `${archive.run.testid}-${seed}` },
    endpoints: archive.endpoints.map((endpoint) => {
      const byTime = new Map(endpoint.latency.map((slice) => [slice.at, slice]));
      const latency = times.flatMap((at, index) => {
        const slice = byTime.get(drawn[index] ?? at);
        return slice ? [{ ...slice, at }] : [];
      });
      return { ...endpoint, latency };
    }),
  };
}

function row(all: readonly Pair[]) {
  const verdicts = (change: (side: Side) => Side) =>
    all.map(([baseline, candidate, history]) => comparisonOf(baseline, change(candidate), { failOn, history }).verdict);
  const same = verdicts((side) => side);
  const found = (count: number) =>
    verdicts((side) => side.map((run) => slowed(run, count))).filter((verdict) => verdict === 'regression').length;
  const counted = (verdict: string) => same.filter((one) => one === verdict).length;
  return {
    pairs: all.length,
    'same: no-regression': counted('no-regression'),
    'same: undecided': counted('undecided'),
    'same: regression': counted('regression'),
    'same: invalid': counted('invalid'),
    '10 % at all found': found(Number.POSITIVE_INFINITY),
    '10 % at one found': found(1),
  };
}

function ofSimulated() {
  console.log('Simulated runs of 15 minutes, 10 endpoints with 10 requests per second each.');
  const rows: Record<string, ReturnType<typeof row>> = {};
  let seed = 0;
  const side = (between: number, runs: number): Side =>
    Array.from({ length: runs }, () => simulated({ seed: ++seed, between, endpoints: 10, slices: 90, requests: 100 }));
  for (const between of [0.003, 0.01, 0.02])
    for (const [runs, history] of [
      [1, 0],
      [1, 10],
      [4, 0],
    ] as const)
      rows[`noise ${100 * between} %, ${runs} of each side${history ? `, ${history} as history` : ''}`] = row(
        Array.from({ length: pairs }, (): Pair => [side(between, runs), side(between, runs), side(between, history)]),
      );
  return rows;
}

const validIn = (folder: string) =>
  keptIn(folder, ({ verdict }) => verdict !== 'invalid').kept.map(({ file }) => readArchive(file));

/** Each run of a folder with each of another, and the others of both as history. */
function ofTwo() {
  const before = validIn(dir);
  // What made them slower may be in no image and no config, as a fault that is switched on: they count as another build.
  const after = validIn(slowerDir).map((archive) => ({
    ...archive,
    environment: { ...archive.environment, configHash: 'slower' },
  }));
  const found = before.flatMap((one) =>
    after.map((other) => {
      const history = [...before, ...after].filter((run) => run !== one && run !== other);
      return comparisonOf([one], [other], { failOn, history });
    }),
  );
  const verdicts = found.map(({ verdict }) => verdict);
  const counted = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  const changes = found
    .flatMap(({ endpoints }) => endpoints.flatMap(({ change }) => change ?? []))
    .sort((a, b) => a - b);
  console.log(`latency of endpoints: ${changes.at(0)} to ${changes.at(-1)}`);
  const all = ['no-regression', 'undecided', 'regression', 'invalid'].map((verdict) => [verdict, counted(verdict)]);
  return { [`${slowerDir} against ${dir}`]: { pairs: found.length, ...Object.fromEntries(all) } };
}

function ofRecorded() {
  const groups = new Map<string, RunArchive[]>();
  for (const archive of validIn(dir)) {
    const key = likeness(archive);
    groups.set(key, [...(groups.get(key) ?? []), archive]);
  }
  const rows: Record<string, ReturnType<typeof row>> = {};
  for (const runs of groups.values()) {
    const name = `${runs[0]?.run.loadTest}, ${runs.length} runs of one build`;
    noiseIn(runs, name);
    const each = runs.flatMap((before, index) => runs.slice(index + 1).map((after) => [before, after] as const));
    if (each.length) {
      rows[`${name}, each with each`] = row(each.map(([before, after]): Pair => [[before], [after]]));
      rows[`${name}, the others as history`] = row(
        each.map(([before, after]): Pair => [[before], [after], runs.filter((run) => run !== before && run !== after)]),
      );
    }
    rows[`${name}, drawn anew`] = row(
      Array.from({ length: pairs }, (_, index): Pair => {
        const run = runs[index % runs.length];
        return run ? [[resampled(run, 2 * index)], [resampled(run, 2 * index + 1)]] : [[], []];
      }),
    );
  }
  return rows;
}

/** What the default of the noise between runs is to be set from. */
function noiseIn(runs: readonly RunArchive[], name: string): void {
  const all = runs.map(measured);
  for (const key of all[0]?.endpoints.keys() ?? []) {
    const estimates = all.flatMap(({ endpoints }) => endpoints.get(key)?.latency?.estimate ?? []);
    if (estimates.length > 1)
      console.log(`${name}, ${key}: between runs ${(100 * deviationOf([estimates])).toFixed(2)} %`);
  }
}

console.table(slowerDir ? ofTwo() : dir ? ofRecorded() : ofSimulated());

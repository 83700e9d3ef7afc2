import type { RunArchive } from '../archive/archive.ts';
import { isByRate, rateWindow } from './rate.ts';
import { fitLaw, type Law, throughputAt, type UslPoint } from './usl-law.ts';

/** With the bounds of its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface UslFit {
  /** Requests per second of one user. */
  readonly lambda: Estimate;
  /** Contention: the share of the work that waits for its turn. */
  readonly sigma: Estimate;
  /** Coherency: what each pair of users costs. */
  readonly kappa: Estimate;
  /** Share of the variance of throughput that the law explains. */
  readonly rSquared: number;
  /**
   * Where throughput is highest, and what it is there; null: the data do not tell, since coherency may cost nothing.
   * `beyond`: at more users than there were.
   */
  readonly peak: (Estimate & { readonly throughput: number; readonly beyond: boolean }) | null;
  /** Where the line of the first user meets the highest throughput; null: nothing bends it. */
  readonly knee: number | null;
  /** Levels of concurrency that there were, and the highest. */
  readonly levels: number;
  readonly most: number;
}

export interface UslRefusal {
  readonly refused: 'few-levels' | 'narrow-range' | 'no-spread' | 'poor-fit';
  /** What there was of it, and what it takes: levels, times, a share of the throughput, a share of the variance. */
  readonly found: number;
  readonly needed: number;
}

/** What it takes to fit three parameters, and to say how far off they may be. */
const least = { levels: 6, range: 3, spread: 0.1, rSquared: 0.8 };
/** Levels that are nearer to each other are one. */
const sameLevel = 0.05;
const resamples = 400;

/** Fits the Universal Scalability Law, with intervals by resampling the residuals. Does the same for the same points. */
export function fitUsl(points: readonly UslPoint[]): UslFit | UslRefusal {
  const usable = points.filter(({ concurrency, throughput }) => concurrency > 0 && throughput > 0);
  const refusal = refusalOf(usable);
  if (refusal) return refusal;
  const law = fitLaw(usable);
  const rSquared = explained(usable, law);
  if (rSquared < least.rSquared) return { refused: 'poor-fit', found: rSquared, needed: least.rSquared };
  const again = bootstrap(usable, law);
  const estimate = (of: (law: Law) => number): Estimate => interval(of(law), again.map(of));
  const [lambda, sigma, kappa] = [
    estimate((one) => one.lambda),
    estimate((one) => one.sigma),
    estimate((one) => one.kappa),
  ];
  const most = Math.max(...usable.map(({ concurrency }) => concurrency));
  const users = estimate(peakOf);
  const at = users.value;
  const peak =
    kappa.low > 0 && sigma.value < 1 ? { ...users, throughput: throughputAt(law, at), beyond: at > most } : null;
  const ceiling = peak ? peak.throughput : sigma.low > 0 ? law.lambda / law.sigma : Number.POSITIVE_INFINITY;
  const knee = Number.isFinite(ceiling) ? ceiling / law.lambda : null;
  return { lambda, sigma, kappa, rSquared, peak, knee, levels: levelsOf(usable).length, most };
}

const peakOf = ({ sigma, kappa }: Law): number => (kappa > 0 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : Infinity);

function refusalOf(points: readonly UslPoint[]): UslRefusal | undefined {
  const levels = levelsOf(points);
  if (levels.length < least.levels) return { refused: 'few-levels', found: levels.length, needed: least.levels };
  const range = (levels.at(-1) ?? 0) / (levels[0] ?? 1);
  if (range < least.range) return { refused: 'narrow-range', found: range, needed: least.range };
  const throughputs = points.map(({ throughput }) => throughput);
  const spread = 1 - Math.min(...throughputs) / Math.max(...throughputs);
  return spread < least.spread ? { refused: 'no-spread', found: spread, needed: least.spread } : undefined;
}

/** Ascending. */
function levelsOf(points: readonly UslPoint[]): number[] {
  const levels: number[] = [];
  for (const one of points.map(({ concurrency }) => concurrency).sort((a, b) => a - b))
    if (one > (levels.at(-1) ?? 0) * (1 + sameLevel)) levels.push(one);
  return levels;
}

function explained(points: readonly UslPoint[], law: Law): number {
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length;
  const squares = (of: (point: UslPoint) => number) => points.reduce((sum, point) => sum + of(point) ** 2, 0);
  return (
    1 -
    squares(({ concurrency, throughput }) => throughput - throughputAt(law, concurrency)) /
      squares(({ throughput }) => throughput - mean)
  );
}

/** The law of points that might as well have been measured: those of the fit, each with the residual of another. */
function bootstrap(points: readonly UslPoint[], law: Law): Law[] {
  const fitted = points.map(({ concurrency }) => throughputAt(law, concurrency));
  // Three parameters have taken a part of the scatter.
  const inflated = Math.sqrt(points.length / (points.length - 3));
  const residuals = points.map(({ throughput }, index) => inflated * Math.log(throughput / (fitted[index] ?? 1)));
  const random = generator();
  return Array.from({ length: resamples }, () =>
    fitLaw(
      points.map(({ concurrency }, index) => ({
        concurrency,
        throughput: (fitted[index] ?? 0) * Math.exp(residuals[Math.floor(random() * residuals.length)] ?? 0),
      })),
      law,
    ),
  );
}

function interval(value: number, resampled: readonly number[]): Estimate {
  const sorted = resampled.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

/** Mulberry32, from the same seed each time. */
function generator(): () => number {
  let state = 20_260_101;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Virtual users and requests of a run, one point for each time that users stayed as many. Users are averaged over as long
 * as requests are, or a ramp would have the requests of fewer users than it says. None of a load by the clock, of which
 * users are no measure.
 */
export function uslPointsOf(archive: RunArchive): UslPoint[] {
  if (isByRate(archive)) return [];
  const { axis, figures } = archive;
  const vus = figures.vus?.[0]?.values ?? [];
  const requests = figures.requests?.[0]?.values ?? [];
  const back = Math.max(1, Math.round(rateWindow / axis.step));
  const plateaus: { concurrency: number; throughput: number; points: number }[] = [];
  for (let index = back; index < axis.count; index++) {
    const seen = vus.slice(index - back, index + 1).filter((value) => value !== null);
    const throughput = requests[index];
    if (seen.length <= back || typeof throughput !== 'number' || throughput <= 0 || vus[index] === 0) continue;
    const concurrency = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    const last = plateaus.at(-1);
    if (last && Math.abs(concurrency / last.concurrency - 1) <= sameLevel) {
      last.points++;
      last.concurrency += (concurrency - last.concurrency) / last.points;
      last.throughput += (throughput - last.throughput) / last.points;
    } else if (concurrency > 0) plateaus.push({ concurrency, throughput, points: 1 });
  }
  return plateaus.map(({ concurrency, throughput }) => ({ concurrency, throughput }));
}

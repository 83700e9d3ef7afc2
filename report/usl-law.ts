/** How many requests per second there were of how many virtual users at a time. */
export interface UslPoint {
  readonly concurrency: number;
  readonly throughput: number;
}

/** Gunther's Universal Scalability Law: X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)). */
export interface Law {
  readonly lambda: number;
  readonly sigma: number;
  readonly kappa: number;
}

export const throughputAt = ({ lambda, sigma, kappa }: Law, n: number): number =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));

const mostSteps = 50;
/** Relative progress below which a step is the last, and damping from which on there is none. */
const converged = 1e-9;
const mostDamping = 1e6;

/**
 * Least squares of the logarithms, since throughput scatters by a share of itself, by Levenberg and Marquardt. For any
 * sigma and kappa the best lambda is known, so that two parameters are looked for; they are kept from falling below 0.
 */
export function fitLaw(points: readonly UslPoint[], start: Pick<Law, 'sigma' | 'kappa'> = { sigma: 0, kappa: 0 }): Law {
  let found = at(points, start);
  let damping = 1e-3;
  for (let step = 0; step < mostSteps && damping < mostDamping; step++) {
    const next = at(points, stepped(found, damping));
    if (next.error >= found.error) {
      damping *= 10;
      continue;
    }
    const progress = (found.error - next.error) / found.error;
    found = next;
    damping /= 10;
    if (progress < converged) break;
  }
  return { lambda: Math.exp(found.level), sigma: found.sigma, kappa: found.kappa };
}

/** How well a sigma and a kappa fit, and how that changes with them. */
interface Tried extends Pick<Law, 'sigma' | 'kappa'> {
  /** Logarithm of the lambda that fits best. */
  readonly level: number;
  readonly error: number;
  /** Half the gradient, and the matrix of the normal equations. */
  readonly gradient: readonly [number, number];
  readonly normal: readonly [number, number, number];
}

function at(points: readonly UslPoint[], { sigma, kappa }: Pick<Law, 'sigma' | 'kappa'>): Tried {
  const size = points.length;
  const terms = points.map(({ concurrency: n, throughput }) => {
    const divisor = 1 + sigma * (n - 1) + kappa * n * (n - 1);
    return { log: Math.log((throughput * divisor) / n), a: (n - 1) / divisor, b: (n * (n - 1)) / divisor };
  });
  const mean = (of: (term: (typeof terms)[number]) => number) => terms.reduce((sum, term) => sum + of(term), 0) / size;
  const [level, meanA, meanB] = [mean(({ log }) => log), mean(({ a }) => a), mean(({ b }) => b)];
  let [error, gradientA, gradientB, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  for (const term of terms) {
    const [residual, a, b] = [term.log - level, term.a - meanA, term.b - meanB];
    error += residual * residual;
    gradientA += residual * a;
    gradientB += residual * b;
    aa += a * a;
    ab += a * b;
    bb += b * b;
  }
  return { sigma, kappa, level, error, gradient: [gradientA, gradientB], normal: [aa, ab, bb] };
}

/** A step of both; of one that would fall below 0, a step to 0 at most, and the other by itself. */
function stepped({ sigma, kappa, gradient: [a, b], normal }: Tried, damping: number): Pick<Law, 'sigma' | 'kappa'> {
  const [aa, ab, bb] = [normal[0] * (1 + damping), normal[1], normal[2] * (1 + damping)];
  const determinant = aa * bb - ab * ab;
  const both = { sigma: sigma - (bb * a - ab * b) / determinant, kappa: kappa - (aa * b - ab * a) / determinant };
  if (both.sigma >= 0 && both.kappa >= 0) return both;
  return both.kappa < 0
    ? { sigma: Math.max(0, sigma - (a - ab * kappa) / aa), kappa: 0 }
    : { sigma: 0, kappa: Math.max(0, kappa - (b - ab * sigma) / bb) };
}

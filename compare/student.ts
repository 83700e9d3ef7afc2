/** Student's t distribution. */

/** How likely a value above `t` is by chance, with `df` degrees of freedom. */
export function upperTail(t: number, df: number): number {
  const half = regularizedBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? half : 1 - half;
}

/** The value that a share `q` of the distribution stays below. */
export function studentQuantile(q: number, df: number): number {
  if (q < 0.5) return -studentQuantile(1 - q, df);
  // The tail is convex on this side, so that Newton's method comes from the left and does not pass the root.
  let t = 0;
  for (let round = 0; round < 100; round++) {
    const step = (upperTail(t, df) - (1 - q)) / density(t, df);
    t += step;
    if (Math.abs(step) < 1e-10 * (1 + t)) break;
  }
  return t;
}

const density = (t: number, df: number) =>
  Math.exp(-((df + 1) / 2) * Math.log1p((t * t) / df) - logBeta(df / 2, 0.5)) / Math.sqrt(df);

/** The incomplete beta function over the complete one: by its continued fraction, after Lentz. */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      step = c * d;
      fraction *= step;
    }
    if (Math.abs(step - 1) < 1e-13) break;
  }
  return front * fraction;
}

const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b);

/** By Stirling's series, from where it is good to twelve digits. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

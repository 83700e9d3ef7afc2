import type { Values } from './variables.ts';

/** The distances that Grafana puts between points, in seconds. */
const round = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/**
 * Seconds between two points of a panel: as many points as fit, no closer than the least interval.
 *
 * @param points how many fit, one for each pixel of the panel's width
 */
export function stepOf(range: number, points: number, least: number): number {
  const exact = range / points;
  if (exact <= least) return least;
  return round.reduce((best, candidate) => (Math.abs(candidate - exact) < Math.abs(best - exact) ? candidate : best));
}

/**
 * Grafana's own variables, which its Prometheus data source works out from the range and the step, in seconds.
 *
 * @param least the query's least step, where it has one; else the data source's scrape interval
 */
export function ownValues(range: number, step: number, least: number): Values {
  const rate = Math.max(step + least, 4 * least);
  const duration = (name: string, value: number): [string, string][] => [
    [name, `${value}s`],
    [`${name}_ms`, `${value * 1000}`],
  ];
  const texts: [string, string][] = [
    ...duration('__interval', step),
    ...duration('__rate_interval', rate),
    ...duration('__range', range),
    ['__range_s', `${range}`],
  ];
  return new Map(texts.map(([name, text]) => [name, () => text]));
}

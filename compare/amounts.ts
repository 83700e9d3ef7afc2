import type { RunArchive } from '../archive/archive.ts';
import { type Estimate, estimateOf, leastSlices } from './estimate.ts';
import { figureOf, isWarm, sliceLength } from './window.ts';

/** One figure of one run. */
export interface Amount {
  readonly value: number;
  readonly estimate: Estimate | undefined;
}

/**
 * Requests per second after the warm-up: as they ended, or where slices of some are not kept by their rate, which lags
 * behind.
 */
export function throughputOf(archive: RunArchive, from: number): Amount | undefined {
  const rows = slicesOf(archive, from);
  if (rows.length >= leastSlices) return amountOf(rows);
  const requests = figureOf(archive, 'requests');
  return ratioOf(
    archive,
    from,
    requests,
    requests.map(() => 1),
  );
}

/**
 * Requests of all endpoints and seconds of each whole slice after the warm-up, also of those in which none ended. Empty where
 * there are requests without slices, which would be missing in them.
 */
function slicesOf(archive: RunArchive, from: number): number[][] {
  const slices = archive.endpoints.flatMap(({ latency }) => latency);
  const isWhole = archive.endpoints.every(({ requests, latency }) => requests === 0 || latency.length > 0);
  const length = sliceLength(archive);
  const [some] = slices;
  if (!some || !isWhole || length === 0) return [];
  const first = some.at + length * Math.ceil((from + length - some.at) / length - 1e-6);
  const count = Math.floor((archive.run.end - first) / length + 1e-6) + 1;
  const rows = Array.from({ length: Math.max(0, count) }, () => [0, length]);
  for (const { at, count } of slices) {
    const row = rows[Math.round((at - first) / length)];
    if (row) row[0] = (row[0] ?? 0) + count;
  }
  return rows;
}

/**
 * CPU seconds of a service for each request of the run.
 *
 * @param service as its containers' metrics call it; left out: all together
 */
export const cpuPerRequest = (archive: RunArchive, from: number, service?: string): Amount | undefined =>
  ratioOf(archive, from, figureOf(archive, 'cpu', service ? { service } : {}), figureOf(archive, 'requests'));

/** Bytes of working set of a service, the mean after the warm-up. */
export function memoryOf(archive: RunArchive, from: number, service: string): Amount | undefined {
  const memory = figureOf(archive, 'memory', { service });
  return ratioOf(
    archive,
    from,
    memory,
    memory.map(() => 1),
  );
}

/** One figure over another, each added up over the points after the warm-up at which there are both. */
function ratioOf(
  archive: RunArchive,
  from: number,
  above: readonly (number | null)[],
  below: readonly (number | null)[],
): Amount | undefined {
  const warm = isWarm(archive, from);
  const rows = above.flatMap((value, index) => {
    const other = below[index] ?? null;
    return warm[index] && value !== null && other !== null ? [[value, other]] : [];
  });
  return amountOf(rows);
}

/** @param rows dividend and divisor at each point; the amount is the quotient of their sums */
function amountOf(rows: readonly number[][]): Amount | undefined {
  const [up = 0, down = 0] = [0, 1].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  if (down === 0) return undefined;
  return { value: up / down, estimate: estimateOf(rows, ([a = 0, b = 0]) => Math.log(a / b)) };
}

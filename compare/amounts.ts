import type { RunArchive } from '../archive/archive.ts';
import { type Estimate, estimateOf, leastSlices } from './estimate.ts';
import { figureOf, isWarm, warmSlices } from './window.ts';

/** One figure of one run. */
export interface Amount {
  readonly value: number;
  readonly estimate: Estimate | undefined;
}

/** Requests per second after the warm-up: as they ended, or where no slices are kept by their rate, which lags behind. */
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

/** Requests of all endpoints and seconds of each slice, also of those in which none ended. */
function slicesOf({ endpoints, run }: RunArchive, from: number): number[][] {
  const slices = endpoints.flatMap((endpoint) => warmSlices(endpoint, from)).filter(({ at }) => at <= run.end);
  const times = [...new Set(slices.map(({ at }) => at))].sort((a, b) => a - b);
  const length = Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)));
  const [first = 0, last = first] = [times[0], times.at(-1)];
  if (last === first) return [];
  const rows = Array.from({ length: Math.round((last - first) / length) + 1 }, () => [0, length]);
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
  const [up, down] = [0, 1].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  if (!up || !down) return undefined;
  return { value: up / down, estimate: estimateOf(rows, ([a = 0, b = 0]) => Math.log(a / b)) };
}

import type { LatencySlice, RunArchive } from '../archive/archive.ts';
import { type Amount, cpuPerRequest, memoryOf, throughputOf } from './amounts.ts';
import { type Latency, latencyOf } from './latency.ts';
import { isWarm, sliceLength, warmedUp, warmSlices } from './window.ts';

/** All of a run that is compared: after its warm-up, but for requests and failures, which are of the whole run. */
export interface Measured {
  readonly archive: RunArchive;
  /** When its warm-up was over, in Unix seconds. */
  readonly from: number;
  /** By method and name. */
  readonly endpoints: ReadonlyMap<string, MeasuredEndpoint>;
  /** Requests per second. */
  readonly throughput: Amount | undefined;
  /** By service, as its containers' metrics call it. */
  readonly services: ReadonlyMap<string, MeasuredService>;
  /** Highest pressure by resource, facet and whose it is; 1 is the knee. */
  readonly pressures: ReadonlyMap<string, number>;
}

interface MeasuredEndpoint {
  readonly name: string;
  readonly method: string;
  readonly requests: number;
  readonly failed: number;
  readonly latency: Latency | undefined;
  readonly slices: readonly LatencySlice[];
}

interface MeasuredService {
  /** CPU seconds per request of the run. */
  readonly cpu: Amount | undefined;
  /** Bytes. */
  readonly memory: Amount | undefined;
}

export function measured(archive: RunArchive): Measured {
  const from = warmedUp(archive);
  const length = sliceLength(archive);
  const services = new Set(
    ['cpu', 'memory'].flatMap((figure) => (archive.figures[figure] ?? []).map(({ labels }) => labels.service ?? '')),
  );
  return {
    ...{ archive, from },
    endpoints: new Map(
      archive.endpoints.map((endpoint) => {
        const { name, method = '', requests, failed } = endpoint;
        const slices = warmSlices(endpoint, from, length);
        return [`${method} ${name}`.trim(), { name, method, requests, failed, latency: latencyOf(slices), slices }];
      }),
    ),
    throughput: throughputOf(archive, from),
    services: new Map(
      [...services]
        .filter(Boolean)
        .map((service) => [
          service,
          { cpu: cpuPerRequest(archive, from, service), memory: memoryOf(archive, from, service) },
        ]),
    ),
    pressures: pressuresOf(archive, from),
  };
}

function pressuresOf(archive: RunArchive, from: number): Map<string, number> {
  const warm = isWarm(archive, from);
  const peaks = new Map<string, number>();
  for (const { labels, values } of archive.figures.pressure ?? []) {
    const key = [labels.resource, labels.facet, labels.of].filter(Boolean).join(' · ');
    const peak = values.reduce<number>((most, value, index) => (warm[index] ? Math.max(most, value ?? 0) : most), 0);
    peaks.set(key, Math.max(peak, peaks.get(key) ?? 0));
  }
  return peaks;
}

import { kubectl } from './kubectl.ts';

/** What k6 wrote of a fleet, put together from the logs of its runners. */
export interface RawSamples {
  readonly runners: number;
  readonly requests: number;
  readonly failed: number;
  /** Seconds. */
  readonly p95: number;
  /** When each runner sent its first request, in milliseconds since 1970. */
  readonly starts: readonly number[];
}

interface Point {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly time: string; readonly value: number; readonly tags?: Readonly<Record<string, string>> };
}

/** Requests of scenarios alone: those of the setup say nothing of the service. */
export async function rawSamples(namespace: string, testid: string): Promise<RawSamples> {
  const pods = await kubectl(
    ...['-n', namespace, 'get', 'pods', '-o', 'name'],
    ...['-l', `loadscope/testid=${testid},app.kubernetes.io/name=k6`],
  );
  const ofRunners = await Promise.all(
    pods
      .trim()
      .split('\n')
      .map(async (pod) => pointsIn(await kubectl('-n', namespace, 'logs', pod, '--tail=-1'))),
  );
  const durations = ofRunners
    .flat()
    .filter(({ metric }) => metric === 'http_req_duration')
    .map(({ data }) => data);
  const sorted = durations.map(({ value }) => value / 1000).sort((a, b) => a - b);
  return {
    runners: ofRunners.length,
    requests: durations.length,
    failed: durations.filter(({ tags }) => tags?.expected_response === 'false').length,
    p95: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN,
    starts: ofRunners.map((points) =>
      Math.min(
        ...points
          .filter(({ metric }) => metric === 'http_req_duration')
          // A sample has the time at which the answer was complete.
          .map(({ data }) => Date.parse(data.time) - data.value),
      ),
    ),
  };
}

const pointsIn = (log: string): Point[] =>
  log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      const point = JSON.parse(line) as Point;
      return point.type === 'Point' && point.data.tags?.scenario ? [point] : [];
    } catch {
      // k6's own messages stand between the samples.
      return [];
    }
  });

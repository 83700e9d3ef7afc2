import { concurrently } from '../../clients/concurrently.ts';
import type { Series } from '../../clients/prometheus.ts';
import { type EndpointQueries, endpointQueries } from '../../rules/endpoints.ts';
import { generatorIn } from '../../verdict/run.ts';
import type { ArchivedEndpoint, LatencySlice } from '../archive.ts';
import type { Asking } from './asking.ts';
import type { Axis } from './axis.ts';
import { slicesOf } from './histogram.ts';

/** Each answer has thousands of buckets, of which few are to be in memory at a time. */
const atOnce = 2;

/** Seconds of a slice: that of a short run, at which load generators push, and that of others. */
const shortest = 5;
const usual = 10;
/** Seconds after its last virtual user in which a run pushes for the last time. */
const tail = 5;
/** Most slices of a run. */
const mostSlices = 200;

/** What each endpoint was asked and how long its answers took, the busiest first. */
export async function endpointsOf(asking: Asking): Promise<ArchivedEndpoint[]> {
  const queries: EndpointQueries = endpointQueries[generatorIn(asking.run).job];
  const keyOf = ({ metric }: Series) => JSON.stringify(queries.by.map((label) => metric[label]));
  const numberOf = ({ value }: Series) => Number(value?.[1] ?? 0);
  const requests = await asking.whole('Requests by endpoint', queries.requests);
  const known = asking.gaps.length;
  const failures = await asking.whole('Failures by endpoint', queries.failed);
  // No answer is not the answer that nothing failed.
  if (asking.gaps.length > known) return [];
  const failed = new Map(failures.map((series) => [keyOf(series), numberOf(series)]));
  const [nameLabel = '', methodLabel = ''] = queries.by;
  const found = await concurrently(atOnce, requests, async (series): Promise<ArchivedEndpoint> => {
    const [name = '', method] = [series.metric[nameLabel], series.metric[methodLabel]];
    return {
      name,
      ...(method ? { method } : {}),
      requests: numberOf(series),
      failed: failed.get(keyOf(series)) ?? 0,
      latency: await latencyOf(queries, name, method, asking),
    };
  });
  if (found.length === 0) asking.gaps.push('No requests by endpoint: nothing was counted in the time of the run.');
  else if (found.every(({ latency }) => latency.length === 0))
    asking.gaps.push(
      queries.latency
        ? 'No distribution of response times: Prometheus has no native histograms of the run (`nativeHistograms` of the config, or a remote end that keeps none).'
        : 'No distribution of response times by topic: a Kafka bot has no native histograms, and its percentiles are among the figures.',
    );
  return found.sort((a, b) => b.requests - a.requests);
}

async function latencyOf(
  { latency }: EndpointQueries,
  name: string,
  method: string | undefined,
  asking: Asking,
): Promise<LatencySlice[]> {
  if (!latency) return [];
  const slices = slicesIn(asking.run);
  const expr = latency
    .replaceAll('$endpoint', () => quoted(name))
    .replaceAll('$method', () => quoted(method ?? ''))
    .replaceAll('$slice', `${slices.step}s`)
    // To the end of the last slice, behind that of the run.
    .replaceAll('$__range', `${(slices.count + 1) * slices.step}s`);
  const [series] = await asking.range(`Response times of ${name}`, expr, slices);
  return series ? slicesOf(series) : [];
}

/** Their ends. */
export function slicesIn({ start, end }: { readonly start: number; readonly end: number }): Axis {
  const length = end - start + tail;
  const step = Math.max(length < 10 * usual ? shortest : usual, Math.ceil(length / mostSlices));
  return { start: start + step, step, count: Math.ceil(length / step) };
}

/** Between the quotes of a matcher; a dollar would begin a variable. */
const quoted = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('$', '\\x24');

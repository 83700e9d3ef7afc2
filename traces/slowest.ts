import { concurrently } from '../clients/concurrently.ts';
import type { Span, Zipkin } from '../clients/zipkin.ts';
import { testidTag, traceIdPrefix } from '../runs/traces.ts';
import { factsOf, type TraceFacts } from './facts.ts';
import { type Slowest, slowestOf } from './search.ts';
import { treeOf } from './tree.ts';

/** Which traces of a run are wanted. */
export interface Wanted {
  readonly testid: string;
  /** Milliseconds since 1970: when they began, at the earliest and at the latest. */
  readonly begin: number;
  readonly end: number;
  /** How many. */
  readonly slowest: number;
  /** Left out: any of the run. */
  readonly isWanted?: (spans: readonly Span[]) => boolean;
}

/** Traces of an answer that tell whether a run's traces can be searched for by tag. */
const sample = 20;
const atOnce = 4;

/**
 * The slowest traces of a run, and where their time went.
 *
 * @throws HttpError where Zipkin does not answer
 */
export async function slowestTraces(
  zipkin: Zipkin,
  { testid, begin, end, slowest, isWanted = () => true }: Wanted,
): Promise<{ readonly search: Slowest; readonly traces: readonly TraceFacts[] }> {
  const isOwn = isOfRun(testid);
  const search = await slowestOf({
    ...{ begin, end, slowest },
    ...((await isTagged(zipkin, { testid, begin, end })) ? { tag: `${testidTag}=${testid}` } : {}),
    rate: (spans) => (isOwn(spans) && isWanted(spans) ? treeOf(spans)?.span.duration || undefined : undefined),
    ask: zipkin.traces.bind(zipkin),
  });
  // All spans, also those that another answer would have cut off: storage keeps each day apart.
  const facts = await concurrently(atOnce, search.found, async ({ traceId }) =>
    factsOf((await zipkin.trace(traceId)) ?? []),
  );
  return {
    search,
    traces: facts.filter((one) => one !== undefined).sort((a, b) => b.duration - a.duration),
  };
}

/** Whether a trace is of a run: by its id, or by a tag where a service has made the id its own. */
function isOfRun(testid: string): (spans: readonly Span[]) => boolean {
  const prefix = traceIdPrefix(testid);
  return (spans) => spans.some(({ traceId, tags }) => traceId.startsWith(prefix) || tags?.[testidTag] === testid);
}

/**
 * Whether to search by tag, which spares other traffic. All requests of a run go to one service, and Zipkin looks at the
 * duration of the very span that has the tag: so it has to be that service which tags.
 */
async function isTagged(zipkin: Zipkin, { testid, begin, end }: Pick<Wanted, 'testid' | 'begin' | 'end'>) {
  const found = await zipkin.traces({ begin, end, limit: sample, tag: `${testidTag}=${testid}` });
  return found.length > 0 && found.every((spans) => treeOf(spans)?.span.tags?.[testidTag] === testid);
}

import type { Span, TraceQuery } from '../clients/zipkin.ts';

/**
 * The slowest traces, from a Zipkin that gives the newest and cannot sort by duration. A trace is among the N slowest only
 * if it takes as long as the slowest N that are known, so that is what is asked for next: each answer that is cut
 * short raises this bound, and one that is not leaves nothing to ask. Where an answer raises nothing, such as in the
 * midst of other traffic, the time is halved.
 */

export interface Found {
  readonly traceId: string;
  /** Microseconds. */
  readonly duration: number;
}

interface Search {
  readonly begin: number;
  readonly end: number;
  readonly tag?: string;
  /** How many are wanted. */
  readonly slowest: number;
  /** How long a trace took, in microseconds; undefined for one that is not wanted. */
  rate(spans: readonly Span[]): number | undefined;
  ask(query: TraceQuery): Promise<readonly (readonly Span[])[]>;
}

export interface Slowest {
  /** The slowest first. */
  readonly found: readonly Found[];
  /** How many traces were looked at, and how many of them are wanted ones. */
  readonly looked: number;
  readonly wanted: number;
  /** Whether there can be no slower ones. */
  readonly complete: boolean;
}

/** Elasticsearch gives no more documents at once, and Zipkin does not ask for the rest. */
const mostSpans = 10_000;
const mostRequests = 200;
const firstLimit = 250;

export async function slowestOf({ begin, end, tag, slowest, rate, ask }: Search): Promise<Slowest> {
  const looked = new Set<string>();
  const wanted = new Set<string>();
  let found: Found[] = [];
  let known = new Map<string, number>();
  let limit = Math.max(firstLimit, slowest * 2);
  let complete = true;
  let requests = 0;
  const bound = () => (found.length < slowest ? undefined : found.at(-1)?.duration);
  // The last of them is the next.
  const windows: (readonly [begin: number, end: number])[] = [[begin, end]];
  for (let window = windows.pop(); window; window = windows.pop()) {
    if (requests++ >= mostRequests) {
      complete = false;
      break;
    }
    const before = bound();
    const answer = await ask({ begin: window[0], end: window[1], limit, minDuration: before, tag });
    const isCut = answer.reduce((sum, { length }) => sum + length, 0) >= mostSpans;
    if (isCut && limit > 1) {
      // Any of them may lack spans, so nothing is made of it.
      limit = Math.max(1, Math.min(answer.length, limit) >> 1);
      windows.push(window);
      continue;
    }
    for (const spans of answer) {
      const [first] = spans;
      if (!first) continue;
      const { traceId } = first;
      looked.add(traceId);
      const duration = rate(spans);
      if (duration === undefined) continue;
      wanted.add(traceId);
      // Of a run that goes on, spans may have come since it was seen.
      known.set(traceId, duration);
    }
    found = [...known]
      .map(([traceId, duration]) => ({ traceId, duration }))
      .sort((a, b) => b.duration - a.duration)
      .slice(0, slowest);
    known = new Map(found.map(({ traceId, duration }) => [traceId, duration]));
    if (answer.length < limit) continue;
    const [from, to] = window;
    if (bound() !== before) windows.push(window);
    else if (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      // Both hold the moment between them, since milliseconds have fractions.
      windows.push([from, middle], [middle, to]);
    } else complete = false;
  }
  return { found, looked: looked.size, wanted: wanted.size, complete };
}

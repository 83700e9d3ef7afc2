import type { Span } from '../../clients/zipkin.ts';
import { toOneClock } from './clock.ts';
import { criticalPath } from './critical-path.ts';
import { groups } from './groups.ts';
import { detailOf, endpointOf, hasError, nameOf } from './labels.ts';
import type { Slowest } from './search.ts';
import { type Node, serviceOf, treeOf } from './tree.ts';

/** A part of the critical path. Times are in seconds, shares from 0 to 1. */
interface Part {
  readonly service: string;
  /** With the system that was called in front: `mysql select`. */
  readonly span: string;
  /** The statement or path, where a tag says it. */
  readonly detail: string | null;
  /** What of the request's time was this span's own. */
  readonly time: number;
  readonly share: number;
}

export interface TraceFacts {
  readonly traceId: string;
  /** In ISO 8601. */
  readonly start: string;
  readonly duration: number;
  readonly endpoint: string;
  readonly services: readonly string[];
  /** Spans with an error. */
  readonly errors: number;
  /** The critical path, the largest part first. */
  readonly path: readonly Part[];
}

/** What holds the time of all of them together, the largest part first. */
interface Total extends Omit<Part, 'detail'> {
  /** In how many of the traces it is on the critical path. */
  readonly traces: number;
}

/** What `--output json` prints. A change that is not an addition needs another version. */
export interface TracesDocument {
  readonly version: 1;
  readonly testid: string;
  /** When its traces were looked for, in ISO 8601. */
  readonly start: string;
  readonly end: string;
  /** Traces that Zipkin was made to give, and how many of them were the run's and wanted. */
  readonly looked: number;
  readonly wanted: number;
  /** Whether there can be no slower ones. */
  readonly complete: boolean;
  readonly traces: readonly TraceFacts[];
  readonly summary: readonly Total[];
}

/** Microseconds since 1970 that a Date can hold. */
const latest = 8.64e18;

/** Undefined of a trace that has no time, or an absurd one. */
export function factsOf(spans: readonly Span[]): TraceFacts | undefined {
  const root = treeOf(spans);
  if (!root || Math.abs(root.start) > latest) return undefined;
  toOneClock(root);
  const duration = root.end - root.start;
  const path = [...criticalPath(root)].sort(([, a], [, b]) => b - a);
  const nodes = allOf(root);
  return {
    traceId: root.span.traceId,
    start: new Date(root.start / 1000).toISOString(),
    duration: duration / 1e6,
    endpoint: endpointOf(root.span),
    // Receivers of messages are no part of the tree, and yet of the trace.
    services: [...new Set([...nodes.map(({ service }) => service), ...spans.map(serviceOf)])],
    errors: spans.filter(hasError).length,
    path: path.map(([{ service, span }, time]) => ({
      service,
      span: nameOf(span),
      detail: detailOf(span) ?? null,
      time: time / 1e6,
      share: time / duration,
    })),
  };
}

function allOf(root: Node): readonly Node[] {
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.children.toSorted((a, b) => a.start - b.start));
  return nodes;
}

export function documentOf(
  testid: string,
  { begin, end }: { readonly begin: number; readonly end: number },
  { looked, wanted, complete }: Slowest,
  traces: readonly TraceFacts[],
): TracesDocument {
  return {
    ...{ version: 1, testid, start: new Date(begin).toISOString(), end: new Date(end).toISOString() },
    ...{ looked, wanted, complete, traces, summary: totals(traces) },
  };
}

function totals(traces: readonly TraceFacts[]): Total[] {
  const all = traces.reduce((sum, { duration }) => sum + duration, 0);
  const parts = traces.flatMap(({ traceId, path }) => path.map((part) => ({ ...part, traceId })));
  return [...groups(parts, ({ service, span }) => JSON.stringify([service, span])).values()]
    .map((same) => {
      const time = same.reduce((sum, part) => sum + part.time, 0);
      const { service, span } = same[0];
      return { service, span, time, share: time / all, traces: new Set(same.map(({ traceId }) => traceId)).size };
    })
    .sort((a, b) => b.time - a.time);
}

import type { Span } from '../clients/zipkin.ts';
import { toOneClock } from './clock.ts';
import { criticalPath } from './critical-path.ts';
import { detailOf, endpointOf, hasError, nameOf } from './labels.ts';
import { type Node, serviceOf, treeOf } from './tree.ts';

/** A part of the critical path. Times are in seconds, shares from 0 to 1. */
export interface Part {
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

import type { Endpoint, Span } from './span.ts';

/**
 * The spans of a trace with those in one that came in parts, and those marked as shared that were not: as
 * zipkin2.internal.Trace does.
 */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort(byIdClientFirst)) {
    const last = merged.at(-1);
    const part = last && last.id === span.id && Boolean(last.shared) === Boolean(span.shared);
    const localEndpoint = part ? mergedEndpoints(last.localEndpoint, span.localEndpoint) : 'different';
    if (!last || localEndpoint === 'different') merged.push(span);
    else merged[merged.length - 1] = together(last, span, localEndpoint);
  }
  // Each by the one before it as that has become: several servers may have answered.
  for (const [at, span] of merged.entries()) merged[at] = corrected(span, merged[at - 1]);
  return merged;
}

/** Instrumentation forgets to mark a server's span as shared, or to hand it its parent. */
function corrected(span: Span, before: Span | undefined): Span {
  if (before?.id !== span.id) return span;
  const shared = span.shared || (before.kind === 'CLIENT' && span.kind === 'SERVER');
  if (!shared) return span;
  const parentId = span.parentId ?? before.parentId;
  return { ...span, shared, ...(parentId ? { parentId } : {}) };
}

function together(first: Span, second: Span, localEndpoint: Endpoint | undefined): Span {
  const remoteEndpoint = { ...second.remoteEndpoint, ...first.remoteEndpoint };
  return {
    ...second,
    ...first,
    ...(localEndpoint ? { localEndpoint } : {}),
    ...(first.remoteEndpoint || second.remoteEndpoint ? { remoteEndpoint } : {}),
    tags: { ...first.tags, ...second.tags },
  };
}

/** What is known of one in two parts, or that they are of different ones. */
function mergedEndpoints(a: Endpoint | undefined, b: Endpoint | undefined): Endpoint | undefined | 'different' {
  if (!a || !b) return a ?? b;
  const differ = (['serviceName', 'ipv4', 'ipv6', 'port'] as const).some(
    (key) => a[key] && b[key] && a[key] !== b[key],
  );
  return differ ? 'different' : { ...b, ...a };
}

function byIdClientFirst(a: Span, b: Span): number {
  return compare(a.id, b.id) || rank(a) - rank(b) || compareEndpoints(a.localEndpoint, b.localEndpoint);
}

const rank = ({ shared, kind }: Span): number => (shared ? 2 : kind === 'CLIENT' ? 0 : 1);

/** One that says nothing comes first, to be merged with the first that does. */
function compareEndpoints(a: Endpoint | undefined, b: Endpoint | undefined): number {
  if (!a || !b) return Number(Boolean(a)) - Number(Boolean(b));
  return compare(a.serviceName, b.serviceName) || compare(a.ipv4, b.ipv4) || compare(a.ipv6, b.ipv6);
}

/** What is not known comes last. */
function compare(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}

import { type Elasticsearch, ElasticsearchError } from '../../clients/elasticsearch.ts';
import type { Span } from './span.ts';

interface Page {
  readonly hits?: { readonly hits?: readonly { readonly _source: Span }[] };
}

/** What links are made of: statements, addresses and the like in other tags stay where they are. */
const fields = ['traceId', 'parentId', 'id', 'kind', 'shared', 'localEndpoint', 'remoteEndpoint', 'tags.error'];

/**
 * The traces of an index, by their ids, a page of spans at a time. The next page begins after the last trace that is whole: so
 * none is cut or counted twice while others write, and the server has to keep nothing in between. Of a trace that fills a
 * page, the rest is passed over; Zipkin shows no more of it either.
 *
 * @param size spans of a page; 10,000 is the most that servers take
 * @returns nothing where there is no such index
 */
export async function* traces(server: Elasticsearch, index: string, size = 10_000): AsyncGenerator<readonly Span[]> {
  let after: string | undefined;
  for (;;) {
    const page = await spansAfter(server, index, after, size);
    if (!page) return;
    const byTrace = groupedByTrace(page);
    const isLast = page.length < size;
    const whole = isLast || byTrace.length === 1 ? byTrace : byTrace.slice(0, -1);
    yield* whole;
    if (isLast) return;
    after = whole.at(-1)?.[0]?.traceId;
  }
}

async function spansAfter(server: Elasticsearch, index: string, after: string | undefined, size: number) {
  try {
    // An answer without some of the shards would be taken for links that are gone.
    const path = `${index}/_search?allow_partial_search_results=false&filter_path=hits.hits._source`;
    const { hits } = await server.send<Page>('POST', path, {
      size,
      sort: [{ traceId: 'asc' }],
      track_total_hits: false,
      _source: fields,
      ...(after === undefined ? {} : { search_after: [after] }),
    });
    return (hits?.hits ?? []).map(({ _source }) => _source);
  } catch (error) {
    if (error instanceof ElasticsearchError && error.status === 404) return undefined;
    throw error;
  }
}

/** @param spans in the order of their traces */
function groupedByTrace(spans: readonly Span[]): Span[][] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    if (group?.[0]?.traceId === span.traceId) group.push(span);
    else groups.push([span]);
  }
  return groups;
}

import type { Elasticsearch } from '../../clients/elasticsearch.ts';
import type { Day } from './day.ts';
import { indexName } from './index-names.ts';
import { type Link, Linker, linkId } from './linker.ts';
import { traces } from './traces.ts';

/** Links of a request: a service calls few others. */
const batch = 1000;

/**
 * Makes the graph of who called whom on a day from that day's spans, and stores it where Zipkin looks for it. A link is
 * replaced by itself, so that a day may be gone through again and again; one that is no more is deleted.
 */
export async function linkDay(
  server: Elasticsearch,
  index: string,
  day: Day,
  tell: (line: string) => void,
): Promise<void> {
  const linker = new Linker();
  let spans = 0;
  let found = 0;
  for await (const trace of traces(server, indexName(index, 'span', day))) {
    linker.put(trace);
    found += 1;
    spans += trace.length;
  }
  // Links do not go away by spans that did: what an earlier run stored is still true.
  if (!spans) return tell(`${day} has no spans`);
  const { links } = linker;
  const gone = await store(server, indexName(index, 'dependency', day), links);
  tell(`${day} has ${links.length} links, of ${spans} spans in ${found} traces; ${gone} links are gone`);
}

/** Returns how many links are deleted. */
async function store(server: Elasticsearch, index: string, links: readonly Link[]): Promise<number> {
  await bulk(
    server,
    index,
    links.map((link) => {
      const id = linkId(link);
      return [{ index: { _id: id } }, { id, ...link }];
    }),
  );
  const wanted = new Set(links.map(linkId));
  const gone = (await storedIds(server, index)).filter((id) => !wanted.has(id));
  await bulk(
    server,
    index,
    gone.map((id) => [{ delete: { _id: id } }]),
  );
  return gone.length;
}

/** As many as Zipkin reads. */
async function storedIds(server: Elasticsearch, index: string): Promise<string[]> {
  type Found = { readonly hits?: { readonly hits?: readonly { readonly _id: string }[] } };
  const { hits } = await server.send<Found>(
    'POST',
    // Missing where there was nothing to store.
    `${index}/_search?ignore_unavailable=true&filter_path=hits.hits._id`,
    { size: 10_000, _source: false },
  );
  return (hits?.hits ?? []).map(({ _id }) => _id);
}

/** @param actions each in its lines */
async function bulk(server: Elasticsearch, index: string, actions: readonly (readonly object[])[]): Promise<void> {
  type Outcome = { readonly error?: { readonly reason: string } };
  for (let at = 0; at < actions.length; at += batch) {
    const lines = actions.slice(at, at + batch).flat();
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { items = [] } = await server.send<{ items?: readonly Record<string, Outcome>[] }>(
      'POST',
      `${index}/_bulk?filter_path=items.*.error`,
      body,
    );
    const [error] = items.flatMap((item) => Object.values(item)).flatMap(({ error }) => error ?? []);
    if (error) throw new Error(`links are not stored: ${error.reason}`);
  }
}

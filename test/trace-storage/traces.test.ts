import { traces } from '../../bots/trace-storage/traces.ts';
import type { Elasticsearch } from '../../clients/elasticsearch.ts';

/** Traces read in pages, of a server that sorts and cuts as Elasticsearch does. */

const spansOf = (lengths: Readonly<Record<string, number>>) =>
  Object.entries(lengths).flatMap(([traceId, length]) =>
    Array.from({ length }, (_, at) => ({ traceId, id: `${traceId}${at}` })),
  );

interface Asked {
  size: number;
  search_after?: [traceId: string];
}

async function read(spans: { traceId: string; id: string }[], pageSize: number, meanwhile = () => {}) {
  const pages: number[] = [];
  const server = {
    send: async (_method: string, _path: string, { size, search_after: after }: Asked) => {
      const rest = spans
        .toSorted((a, b) => a.traceId.localeCompare(b.traceId))
        .filter(({ traceId }) => !after || traceId > after[0]);
      const hits = rest.slice(0, size).map((_source) => ({ _source }));
      pages.push(hits.length);
      meanwhile();
      return { hits: { hits } };
    },
  };
  const read: Record<string, number> = {};
  for await (const trace of traces(server as unknown as Elasticsearch, 'zipkin-span-2026-01-01', pageSize)) {
    const traceId = trace[0]?.traceId ?? '';
    if (read[traceId]) throw new Error(`${traceId} came twice`);
    read[traceId] = trace.length;
  }
  return { read, pages };
}

test.each([2, 3, 4, 5, 6, 7, 12, 13, 100])('each comes once and whole, in pages of %d', async (size) => {
  const lengths = { a: 2, b: 1, c: 2, d: 2, e: 1, f: 2, g: 2 };
  expect((await read(spansOf(lengths), size)).read).toEqual(lengths);
});

test('one that fills a page is cut, and the next comes whole', async () => {
  expect((await read(spansOf({ a: 1, b: 9, c: 2 }), 4)).read).toEqual({ a: 1, b: 4, c: 2 });
});

test('none comes twice where others are written in between', async () => {
  const spans = spansOf({ b: 2, d: 2, f: 2 });
  let written = 0;
  const write = () => {
    written += 1;
    if (written < 5) spans.push({ traceId: 'acegi'[written] ?? 'z', id: `late${written}` });
  };
  const { read: found } = await read(spans, 3, write);
  expect(found).toMatchObject({ b: 2, d: 2, f: 2 });
});

test('no more is held at once than a page', async () => {
  const { pages } = await read(spansOf(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`t${at}`, 3]))), 10);
  expect(Math.max(...pages)).toBe(10);
});

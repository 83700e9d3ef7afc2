import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exposition } from '../bots/elasticsearch-exporter/exposition.ts';
import { server as exporterServer } from '../bots/elasticsearch-exporter/server.ts';
import { Elasticsearch } from '../clients/elasticsearch.ts';
import { metrics } from '../exporters/elasticsearch/metrics.ts';

/** The exporter against a server that plays Elasticsearch: what it says, and what when there is nothing to say. */

const node = {
  name: 'n1',
  host: '10.0.0.1',
  roles: ['data', 'master'],
  indices: {
    search: { query_total: 7, query_time_in_millis: 1500 },
    indexing: { index_total: 9, index_time_in_millis: 250 },
  },
  jvm: { mem: { heap_used_in_bytes: 100, heap_max_in_bytes: 400 } },
  fs: { data: [{ mount: '/data', path: '/data/nodes', total_in_bytes: 1000, available_in_bytes: 600 }] },
  thread_pool: { write: { queue: 3, rejected: 4 }, search: { queue: 1, rejected: 2 } },
};
const ofIndex = {
  primaries: { docs: { count: 5 }, store: { size_in_bytes: 50 } },
  total: { store: { size_in_bytes: 100 } },
};

/** By the beginning of the path; a number is a status of failure. */
type Answers = Readonly<Record<string, object | number>>;
const well: Answers = {
  '/_cluster/health': { cluster_name: 'spans', status: 'yellow', number_of_nodes: 1, unassigned_shards: 2 },
  '/_nodes/stats': { nodes: { id1: node } },
  '/zipkin-': { indices: { 'zipkin-span-2025-01-01': ofIndex } },
};

let answers: Answers;
let asked: string[];
const elasticsearchServer: Server = createServer(({ url = '' }, response) => {
  asked.push(url);
  const answer = Object.entries(answers).find(([path]) => url.startsWith(path))?.[1] ?? 404;
  response
    .writeHead(typeof answer === 'number' ? answer : 200)
    .end(JSON.stringify(typeof answer === 'number' ? { error: { reason: 'refused' } } : answer));
});
let elasticsearch: Elasticsearch;
const said: string[] = [];

beforeAll(async () => {
  await once(elasticsearchServer.listen(0, '127.0.0.1'), 'listening');
  elasticsearch = new Elasticsearch({
    urls: [`http://127.0.0.1:${(elasticsearchServer.address() as AddressInfo).port}`],
  });
});
beforeEach(() => {
  answers = well;
  asked = [];
  said.length = 0;
  jest.spyOn(console, 'error').mockImplementation((text) => said.push(text));
});
afterAll(async () => {
  await elasticsearch.close();
  elasticsearchServer.close();
});

async function samples(pattern?: string): Promise<Record<string, number>> {
  const { text } = await exposition(elasticsearch, pattern);
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => {
        const [, series = '', value] = /^(.*) (\S+)$/.exec(line) ?? [];
        return [series, Number(value)];
      }),
  );
}

const labels =
  'cluster="spans",host="10.0.0.1",name="n1",es_master_node="true",es_data_node="true",es_ingest_node="false",es_client_node="true"';

test('tells of the cluster, its nodes and the indices of the pattern', async () => {
  expect(await samples('zipkin-*')).toEqual({
    elasticsearch_cluster_health_up: 1,
    'elasticsearch_cluster_health_status{cluster="spans",color="green"}': 0,
    'elasticsearch_cluster_health_status{cluster="spans",color="yellow"}': 1,
    'elasticsearch_cluster_health_status{cluster="spans",color="red"}': 0,
    'elasticsearch_cluster_health_number_of_nodes{cluster="spans"}': 1,
    'elasticsearch_cluster_health_unassigned_shards{cluster="spans"}': 2,
    [`elasticsearch_indices_search_query_total{${labels}}`]: 7,
    [`elasticsearch_indices_search_query_time_seconds{${labels}}`]: 1.5,
    [`elasticsearch_indices_indexing_index_total{${labels}}`]: 9,
    [`elasticsearch_indices_indexing_index_time_seconds_total{${labels}}`]: 0.25,
    [`elasticsearch_jvm_memory_used_bytes{${labels},area="heap"}`]: 100,
    [`elasticsearch_jvm_memory_max_bytes{${labels},area="heap"}`]: 400,
    [`elasticsearch_filesystem_data_size_bytes{${labels},mount="/data",path="/data/nodes"}`]: 1000,
    [`elasticsearch_filesystem_data_available_bytes{${labels},mount="/data",path="/data/nodes"}`]: 600,
    [`elasticsearch_thread_pool_queue_count{${labels},type="write"}`]: 3,
    [`elasticsearch_thread_pool_queue_count{${labels},type="search"}`]: 1,
    [`elasticsearch_thread_pool_rejected_count{${labels},type="write"}`]: 4,
    [`elasticsearch_thread_pool_rejected_count{${labels},type="search"}`]: 2,
    'elasticsearch_indices_docs_primary{cluster="spans",index="zipkin-span-2025-01-01"}': 5,
    'elasticsearch_indices_store_size_bytes_primary{cluster="spans",index="zipkin-span-2025-01-01"}': 50,
    'elasticsearch_indices_store_size_bytes_total{cluster="spans",index="zipkin-span-2025-01-01"}': 100,
  });
  expect(said).toEqual([]);
});

test('tells what its target declares, each of its kind, and nothing else', async () => {
  const { text } = await exposition(elasticsearch, 'zipkin-*');
  const kinds = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, kind]) => ({ name, kind }));
  const declared = Object.values(metrics).map(({ name, kind }) => ({ name, kind }));
  expect(kinds).toHaveLength(declared.length);
  expect(kinds).toEqual(expect.arrayContaining(declared));
});

test('asks for no index where none is wanted, and none may be there', async () => {
  expect(Object.keys(await samples())).not.toContainEqual(expect.stringContaining('index='));
  expect(asked).toHaveLength(2);
  answers = { ...well, '/zipkin-': {} };
  expect(Object.keys(await samples('zipkin-*'))).not.toContainEqual(expect.stringContaining('index='));
  expect(said).toEqual([]);
});

test('of one that does not answer it says so, and nothing else', async () => {
  answers = { ...well, '/_cluster/health': 503 };
  expect(await samples('zipkin-*')).toEqual({ elasticsearch_cluster_health_up: 0 });
  expect(said).toEqual(['refused']);
});

test('one question that is refused leaves out its own metrics only', async () => {
  answers = { ...well, '/_nodes/stats': 403 };
  const found = Object.keys(await samples('zipkin-*'));
  expect(found).toHaveLength(9);
  expect(found).not.toContainEqual(expect.stringContaining('name="n1"'));
});

test('of very many indices it tells of those of the newest days', async () => {
  const days = Array.from({ length: 300 }, (_, n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
  const names = days.flatMap((day) => [`zipkin-span-${day}`, `zipkin-dependency-${day}`]);
  answers = { ...well, '/zipkin-': { indices: Object.fromEntries(names.map((name) => [name, ofIndex])) } };
  const found = Object.keys(await samples('zipkin-*')).flatMap(
    (one) => /docs_primary.*index="(.*)"/.exec(one)?.[1] ?? [],
  );
  expect(found.sort()).toEqual(names.slice(-400).sort());
});

describe('over HTTP', () => {
  let url: string;
  let asks = 0;
  let answer: (text: string) => void = () => undefined;
  const exporter = exporterServer(() => {
    asks += 1;
    return new Promise((resolve) => {
      answer = (text) => resolve({ contentType: 'text/plain', text });
    });
  });
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${url}${path}`, { method });
    return { status: response.status, text: await response.text() };
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  beforeAll(async () => {
    await once(exporter.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    exporter.close();
    exporter.closeAllConnections();
  });

  test('scrapes that come together share one answer, and the next one asks again', async () => {
    const both = [get('/metrics'), get('/metrics')];
    await until(() => asks === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    answer('first');
    expect(await Promise.all(both)).toEqual(both.map(() => ({ status: 200, text: 'first' })));
    expect(asks).toBe(1);
    const next = get('/metrics');
    await until(() => asks === 2);
    answer('second');
    expect(await next).toEqual({ status: 200, text: 'second' });
  });

  test('it is well whatever Elasticsearch is, and has nothing else to show', async () => {
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect((await get('/')).status).toBe(404);
    expect((await get('//')).status).toBe(404);
    expect((await get('/healthz?from=kubelet')).status).toBe(200);
    expect((await get('/metrics', 'POST')).status).toBe(405);
  });
});

import { Counter, Gauge, Registry } from 'prom-client';
import type { Elasticsearch } from '../../clients/elasticsearch.ts';
import {
  type ClusterHealth,
  clusterHealth,
  type IndexStats,
  indexStats,
  type NodeStats,
  nodeStats,
  pools,
} from './answers.ts';

/**
 * Names, kinds and labels are those of prometheus-community/elasticsearch_exporter, so that either fits the same panels. All
 * is made anew for each scrape: what is gone has no series, and the counts are Elasticsearch's own.
 */

type Labels = Readonly<Record<string, string>>;

/** Indices at most, the newest: each is three series. */
const maxIndices = 400;

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** What a scrape sees. An Elasticsearch that does not answer is a value as well. */
export async function exposition(elasticsearch: Elasticsearch, pattern: string | undefined): Promise<Exposition> {
  const registry = new Registry();
  const [health, nodes, indices] = await Promise.all([
    told(clusterHealth(elasticsearch)),
    told(nodeStats(elasticsearch)),
    pattern ? told(indexStats(elasticsearch, pattern)) : undefined,
  ]);
  const metrics = writer(registry, { cluster: health?.cluster_name ?? '' });
  new Gauge({
    name: 'elasticsearch_cluster_health_up',
    help: 'Whether Elasticsearch says how its cluster is.',
    registers: [registry],
  }).set(health ? 1 : 0);
  if (health) {
    ofCluster(metrics, health);
    for (const node of nodes ?? []) ofNode(metrics, node);
    for (const [name, stats] of newest(indices ?? {})) ofIndex(metrics, name, stats);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** One question without an answer leaves out its own metrics only, and says why in the log. */
const told = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: Error) => {
    console.error(error.message);
    return undefined;
  });

type Write = (
  kind: 'gauge' | 'counter',
  name: string,
  help: string,
  value: number | undefined,
  labels?: Labels,
) => void;

/** Notes values; the metric they are of is made with the first. */
function writer(registry: Registry, common: Labels): Write {
  return (kind, name, help, value, labels = {}) => {
    if (value === undefined) return;
    const all = { ...common, ...labels };
    const options = { name, help, labelNames: Object.keys(all), registers: [registry] };
    const made = registry.getSingleMetric(name) as Gauge | Counter | undefined;
    (made ?? (kind === 'gauge' ? new Gauge(options) : new Counter(options))).inc(all, value);
  };
}

function ofCluster(write: Write, { status, number_of_nodes, unassigned_shards }: ClusterHealth): void {
  const name = 'elasticsearch_cluster_health';
  for (const color of ['green', 'yellow', 'red'])
    write('gauge', `${name}_status`, 'Whether the cluster is of that color.', status === color ? 1 : 0, { color });
  write('gauge', `${name}_number_of_nodes`, 'Nodes of the cluster.', number_of_nodes);
  write('gauge', `${name}_unassigned_shards`, 'Shards that are on no node.', unassigned_shards);
}

function ofNode(write: Write, { name, host = '', roles = [], indices, jvm, fs, thread_pool }: NodeStats): void {
  const has = (role: string) => String(roles.includes(role));
  const node = {
    host,
    name,
    es_master_node: has('master'),
    es_data_node: has('data'),
    es_ingest_node: has('ingest'),
    // There is no node without HTTP any more.
    es_client_node: 'true',
  };
  const count = (metric: string, help: string, value: number | undefined) =>
    write('counter', `elasticsearch_indices_${metric}`, help, value, node);
  const seconds = (millis: number | undefined) => (millis === undefined ? undefined : millis / 1000);
  count('search_query_total', 'Searches of shards.', indices?.search?.query_total);
  count('search_query_time_seconds', 'Time that they took.', seconds(indices?.search?.query_time_in_millis));
  count('indexing_index_total', 'Documents that were written.', indices?.indexing?.index_total);
  count('indexing_index_time_seconds_total', 'Time that took.', seconds(indices?.indexing?.index_time_in_millis));

  const heap = { ...node, area: 'heap' };
  write('gauge', 'elasticsearch_jvm_memory_used_bytes', 'Memory in use.', jvm?.mem.heap_used_in_bytes, heap);
  write('gauge', 'elasticsearch_jvm_memory_max_bytes', 'Memory at most.', jvm?.mem.heap_max_in_bytes, heap);

  for (const { mount = '', path = '', total_in_bytes, available_in_bytes } of fs?.data ?? []) {
    const data = { ...node, mount, path };
    write('gauge', 'elasticsearch_filesystem_data_size_bytes', 'Size of the disk.', total_in_bytes, data);
    write('gauge', 'elasticsearch_filesystem_data_available_bytes', 'Room on the disk.', available_in_bytes, data);
  }

  for (const type of pools) {
    const { queue, rejected } = thread_pool?.[type] ?? {};
    const pool = { ...node, type };
    write('gauge', 'elasticsearch_thread_pool_queue_count', 'Requests that wait for a thread.', queue, pool);
    write('counter', 'elasticsearch_thread_pool_rejected_count', 'Requests that found the queue full.', rejected, pool);
  }
}

function ofIndex(write: Write, index: string, { primaries, total }: IndexStats): void {
  const name = 'elasticsearch_indices';
  const ofOne = { index };
  write('gauge', `${name}_docs_primary`, 'Documents of the index.', primaries?.docs?.count, ofOne);
  write('gauge', `${name}_store_size_bytes_primary`, 'Its size.', primaries?.store?.size_in_bytes, ofOne);
  write('gauge', `${name}_store_size_bytes_total`, 'Its size with all copies.', total?.store?.size_in_bytes, ofOne);
}

/** By the day at the end of their names, of whatever kind they are. */
function newest(indices: Readonly<Record<string, IndexStats>>): [string, IndexStats][] {
  const day = (name: string) => /\d{4}\D?\d{2}\D?\d{2}$/.exec(name)?.[0] ?? '';
  return Object.entries(indices)
    .sort(([a], [b]) => day(b).localeCompare(day(a)) || a.localeCompare(b))
    .slice(0, maxIndices);
}

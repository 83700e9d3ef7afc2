import { counter, gauge } from '../../model/metric.ts';

const labels = ['job', 'instance'] as const;
const ofCluster = [...labels, 'cluster'] as const;
const ofNode = [
  ...ofCluster,
  ...(['host', 'name', 'es_master_node', 'es_data_node', 'es_ingest_node', 'es_client_node'] as const),
] as const;
const ofPool = [...ofNode, 'type'] as const;
const ofDisk = [...ofNode, 'mount', 'path'] as const;
const ofIndex = [...ofCluster, 'index'] as const;

/** What the community's elasticsearch_exporter exposes as well, under the same names and labels. */
export const metrics = {
  up: gauge('elasticsearch_cluster_health_up', labels, 'Whether the cluster answers its exporter.'),
  status: gauge(
    'elasticsearch_cluster_health_status',
    [...ofCluster, 'color'],
    'Whether the cluster is of that color.',
  ),
  nodes: gauge('elasticsearch_cluster_health_number_of_nodes', ofCluster, 'Nodes of the cluster.'),
  unassigned: gauge('elasticsearch_cluster_health_unassigned_shards', ofCluster, 'Shards that are on no node.'),
  searches: counter('elasticsearch_indices_search_query_total', ofNode, 'Searches, each of one shard.'),
  searchTime: counter('elasticsearch_indices_search_query_time_seconds', ofNode, 'Time that searches took.'),
  writes: counter('elasticsearch_indices_indexing_index_total', ofNode, 'Documents that were written, copies too.'),
  writeTime: counter('elasticsearch_indices_indexing_index_time_seconds_total', ofNode, 'Time that writing took.'),
  heapUsed: gauge('elasticsearch_jvm_memory_used_bytes', [...ofNode, 'area'], 'Memory in use.'),
  heapMax: gauge('elasticsearch_jvm_memory_max_bytes', [...ofNode, 'area'], 'Memory at most.'),
  queue: gauge('elasticsearch_thread_pool_queue_count', ofPool, 'Requests that wait for a thread.'),
  rejected: counter('elasticsearch_thread_pool_rejected_count', ofPool, 'Requests that found the queue full.'),
  diskSize: gauge('elasticsearch_filesystem_data_size_bytes', ofDisk, 'Size of the disk that the data is on.'),
  diskAvailable: gauge('elasticsearch_filesystem_data_available_bytes', ofDisk, 'What is left of it.'),
  // Of the indices of spans alone: nobody needs those of others, however many there are.
  documents: gauge('elasticsearch_indices_docs_primary', ofIndex, 'Documents of an index.'),
  size: gauge('elasticsearch_indices_store_size_bytes_primary', ofIndex, 'Size of an index.'),
  sizeWithCopies: gauge('elasticsearch_indices_store_size_bytes_total', ofIndex, 'The same, with its copies.'),
};

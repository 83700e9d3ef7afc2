import type { Elasticsearch } from '../../clients/elasticsearch.ts';

/** What Elasticsearch tells of itself, as far as metrics are made of it. */

export interface ClusterHealth {
  readonly cluster_name: string;
  readonly status: string;
  readonly number_of_nodes: number;
  readonly unassigned_shards: number;
}

export interface NodeStats {
  readonly name: string;
  readonly host?: string;
  readonly roles?: readonly string[];
  readonly indices?: {
    readonly search?: { readonly query_total: number; readonly query_time_in_millis: number };
    readonly indexing?: { readonly index_total: number; readonly index_time_in_millis: number };
  };
  readonly jvm?: { readonly mem: { readonly heap_used_in_bytes: number; readonly heap_max_in_bytes: number } };
  readonly fs?: {
    readonly data?: readonly {
      readonly mount?: string;
      readonly path?: string;
      readonly total_in_bytes?: number;
      readonly available_in_bytes?: number;
    }[];
  };
  readonly thread_pool?: Readonly<Record<string, { readonly queue: number; readonly rejected: number }>>;
}

export interface IndexStats {
  readonly primaries?: Sizes;
  readonly total?: Sizes;
}

interface Sizes {
  readonly store?: { readonly size_in_bytes: number };
  readonly docs?: { readonly count: number };
}

/** The pools whose queue a request of a client waits in. */
export const pools = ['write', 'search'] as const;

const ofNodes = [
  ...['name', 'host', 'roles', 'jvm.mem', 'fs.data'].map((field) => `nodes.*.${field}`),
  ...['search.query_*', 'indexing.index_*'].map((field) => `nodes.*.indices.${field}`),
  ...pools.map((pool) => `nodes.*.thread_pool.${pool}`),
];
const ofIndices = ['primaries.store.size_in_bytes', 'primaries.docs.count', 'total.store.size_in_bytes'];

export const clusterHealth = (elasticsearch: Elasticsearch): Promise<ClusterHealth> =>
  elasticsearch.send('GET', '_cluster/health');

export const nodeStats = async (elasticsearch: Elasticsearch): Promise<readonly NodeStats[]> => {
  const path = `_nodes/stats/jvm,fs,thread_pool,indices/search,indexing?filter_path=${ofNodes.join(',')}`;
  const { nodes = {} } = await elasticsearch.send<{ nodes?: Record<string, NodeStats> }>('GET', path);
  return Object.values(nodes);
};

/** By name; none where none is of the pattern. */
export const indexStats = async (
  elasticsearch: Elasticsearch,
  pattern: string,
): Promise<Readonly<Record<string, IndexStats>>> => {
  const fields = ofIndices.map((field) => `indices.*.${field}`).join(',');
  const path = `${encodeURIComponent(pattern)}/_stats/store,docs?level=indices&filter_path=${fields}`;
  const { indices = {} } = await elasticsearch.send<{ indices?: Record<string, IndexStats> }>('GET', path);
  return indices;
};

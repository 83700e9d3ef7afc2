import type { Construct } from 'constructs';
import { elasticsearchSecurity, type SecurityProps } from './elasticsearch-security.ts';
import { emptyDirVolume, type PodProps } from './pod.ts';
import { type StatefulSetProps, statefulSet } from './stateful-set.ts';

const name = 'elasticsearch';
export const port = 9200;
/** Where nodes of a cluster find each other. */
export const transportPort = 9300;
const home = '/usr/share/elasticsearch';

type ElasticsearchProps = Pick<PodProps, 'image' | 'resources'> &
  Pick<StatefulSetProps, 'size' | 'storage'> & {
    readonly clusterName: string;
    /** MiB of the memory for Java; Lucene wants the rest for its files. */
    readonly heap: number;
    /** @default 1 */
    readonly nodes?: number;
    /** Left out: whoever reaches it may do everything. */
    readonly security?: SecurityProps;
  };

/** An Elasticsearch of one node, or a cluster of several. */
export function elasticsearch(
  scope: Construct,
  { clusterName, heap, nodes = 1, security: asked, ...props }: ElasticsearchProps,
): void {
  const security = asked && elasticsearchSecurity(asked, '/copy');
  const { mounts = [], script = [], volumes = [] } = security ?? {};
  statefulSet(scope, {
    ...props,
    name,
    replicas: nodes,
    env: [
      ...Object.entries({
        ...(nodes > 1 ? ofSeveral(nodes) : { 'discovery.type': 'single-node' }),
        'cluster.name': clusterName,
        // Needs no vm.max_map_count on the node, which a restricted pod cannot set.
        'node.store.allow_mmap': 'false',
        ...(security?.settings ?? { 'xpack.security.enabled': 'false' }),
        // Without the log of the garbage collector, which the image lets grow to 2 GiB.
        ES_JAVA_OPTS: `-Xms${heap}m -Xmx${heap}m -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags`,
      }).map(([variable, value]) => ({ name: variable, value })),
      ...(nodes > 1 ? [{ name: 'node.name', podField: 'metadata.name' }] : []),
    ],
    ports: { http: port, ...(nodes > 1 ? { transport: transportPort } : {}) },
    probes: {
      port,
      scheme: asked?.tls.clients ? 'HTTPS' : undefined,
      // Of several, one without a master is of no use to anybody.
      ready: nodes > 1 ? '/_cluster/health?master_timeout=3s' : '/_cluster/health?local=true',
      startSeconds: 300,
    },
    user: 1000,
    // The image's files belong to group 0.
    group: 0,
    ephemeralStorage: 512,
    // Its first start writes a keystore beside its configuration, which is read-only in the image.
    init: {
      name: 'copy-config',
      command: ['sh', '-c', [`cp -r ${home}/config/. /copy`, ...script].join(' && ')],
      env: security?.env,
      mounts: [{ name: 'config', mountPath: '/copy' }, ...mounts],
    },
    volumes: [
      { name: 'data', mountPath: `${home}/data`, source: 'claim' },
      emptyDirVolume('tmp', '/tmp', 128),
      emptyDirVolume('logs', `${home}/logs`, 128),
      emptyDirVolume('config', `${home}/config`, 16),
      ...volumes,
    ],
  });
}

/** How several find each other, and which of them elect the first master. */
const ofSeveral = (nodes: number): Record<string, string> => ({
  'discovery.seed_hosts': `${name}-pods`,
  'cluster.initial_master_nodes': Array.from({ length: nodes }, (_, index) => `${name}-${index}`).join(','),
});

import type { Construct } from 'constructs';
import { emptyDirVolume, type PodProps } from './pod.ts';
import { type StatefulSetProps, statefulSet } from './stateful-set.ts';

const name = 'elasticsearch';
const port = 9200;
const home = '/usr/share/elasticsearch';

type ElasticsearchProps = Pick<PodProps, 'image' | 'resources'> &
  Pick<StatefulSetProps, 'size' | 'storage'> & {
    readonly clusterName: string;
    /** MiB of the memory for Java; Lucene wants the rest for its files. */
    readonly heap: number;
  };

/** An Elasticsearch of one node, without a password. */
export function elasticsearch(scope: Construct, { clusterName, heap, ...props }: ElasticsearchProps): void {
  statefulSet(scope, {
    ...props,
    name,
    env: Object.entries({
      'discovery.type': 'single-node',
      'cluster.name': clusterName,
      // Needs no vm.max_map_count on the node, which a restricted pod cannot set.
      'node.store.allow_mmap': 'false',
      'xpack.security.enabled': 'false',
      // Without the log of the garbage collector, which the image lets grow to 2 GiB.
      ES_JAVA_OPTS: `-Xms${heap}m -Xmx${heap}m -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags`,
    }).map(([variable, value]) => ({ name: variable, value })),
    ports: { http: port },
    probes: { port, ready: '/_cluster/health?local=true', startSeconds: 300 },
    user: 1000,
    // The image's files belong to group 0.
    group: 0,
    ephemeralStorage: 512,
    // Its first start writes a keystore beside its configuration, which is read-only in the image.
    init: {
      name: 'copy-config',
      command: ['sh', '-c', `cp -r ${home}/config/. /copy`],
      mounts: [{ name: 'config', mountPath: '/copy' }],
    },
    volumes: [
      { name: 'data', mountPath: `${home}/data`, source: 'claim' },
      emptyDirVolume('tmp', '/tmp', 128),
      emptyDirVolume('logs', `${home}/logs`, 128),
      emptyDirVolume('config', `${home}/config`, 16),
    ],
  });
}

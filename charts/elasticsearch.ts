import type { Construct } from 'constructs';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';
import { statefulSet } from './lib/stateful-set.ts';

const name = 'elasticsearch';
const port = 9200;
const home = '/usr/share/elasticsearch';

/** A single-node Elasticsearch for Zipkin's spans; only Zipkin reaches it. */
export class ElasticsearchChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const resources = resourcesFor(config.profile, 'elasticsearch');
    // Half of the memory: Lucene wants the rest for its files.
    const heap = `${resources.limits.memory / 2}m`;
    statefulSet(this, {
      name,
      image: this.images.elasticsearch,
      env: Object.entries({
        'discovery.type': 'single-node',
        'cluster.name': 'zipkin',
        // Needs no vm.max_map_count on the node, which a restricted pod cannot set.
        'node.store.allow_mmap': 'false',
        'xpack.security.enabled': 'false',
        // Without the log of the garbage collector, which the image lets grow to 2 GiB.
        ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags`,
      }).map(([variable, value]) => ({ name: variable, value })),
      ports: { http: port },
      probes: { port, ready: '/_cluster/health?local=true', startSeconds: 300 },
      user: 1000,
      // The image's files belong to group 0.
      group: 0,
      resources,
      ephemeralStorage: 512,
      size: config.storage.elasticsearch,
      storage: config.storage,
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
    networkPolicy(this, { name, ingress: [{ from: ['zipkin'], port }] }, config.namespace);
  }
}

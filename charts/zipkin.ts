import type { Construct } from 'constructs';
import { namespaceOf } from '../model/output.ts';
import { deployment } from './lib/deployment.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

const name = 'zipkin';
const port = 9411;

/** Zipkin, on an Elasticsearch of its own: storing spans in the one under test would slow what is measured. */
export class ZipkinChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const resources = resourcesFor(config.profile, 'zipkin');
    const heap = `${resources.limits.memory / 2}m`;
    const senders = config.services.map(({ namespace }) => namespace);
    // By its namespace, because the Grafana Operator labels pods in a way of its own.
    if (config.output.mode === 'operator') senders.push(config.output.grafana.namespace);
    deployment(this, {
      name,
      image: this.images.zipkin,
      env: Object.entries({
        STORAGE_TYPE: 'elasticsearch',
        ES_HOSTS: 'http://elasticsearch:9200',
        ES_INDEX: 'zipkin',
        // One node has nowhere to put a replica.
        ES_INDEX_SHARDS: '1',
        ES_INDEX_REPLICAS: '0',
        // The heap the image chooses is sized for a laptop. The other half is for threads and network buffers.
        JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:+ExitOnOutOfMemoryError`,
      }).map(([variable, value]) => ({ name: variable, value })),
      ports: { http: port },
      // Not ready while its storage is away; alive as long as it answers.
      probes: { port, ready: '/health', startSeconds: 300 },
      user: 1000,
      resources,
      volumes: [emptyDirVolume('tmp', '/tmp', 128)],
    });
    networkPolicy(
      this,
      {
        name,
        ingress: [
          { from: ['prometheus'], namespace: namespaceOf('prometheus', config), port },
          ...(config.output.mode === 'plain' ? [{ from: ['grafana'], port }] : []),
        ],
        ingressNamespaces: [{ namespaces: [...new Set(senders)], port }],
        egress: [{ to: 'elasticsearch', port: 9200 }],
      },
      config.namespace,
    );
  }
}

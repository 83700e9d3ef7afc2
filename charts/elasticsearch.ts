import type { Construct } from 'constructs';
import {
  storageCertificate,
  storageInstance,
  storageName,
  storageNodes,
  storageSecret,
  storageUser,
} from '../model/tracing.ts';
import { elasticsearch, port, transportPort } from './lib/elasticsearch.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** Who reads and writes spans: Zipkin, what deletes old ones and what draws their graph, and who watches over it. */
const clients = ['zipkin', 'trace-retention', 'trace-links', `elasticsearch-exporter-${storageInstance}`];

/** An Elasticsearch of its own for Zipkin's spans. */
export class ElasticsearchChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const resources = resourcesFor(config.profile, 'elasticsearch');
    const nodes = storageNodes(config);
    const tls = { clients: config.tracing.tls, nodes: nodes > 1 };
    elasticsearch(this, {
      image: this.images.elasticsearch,
      clusterName: 'zipkin',
      heap: resources.limits.memory / 2,
      resources,
      size: config.storage.elasticsearch,
      storage: config.storage,
      nodes,
      security: {
        secret: storageSecret,
        username: storageUser,
        indices: `${config.tracing.index}*`,
        certificateSecret: tls.clients || tls.nodes ? storageCertificate : undefined,
        tls,
      },
    });
    networkPolicy(
      this,
      {
        name: storageName,
        ingress: [{ from: clients, port }, ...(nodes > 1 ? [{ from: [storageName], port: transportPort }] : [])],
        egress: nodes > 1 ? [{ to: storageName, port: transportPort }] : [],
      },
      config.namespace,
    );
  }
}

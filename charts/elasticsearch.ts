import type { Construct } from 'constructs';
import { elasticsearch } from './lib/elasticsearch.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/** A single-node Elasticsearch for Zipkin's spans; only Zipkin reaches it. */
export class ElasticsearchChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config } = props;
    const resources = resourcesFor(config.profile, 'elasticsearch');
    elasticsearch(this, {
      image: this.images.elasticsearch,
      clusterName: 'zipkin',
      heap: resources.limits.memory / 2,
      resources,
      size: config.storage.elasticsearch,
      storage: config.storage,
    });
    networkPolicy(this, { name: 'elasticsearch', ingress: [{ from: ['zipkin'], port: 9200 }] }, config.namespace);
  }
}

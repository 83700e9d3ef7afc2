import { type Alert, systemDown } from '../../model/alert.ts';
import type { Config } from '../../model/config.ts';
import { max, ruleWindow, select } from '../../model/promql.ts';
import { metrics } from './metrics.ts';
import { daysThatFit, floodStage, lowWatermark } from './trace-storage.ts';
import { disk, heap, rejections } from './use.ts';

/** What of Elasticsearch stops a load test, spoils its results, or loses the traces of it. */
export function alerts(config: Config, health: string): Alert[] {
  const window = ruleWindow(config);
  const { retentionDays } = config.tracing;
  return [
    systemDown('Elasticsearch', health),
    {
      alert: 'ElasticsearchRed',
      expr: `${max(select(metrics.status, { color: '=red' }), 'instance', 'cluster')} == 1`,
      for: '1m',
      severity: 'critical',
      summary: 'Elasticsearch {{ $labels.instance }} lacks data',
      description:
        'A primary shard of the cluster {{ $labels.cluster }} is on no node: searches find a part of what there is, and writes to it fail. Look for a node that is gone, then at the disk: `_cluster/allocation/explain` says which shard, and why.',
    },
    {
      alert: 'ElasticsearchRejecting',
      expr: `${rejections(window)} > 0`,
      for: '1m',
      severity: 'warning',
      summary: 'Elasticsearch {{ $labels.instance }} refuses requests of the kind {{ $labels.type }}',
      description:
        '{{ $value | printf "%.2f" }} requests per second find the queue full and are answered with 429: lost spans or failed searches, unless the client tries again. Each takes too long, or there are too many: look at the mean time, the CPU of its pods, then at the size of what is asked.',
    },
    {
      alert: 'ElasticsearchHeapHigh',
      expr: `${heap()} > 0.85`,
      // A heap fills up until it is collected: what does not go down for a while is in use.
      for: '3m',
      severity: 'warning',
      summary: 'Elasticsearch {{ $labels.instance }} is running out of heap',
      description:
        '{{ $value | humanizePercentage }} of the heap of a node stays in use. It collects garbage more and more, and from 95 % on its circuit breaker refuses requests: give it more heap, or make it hold fewer shards and smaller aggregations.',
    },
    {
      alert: 'ElasticsearchDiskFull',
      expr: `${disk()} > ${lowWatermark}`,
      for: '1m',
      severity: 'warning',
      summary: 'The disk of Elasticsearch {{ $labels.instance }} is filling up',
      description: `{{ $value | humanizePercentage }} of the disk of a node is in use. No new shard goes there, so an index of a new day may find no place; at ${floodStage * 100} % nothing can be written any more. Delete old indices, keep fewer days, or give it a larger volume.`,
    },
    {
      alert: 'ElasticsearchDiskFull',
      expr: `${disk()} > ${floodStage}`,
      for: '0s',
      severity: 'critical',
      summary: 'The disk of Elasticsearch {{ $labels.instance }} is full',
      description:
        '{{ $value | humanizePercentage }} of the disk of a node is in use, and its indices take no writes: new spans and new documents are refused. Delete old indices first; the block goes by itself when there is room again.',
    },
    {
      alert: 'TraceStorageTooSmall',
      expr: `${daysThatFit(config)} < ${retentionDays}`,
      for: '5m',
      severity: 'warning',
      summary: `The storage of spans is too small for ${retentionDays} days`,
      description: `If every day was like the largest, {{ $value | printf "%.1f" }} days would fit on the disk, and tracing.retentionDays is ${retentionDays}. Lower the share of requests that are traced, keep fewer days, or make the volume larger, before the disk is full and spans are lost.`,
    },
  ];
}

import type { Panel } from '../../model/panel.ts';
import { increase, max, rate, ratio, select, sum } from '../../model/promql.ts';
import { metrics } from './metrics.ts';
import { disk, heap } from './use.ts';

const pools = { type: '=~write|search' } as const;

/** What of Elasticsearch a person looks at. */
export const panels: readonly Panel[] = [
  {
    title: 'Elasticsearch: queue and rejections',
    description:
      'Requests that wait for a thread, and those that found the queue full. Search: each refused one is an error of a service. Write: of trace-storage it is lost spans, of the others lost documents.',
    type: 'timeseries',
    unit: 'short',
    boards: ['bottleneck'],
    queries: [
      { expr: sum(select(metrics.queue, pools), 'instance', 'type'), legend: '{{instance}} {{type}} queue' },
      { expr: sum(increase(metrics.rejected, pools), 'instance', 'type'), legend: '{{instance}} {{type}} rejected' },
    ],
  },
  {
    title: 'Elasticsearch: heap',
    description:
      'Of the node with the least left. It goes up until garbage is collected, and down again: what counts is how far down. Above 85 % there, circuit breakers refuse requests before long.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.75, critical: 0.85 },
    boards: ['bottleneck'],
    queries: [{ expr: heap(), legend: '{{instance}}' }],
  },
  {
    title: 'Elasticsearch: mean time of a search',
    description:
      'Of one shard, without the queue in front of it: a search of an index with five shards is five of these. Where it grows with the load, the node has too little CPU or memory for its files; where it does not, look at the queue.',
    type: 'timeseries',
    unit: 's',
    boards: ['bottleneck'],
    queries: [
      {
        expr: ratio(sum(rate(metrics.searchTime), 'instance'), sum(rate(metrics.searches), 'instance')),
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Searches and writes',
    description: 'Searches of shards, and documents that were written, copies too. It should follow the load.',
    type: 'timeseries',
    unit: 'ops',
    queries: [
      { expr: sum(rate(metrics.searches), 'instance'), legend: '{{instance}} searches' },
      { expr: sum(rate(metrics.writes), 'instance'), legend: '{{instance}} writes' },
    ],
  },
  {
    title: 'Mean time to write a document',
    description: 'Without the wait for the disk at the end of a request. Where it grows, look at CPU and merges.',
    type: 'timeseries',
    unit: 's',
    queries: [
      {
        expr: ratio(sum(rate(metrics.writeTime), 'instance'), sum(rate(metrics.writes), 'instance')),
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Disk in use',
    description:
      'Of the node with the fullest. Above 85 % no shard goes there, above 95 % nothing can be written to its indices.',
    type: 'timeseries',
    unit: 'percentunit',
    thresholds: { warning: 0.85, critical: 0.95 },
    queries: [{ expr: disk(), legend: '{{instance}}' }],
  },
  {
    title: 'Cluster status',
    description:
      'Yellow: a copy of a shard is on no node, which is normal for indices that want copies on a single node. Red: a shard itself is, and its data cannot be had.',
    type: 'timeseries',
    unit: 'none',
    queries: [
      {
        expr: max(select(metrics.status, { color: '=~yellow|red' }), 'instance', 'color'),
        legend: '{{instance}} {{color}}',
      },
    ],
  },
  {
    title: 'Nodes and shards without one',
    description: 'A node fewer than there should be, and shards without a node right after: it has left the cluster.',
    type: 'timeseries',
    unit: 'short',
    queries: [
      { expr: max(select(metrics.unassigned), 'instance'), legend: '{{instance}} shards without a node' },
      { expr: max(select(metrics.nodes), 'instance'), legend: '{{instance}} nodes' },
    ],
  },
];

import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter } from '../model/metric.ts';
import { rate, ratio, sum } from '../model/promql.ts';
import type { Target } from '../model/target.ts';

const labels = ['job', 'instance', 'transport'] as const;
/** Of the requests that Zipkin sends to its Elasticsearch; `service` is what Zipkin calls it. */
const storage = ['job', 'instance', 'service', 'method', 'http_status'] as const;

const metrics = {
  spans: counter('zipkin_collector_spans_total', labels, 'Spans received.'),
  spansDropped: counter('zipkin_collector_spans_dropped_total', labels, 'Spans that storage did not take.'),
  messages: counter('zipkin_collector_messages_total', labels, 'Messages received, each with some spans.'),
  messagesDropped: counter('zipkin_collector_messages_dropped_total', labels, 'Messages that could not be read.'),
  storageRequests: counter('elasticsearch_requests_total', [...storage, 'result'], 'Requests to Elasticsearch.'),
  storageTime: counter('elasticsearch_total_duration_seconds_sum', storage, 'Time until Elasticsearch answered.'),
  storageCount: counter('elasticsearch_total_duration_seconds_count', storage, 'Answers of Elasticsearch.'),
};

/** Zipkin, which speaks Prometheus itself. */
export const zipkin = (_: Config): Target => ({
  name: 'zipkin',
  title: 'Zipkin',
  metrics,
  scrape: {
    discovery: { kind: 'static', address: { host: 'zipkin', port: 9411 }, instance: 'zipkin' },
    path: '/prometheus',
  },
  panels: [
    {
      title: 'Spans received and dropped',
      description:
        'Zipkin answers 202 before it stores: a storage that fails shows here and nowhere else. Dropped spans are traces with holes, not errors of the services.',
      type: 'timeseries',
      unit: 'cps',
      boards: ['bottleneck'],
      row: 'Tracing and monitoring',
      queries: [
        { expr: sum(rate(metrics.spans), 'transport'), legend: '{{transport}}' },
        { expr: sum(rate(metrics.spansDropped), 'transport'), legend: '{{transport}} dropped' },
      ],
    },
    {
      title: 'Messages received and dropped',
      description:
        'Services send spans some at a time. Dropped ones could not be read: a reporter that speaks another format.',
      type: 'timeseries',
      unit: 'cps',
      queries: [
        { expr: sum(rate(metrics.messages), 'transport'), legend: '{{transport}}' },
        { expr: sum(rate(metrics.messagesDropped), 'transport'), legend: '{{transport}} dropped' },
      ],
    },
    {
      title: 'Time of the storage',
      description:
        'Mean time until Elasticsearch answered Zipkin. Where it grows with the load, lower the sampling rate or give Elasticsearch more.',
      type: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: ratio(sum(rate(metrics.storageTime), 'method'), sum(rate(metrics.storageCount), 'method')),
          legend: '{{method}}',
        },
      ],
    },
    {
      title: 'Failed requests to the storage',
      description: 'Requests per second that Elasticsearch refused or did not answer. Each is some hundred spans.',
      type: 'timeseries',
      unit: 'reqps',
      thresholds: none,
      queries: [
        {
          expr: sum(rate(metrics.storageRequests, { result: '!=success' }), 'instance'),
          legend: 'failed',
        },
      ],
    },
  ],
});

import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter } from '../model/metric.ts';
import { rate, ratio, ruleWindow, sum } from '../model/promql.ts';
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

/** When traces have holes, for a reason that is not in the services. */
function alerts(config: Config): Alert[] {
  const window = ruleWindow(config);
  /** Of storing; the other requests are those of people who search. */
  const stored = { method: '=index-span' } as const;
  const timeOf = (part: 'storageTime' | 'storageCount') => sum(rate(metrics[part], stored, window), 'instance');
  return [
    {
      alert: 'ZipkinStorageErrors',
      // Not of messages dropped, nor of the status it answers: both stay as they are when only the storage fails.
      expr: `${rate(metrics.spansDropped, {}, window)} > 0`,
      for: '1m',
      severity: 'warning',
      summary: 'Zipkin {{ $labels.instance }} cannot store spans',
      description:
        '{{ $value | printf "%.1f" }} spans per second are lost, so traces of this time have holes; the services do not notice. Look at the pod of Elasticsearch: its disk, its memory, its log.',
    },
    {
      alert: 'ZipkinMessagesDropped',
      expr: `${rate(metrics.messagesDropped, {}, window)} > 0`,
      for: '1m',
      severity: 'warning',
      summary: 'Zipkin {{ $labels.instance }} cannot read what some service sends',
      description:
        '{{ $value | printf "%.2f" }} messages per second by {{ $labels.transport }} are in no format that it knows, and their spans are lost. Look at what was deployed last: a reporter with another encoding, or one that is cut off while it sends.',
    },
    {
      alert: 'ZipkinStorageSlow',
      // A fifth of the ten seconds after which Zipkin gives a request up, and its spans with it.
      expr: `${ratio(timeOf('storageTime'), timeOf('storageCount'))} > 2`,
      for: '1m',
      severity: 'warning',
      summary: 'The storage of Zipkin {{ $labels.instance }} is slow',
      description:
        'Elasticsearch takes {{ $value | humanizeDuration }} to store what Zipkin sends, on average. At ten seconds spans are lost. Lower the share of requests that services trace, or give Elasticsearch more.',
    },
  ];
}

/** Zipkin, which speaks Prometheus itself. */
export const zipkin = (config: Config): Target => ({
  name: 'zipkin',
  title: 'Zipkin',
  metrics,
  scrape: {
    discovery: { kind: 'static', address: { host: 'zipkin', port: 9411 }, instance: 'zipkin' },
    path: '/prometheus',
  },
  alerts: alerts(config),
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

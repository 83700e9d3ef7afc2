import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { none } from '../model/limits.ts';
import { counter, gauge } from '../model/metric.ts';
import type { Panel } from '../model/panel.ts';
import { increase, max, rate, ratio, ruleWindow, select, sum } from '../model/promql.ts';
import type { Scrape, Target } from '../model/target.ts';
import { storageThrottle, zipkinPods } from '../model/tracing.ts';
import { storagePanels } from './elasticsearch/trace-storage-panels.ts';

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

const ofThrottle = ['job', 'instance'] as const;
/** Where Zipkin sends only as much as its storage takes. */
const throttle = {
  queue: gauge('zipkin_storage_throttle_queue_size', ofThrottle, 'Messages that wait to be stored.'),
  concurrency: gauge('zipkin_storage_throttle_concurrency', ofThrottle, 'Requests to storage at once, at most.'),
  refused: counter('zipkin_storage_throttle_requests_dropped_total', ofThrottle, 'Requests that storage refused.'),
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
    ...(config.tracing.throttle ? [throttled(config)] : []),
  ];
}

function throttled(config: Config): Alert {
  const { queue } = storageThrottle(config);
  return {
    alert: 'ZipkinStorageThrottled',
    // When it is full, spans are lost.
    expr: `${select(throttle.queue)} > ${queue / 2}`,
    for: '1m',
    severity: 'warning',
    summary: 'The storage of Zipkin {{ $labels.instance }} does not keep up',
    description: `{{ $value | printf "%.0f" }} messages wait to be stored. When ${queue} do, the spans of the next ones are lost. Elasticsearch takes fewer than services send: lower the share of requests that are traced, or give it more.`,
  };
}

const throttlePanel: Panel = {
  title: 'Throttle of the storage',
  description:
    'Zipkin finds out how many requests at once its storage takes. Messages that wait are stored later; a queue that only grows means more spans than Elasticsearch can take. Refused is what it answered with 429: those spans are lost.',
  type: 'timeseries',
  unit: 'short',
  queries: [
    { expr: max(select(throttle.queue), 'instance'), legend: 'messages that wait' },
    { expr: max(select(throttle.concurrency), 'instance'), legend: 'requests at once' },
    { expr: sum(increase(throttle.refused), 'instance'), legend: 'requests refused' },
  ],
};

/** Of several pods each is asked, since each counts what it got itself. */
const found = (config: Config): Pick<Scrape, 'discovery' | 'relabel'> =>
  zipkinPods(config) === 1
    ? { discovery: { kind: 'static', address: { host: 'zipkin', port: 9411 }, instance: 'zipkin' } }
    : {
        discovery: { kind: 'pods', namespaces: [config.namespace] },
        relabel: [
          {
            source_labels: [
              '__meta_kubernetes_pod_label_app_kubernetes_io_name',
              '__meta_kubernetes_pod_container_port_name',
            ],
            regex: 'zipkin;http',
            action: 'keep',
          },
          // Finished pods keep their address for a while and would read as down.
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed', action: 'drop' },
          { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'instance' },
        ],
      };

/** Zipkin, which speaks Prometheus itself. */
export const zipkin = (config: Config): Target => ({
  name: 'zipkin',
  title: 'Zipkin',
  metrics: config.tracing.throttle ? { ...metrics, ...throttle } : metrics,
  scrape: { path: '/prometheus', ...found(config) },
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
    ...(config.tracing.throttle ? [throttlePanel] : []),
    ...storagePanels(config),
  ],
});

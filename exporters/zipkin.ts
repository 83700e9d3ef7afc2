import type { Config } from '../model/config.ts';
import { counter } from '../model/metric.ts';
import type { Target } from '../model/target.ts';

const labels = ['job', 'instance', 'transport'] as const;

/** Zipkin, which speaks Prometheus itself. */
export const zipkin = (_: Config): Target => ({
  name: 'zipkin',
  metrics: {
    spans: counter('zipkin_collector_spans_total', labels, 'Spans received.'),
    spansDropped: counter('zipkin_collector_spans_dropped_total', labels, 'Spans that storage did not take.'),
  },
  scrape: {
    discovery: { kind: 'static', address: { host: 'zipkin', port: 9411 }, instance: 'zipkin' },
    path: '/prometheus',
  },
});

import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { pino } from 'pino';
import { Meters } from '../../demo/lib/meters.ts';
import type { Telemetry } from '../../demo/lib/telemetry.ts';

/** Telemetry that keeps its spans, and what it exposes to Prometheus. */
export function testTelemetry(service = 'test-service') {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  const telemetry: Telemetry = {
    service,
    meters: new Meters(service),
    tracer: provider.getTracer('test'),
    log: pino({ level: 'silent' }),
    close: () => provider.shutdown(),
  };
  /** The samples of a metric, each as its line, with the labels in alphabetical order. */
  const samples = async (metric: string) =>
    (await telemetry.meters.registry.metrics()).split('\n').flatMap((line) => {
      const [, labels = '', value] = new RegExp(`^${metric}\\{(.*)\\} (\\S+)$`).exec(line) ?? [];
      return value === undefined ? [] : [`${metric}{${labels.split(',').sort().join()}} ${value}`];
    });
  return { telemetry, spans, samples };
}

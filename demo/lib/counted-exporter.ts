import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Counter } from 'prom-client';

/** What OpenTelemetry calls success. */
const success = 0;

/**
 * Counts the spans that an exporter could not send, which nobody else does: OpenTelemetry lets them go, and Zipkin counts only
 * what reached it. The name is that of Zipkin's own reporter for Java.
 */
export class CountedExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #dropped: Counter;

  constructor(exporter: SpanExporter, dropped: Counter) {
    this.#exporter = exporter;
    this.#dropped = dropped;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.#exporter.export(spans, (result) => {
      if (result.code !== success) this.#dropped.inc(spans.length);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.#exporter.forceFlush?.();
  }
}

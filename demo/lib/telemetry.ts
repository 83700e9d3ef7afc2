import type { Tracer } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';
import { Meters } from './meters.ts';
import { measureRuntime } from './runtime-meters.ts';
import { setting } from './settings.ts';
import { startTracing } from './tracing.ts';

/** How a service is seen from outside. */
export interface Telemetry {
  /** Name of the service. */
  readonly service: string;
  readonly meters: Meters;
  readonly tracer: Tracer;
  readonly log: Logger;
  /** Sends the spans that are left. */
  close(): Promise<void>;
}

export function startTelemetry(service: string): Telemetry {
  const meters = new Meters(service);
  measureRuntime(meters);
  const dropped = meters.counter('zipkin_reporter_spans_dropped_total', 'Spans that could not be sent to Zipkin.');
  const ratio = Number(setting('TRACE_RATIO', '0.1'));
  const { tracer, close } = startTracing(service, setting('ZIPKIN_URL'), ratio, dropped);
  return { service, meters, tracer, log: logger(service), close };
}

/** JSON lines that carry the ids of the running trace. */
const logger = (service: string): Logger =>
  pino({
    level: setting('LOG_LEVEL', 'info'),
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level) => ({ level }) },
    mixin() {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { traceId: span.traceId, spanId: span.spanId } : {};
    },
  });

import {
  type Attributes,
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is not sent yet. */
  close(): Promise<void>;
}

/**
 * Spans to Zipkin. A caller's B3 headers decide whether a request is traced; without them a share of the
 * requests is.
 *
 * @param url base URL of Zipkin
 * @param ratio from 0 to 1
 */
export function startTracing(service: string, url: string, ratio: number): Tracing {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new ZipkinExporter({ url: `${url}/api/v2/spans` }) })],
  });
  return { tracer: provider.getTracer('shop'), close: () => provider.shutdown() };
}

// Brave writes several headers to HTTP and a single one to messages; both are read everywhere.
const http = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
const message = new B3Propagator();

/** The trace that the headers of a request or message belong to. */
export const extracted = (headers: Readonly<Record<string, unknown>>): Context =>
  http.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);

/** Headers that carry the running trace to another service. */
export function httpHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  http.inject(context.active(), headers, defaultTextMapSetter);
  return headers;
}

/** Headers that carry the running trace into a message. */
export function messageHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  message.inject(context.active(), headers, defaultTextMapSetter);
  return headers;
}

/** Runs something as a span of the running trace. */
export async function traced<T>(
  tracer: Tracer,
  { name, kind = SpanKind.CLIENT, attributes = {}, parent = context.active() }: SpanProps,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, { kind, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
    throw error;
  } finally {
    span.end();
  }
}

interface SpanProps {
  readonly name: string;
  /** @default SpanKind.CLIENT */
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** @default the running one */
  readonly parent?: Context;
}

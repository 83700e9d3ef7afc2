import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
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
import type { Counter } from 'prom-client';
import { endpointField, testidField } from '../../model/baggage.ts';
import { CountedExporter } from './counted-exporter.ts';

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
 * @param dropped counts the spans that could not be sent
 */
export function startTracing(service: string, url: string, ratio: number, dropped: Counter): Tracing {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exporter = new CountedExporter(new ZipkinExporter({ url: `${url}/api/v2/spans` }), dropped);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  return { tracer: provider.getTracer('shop'), close: () => provider.shutdown() };
}

// Brave writes several headers to HTTP and a single one to messages; both are read everywhere.
const http = new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
const message = new B3Propagator();

/**
 * What a load test says of itself: it is handed on with the trace, and is a tag of the spans of who takes a request or message,
 * as Spring Boot does with `remote-fields` and `tag-fields`. So long that both fit into a row of the outbox.
 */
const baggageFields: Readonly<Record<string, RegExp>> = {
  [testidField]: /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  [endpointField]: /^\w{1,30}$/,
};

const baggageKey = createContextKey('baggage');

/** The baggage of a context, as headers and as tags. */
export const baggageOf = (of: Context) => (of.getValue(baggageKey) ?? {}) as Readonly<Record<string, string>>;

/** The trace that the headers of a request or message belong to, and its baggage. */
export function extracted(headers: Readonly<Record<string, unknown>>): Context {
  const found = http.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const baggage = Object.entries(baggageFields).flatMap(([name, pattern]) => {
    const value = headers[name];
    return typeof value === 'string' && pattern.test(value) ? [[name, value]] : [];
  });
  return (isRefused(headers) && !trace.getSpanContext(found) ? untraced(found) : found).setValue(
    baggageKey,
    Object.fromEntries(baggage),
  );
}

/** Whether a caller has decided against a trace. The decision may come alone, which OpenTelemetry does not read. */
const isRefused = (headers: Readonly<Record<string, unknown>>) =>
  headers.b3 === '0' || headers['x-b3-sampled'] === '0' || headers['x-b3-sampled'] === 'false';

const untraced = (of: Context) =>
  trace.setSpanContext(of, {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.NONE,
    isRemote: true,
  });

/** Headers that carry the running trace to another service. */
export const httpHeaders = (): Record<string, string> => injected(http);

/** Headers that carry the running trace into a message. */
export const messageHeaders = (): Record<string, string> => injected(message);

function injected(propagator: B3Propagator): Record<string, string> {
  const headers = { ...baggageOf(context.active()) };
  propagator.inject(context.active(), headers, defaultTextMapSetter);
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

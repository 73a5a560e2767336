import type { Attributes, Span } from '@opentelemetry/api';
import { currentContext, runInContext, type RequestContext } from './context';
import type { PlatformConfig } from './platform.config';
import type { Tracing } from './tracing-sdk';

/** As in OpenTelemetry: who is asked, who asks, who leaves work behind, who takes it up, and what happens in between. */
export type SpanRole = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

/** Of which trace something is: what is under way in this process, or what caused it in another. */
export type Traced = Pick<RequestContext, 'span' | 'traceparent'>;

export interface SpanOptions {
  role: SpanRole;
  attributes?: Attributes;
  /** It begins a trace where there is none: only what people wait for does, or traces would be full of housekeeping. */
  root?: boolean;
  /** What else it was done for. */
  links?: Traced[];
}

/**
 * Undefined unless traces are wanted, so that a hot path pays for one look at a variable: `tracing?.begin(…)`. The SDK is
 * not even loaded then.
 */
export let tracing: Tracing | undefined;

/** Before anything that is to be traced is made. Without `OTEL_EXPORTER_OTLP_ENDPOINT` nothing happens. */
export function startTracing(service: string, settings: PlatformConfig): void {
  if (settings.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes its time to load, and mostly nobody wants it
  const sdk = require('./tracing-sdk') as typeof import('./tracing-sdk');
  tracing = new sdk.Tracing(service, settings.OTEL_TRACES_SAMPLER_ARG);
}

/** Runs work in this context, as a span of its trace where there is one. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  context: RequestContext,
  work: () => Promise<T>,
): Promise<T> {
  const span = tracing?.begin(name, options, context);
  if (!span) return runInContext(context, work);
  const ended = (error?: unknown) => tracing!.end(span, error);
  const running = runInContext({ ...context, span }, work);
  running.then(() => ended(), ended);
  return running;
}

/** What travels on, so that what is caused elsewhere is of the same trace (W3C Trace Context). */
export function traceparentOf(context: Traced | undefined = currentContext()): string | undefined {
  return context?.span ? asTraceparent(context.span) : context?.traceparent;
}

/** Undefined where nothing is traced. */
export function traceIdOf({ span, traceparent }: Traced): string | undefined {
  return span?.spanContext().traceId ?? traceparent?.split('-')[1];
}

export function asTraceparent(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}

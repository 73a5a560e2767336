import { Logger } from '@nestjs/common';
import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { problemOf } from './problems';
import type { SpanOptions, SpanRole, Traced } from './tracing';

/** What has ended leaves after so many ms. */
const EXPORT_EVERY_MS = 1_000;
/** What is lost because nobody takes it is said once in so many ms. */
const COMPLAIN_EVERY_MS = 60_000;
/** How long a process that ends waits for its last spans to be taken, in ms. */
const LAST_SPANS_MS = 1_000;

const kinds: Record<SpanRole, SpanKind> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/**
 * Makes the spans of this process and sends them by OTLP, as JSON over HTTP. What is under way is kept in the context of
 * the request, so that there is one answer to "on whose behalf?". Where to and with which headers the exporter reads
 * from the environment, as OpenTelemetry lays down.
 */
export class Tracing {
  private readonly provider: TracerProvider;
  private readonly tracer;

  constructor(service: string, share: number) {
    sayWhatIsLost();
    this.provider = new TracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': service, 'process.pid': process.pid }))
        .merge(detectResources({ detectors: [envDetector] })),
      // Who was asked by others goes by what they decided: a trace is whole or not at all.
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: EXPORT_EVERY_MS }),
      ],
    });
    this.tracer = this.provider.getTracer('order-suite');
  }

  /** Undefined where there is nothing that it could be a part of, unless it is to begin a trace. */
  begin(name: string, { role, attributes, root, links = [] }: SpanOptions, cause: Traced): Span | undefined {
    const parent = placeOf(cause);
    if (!parent && !root) return undefined;
    const linked = links.map(placeOf).filter((place) => place !== undefined);
    const options = { kind: kinds[role], attributes, links: linked.map((context) => ({ context })) };
    return this.tracer.startSpan(name, options, parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
  }

  /** A refusal is an answer like any other; weather and what is broken are errors. */
  end(span: Span, error?: unknown): void {
    if (error !== undefined) {
      const { code, kind } = problemOf(error);
      span.setAttribute('error.type', code);
      if (kind !== 'refused') span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    }
    span.end();
  }

  async close(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_SPANS_MS).unref());
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
  }
}

/** Undefined as well for what is no valid `traceparent`: then the trace begins here. */
const placeOf = ({ span, traceparent }: Traced) =>
  span?.spanContext() ?? (traceparent === undefined ? undefined : remote(traceparent));

function remote(traceparent: string) {
  const place = parseTraceParent(traceparent);
  return place && trace.isSpanContextValid(place) ? { ...place, isRemote: true } : undefined;
}

/** That spans are lost is a warning: it is those who watch that are blind, and nobody who shops notices. */
function sayWhatIsLost(): void {
  const log = new Logger('tracing');
  let quietUntil = 0;
  const say = (text: string) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + COMPLAIN_EVERY_MS;
    log.warn(`Spans are lost: ${text}`);
  };
  const nothing = () => undefined;
  diag.setLogger({ error: say, warn: say, info: nothing, debug: nothing, verbose: nothing }, DiagLogLevel.WARN);
}

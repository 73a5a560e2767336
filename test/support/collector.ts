import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A span as the collector got it: OTLP's JSON, with what tests ask for made plain. */
export interface CollectedSpan {
  service: string;
  name: string;
  /** `SERVER`, `CLIENT` and so on. */
  kind: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, unknown>;
  /** Ids of the traces that are linked. */
  links: string[];
  error: boolean;
  startedAt: number;
  ms: number;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: Attribute[];
  links?: { traceId: string }[];
  status?: { code?: number };
}

interface OtlpTraces {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const ERROR = 2;

/** Where traces go in a test: whoever speaks OTLP by HTTP and JSON may send here. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** How often somebody has sent something. */
  received = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        this.received++;
        if (request.url === '/v1/traces') this.spans.push(...spansIn(JSON.parse(text) as OtlpTraces));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get environment(): NodeJS.ProcessEnv {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  /** All of one trace, in the order in which it began. */
  trace(traceId: string): CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId).sort((a, b) => a.startedAt - b.startedAt);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** `who: what`, from the first of the trace down to this one. */
export function lineage(trace: CollectedSpan[], span: CollectedSpan | undefined): string[] {
  if (!span) return [];
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return [...lineage(trace, parent), `${span.service}: ${span.name}`];
}

const spansIn = ({ resourceSpans }: OtlpTraces): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => collected(service, span)));
  });

function collected(service: string, span: OtlpSpan): CollectedSpan {
  const { name, kind, traceId, spanId, parentSpanId, attributes = [], links = [], status } = span;
  const [from, to] = [span.startTimeUnixNano, span.endTimeUnixNano].map((nano) => Number(nano) / 1e6);
  return {
    ...{ service, name, kind: KINDS[kind], traceId, spanId, parentSpanId },
    attributes: valuesOf(attributes),
    links: links.map((link) => link.traceId),
    error: status?.code === ERROR,
    startedAt: from,
    ms: Math.round((to - from) * 1e3) / 1e3,
  };
}

const valuesOf = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '@suite/contracts';
import { Collector, lineage, type CollectedSpan } from '../support/collector';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { GatewayProcess, makeToken, START_MS, type Answer } from '../support/gateways';
import { oneOf, OrderSuite } from '../support/orders';
import { Service } from '../support/service';
import { newId, someProduct } from '../support/stock';

/** What a test leaves for people to look at. */
const SHOWN = '.data/observability';
/** Who asked, before the trace comes to the gateway. */
const PARENT = randomBytes(8).toString('hex');
const newTraceId = () => randomBytes(16).toString('hex');
const traceparent = (traceId: string, flags = '01') => `00-${traceId}-${PARENT}-${flags}`;

let collector: Collector;
let suite: OrderSuite;
let gateway: GatewayProcess;
let notifications: Service;
let product: Product;
let metricsPort: number;

beforeAll(async () => {
  [collector, suite, metricsPort] = await Promise.all([Collector.start(), OrderSuite.start(), freePort()]);
  const traced = collector.environment;
  const environment = { ...suite.wires.environment, ...traced, MAIL_ENABLED: 'false' };
  [gateway, notifications] = await Promise.all([
    GatewayProcess.start(suite.wires, traced),
    Service.start('apps/notifications/src/main.ts', environment),
    suite.add('stock', { ...traced, INTERNAL_PORT: String(metricsPort), INTERNAL_HOST: '127.0.0.1' }),
    suite.add('orders', traced),
    suite.add('processor', traced),
  ]);
  product = await someProduct(suite.wires, { initialStock: 1_000 });
}, START_MS);
afterAll(async () => {
  await Promise.all([gateway.stop(), notifications.stop()]);
  await suite.stop();
  await collector.stop();
});

const order = (headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.post('/orders', oneOf(product), { token: makeToken({ sub: newId() }), headers });

const idIn = ({ headers }: Answer): string => (headers.location as string).split('/').at(-1)!;

/** The trace, once this span is in it, as often as that. */
const traceWith = (traceId: string, name: string, times = 1): Promise<CollectedSpan[]> =>
  eventually(
    () => {
      const trace = collector.trace(traceId);
      const found = trace.filter((span) => span.name === name).length;
      if (found < times) throw new Error(`${name} is only ${found} times in trace ${traceId}`);
      return trace;
    },
    { timeoutMs: 20_000 },
  );

/** The trace, once each process has sent what it knows: spans come in batches, those of one process before another's. */
async function wholeTrace(traceId: string): Promise<CollectedSpan[]> {
  // That it was placed, and that it is confirmed.
  await traceWith(traceId, 'hear orders.changed', 2);
  return eventually(
    () => {
      const trace = collector.trace(traceId);
      const isKnown = (id?: string) => id === PARENT || trace.some(({ spanId }) => spanId === id);
      expect(trace.filter(({ parentSpanId }) => !isKnown(parentSpanId)).map(({ name }) => name)).toEqual([]);
      return trace;
    },
    { timeoutMs: 20_000 },
  );
}

const keep = (name: string, text: string) => {
  mkdirSync(SHOWN, { recursive: true });
  writeFileSync(join(SHOWN, name), text);
};

describe('one order', () => {
  const traceId = newTraceId();
  let trace: CollectedSpan[];
  const named = (service: string, name: string) => trace.find((span) => span.service === service && span.name === name);
  const lineageOf = (service: string, name: string) => lineage(trace, named(service, name));

  beforeAll(async () => {
    const placed = await order({ traceparent: traceparent(traceId) });
    await suite.ended(idIn(placed));
    trace = await wholeTrace(traceId);
    keep('trace-of-one-order.json', `${JSON.stringify(trace, undefined, 2)}\n`);
  });

  it('is one trace, which goes on where the client began it', () => {
    const roots = trace.filter(({ parentSpanId }) => !trace.some(({ spanId }) => spanId === parentSpanId));
    expect(roots.map(({ service, name, parentSpanId }) => ({ service, name, parentSpanId }))).toEqual([
      { service: 'gateway', name: 'POST /orders', parentSpanId: PARENT },
    ]);
    expect(roots[0]).toMatchObject({ kind: 'SERVER', error: false });
    expect(roots[0].attributes).toMatchObject({ 'http.route': '/orders', 'http.response.status_code': 201 });
  });

  it('goes from the door through the transport to the offer and to the write that accepts it', () => {
    const accepting = ['gateway: POST /orders', 'gateway: ask orders.place', 'orders: answer orders.place'];
    expect(lineageOf('orders', 'insert orders')).toEqual([
      ...accepting,
      'orders: batch orders',
      'orders: insert orders',
    ]);
    expect(lineageOf('stock', 'answer stock.offers')).toEqual([
      ...accepting,
      'orders: batch quotes',
      'orders: ask stock.offers',
      'stock: answer stock.offers',
    ]);
  });

  it('goes from there through the job to the transaction that takes its stock', () => {
    expect(lineageOf('stock', 'commitTransaction')).toEqual([
      ...['gateway: POST /orders', 'gateway: ask orders.place', 'orders: answer orders.place'],
      ...['processor: process order', 'processor: batch reservations', 'processor: ask stock.reserve'],
      'stock: answer stock.reserve',
      ...['stock: batch ledger', 'stock: commitTransaction'],
    ]);
    expect(named('processor', 'process order')).toMatchObject({ kind: 'CONSUMER' });
  });

  it('goes on to whoever hears of it', () => {
    const told = trace.filter(({ name }) => name === 'tell orders.changed').map(({ service }) => service);
    expect(told).toEqual(expect.arrayContaining(['orders', 'processor']));
    const heard = trace.filter(({ service, name }) => service === 'notifications' && name === 'hear orders.changed');
    for (const span of heard) expect(lineage(trace, span).at(-2)).toMatch(/: tell orders.changed$/);
  });

  it('shows no filter, no document and nobody’s name', () => {
    expect(JSON.stringify(trace)).not.toMatch(/example\.com|Sencha/);
  });

  it('is in the logs, and its processes can be scraped', async () => {
    const answer = await gateway.get('/orders/nonsense', { headers: { traceparent: traceparent(traceId) } });
    expect(answer.json).toMatchObject({ code: 'UNAUTHORIZED', traceId });
    await eventually(() => expect(gateway.service.log).toContain(`"traceId":"${traceId}"`));
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    expect(text).toContain('transport_handled_total{message="stock.reserve",outcome="ok"}');
    keep('metrics-of-stock.txt', text);
  });
});

describe('a traceparent', () => {
  it.each([
    ['none', {}],
    ['one that is no valid one', { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }],
    ['nonsense', { traceparent: 'x'.repeat(500) }],
  ])('begins with us where the client has %s', async (_what, headers) => {
    const answer = await gateway.get('/orders/nonsense', { headers: headers });
    expect(answer.json.traceId).toMatch(/^(?!0{32})[\da-f]{32}$/);
    const [span] = await traceWith(answer.json.traceId as string, 'GET /orders/:id');
    expect(span.parentSpanId ?? '').toBe('');
  });

  it('of somebody who does not want a trace is followed: none is kept', async () => {
    const [unwanted, wanted] = [newTraceId(), newTraceId()];
    expect((await order({ traceparent: traceparent(unwanted, '00') })).status).toBe(201);
    await suite.ended(idIn(await order({ traceparent: traceparent(wanted) })));
    await traceWith(wanted, 'process order');
    expect(collector.trace(unwanted)).toEqual([]);
  });
});

it('orders that are written together are linked to each other', async () => {
  const ids = Array.from({ length: 60 }, newTraceId);
  const placed = await Promise.all(ids.map((traceId) => order({ traceparent: traceparent(traceId) })));
  expect(new Set(placed.map(({ status }) => status))).toEqual(new Set([201]));
  await eventually(() => {
    const together = collector.spans.find(
      ({ name, links, traceId }) => name === 'batch orders' && links.length > 0 && ids.includes(traceId),
    );
    expect(together).toBeDefined();
    expect(together!.links.every((linked) => ids.includes(linked))).toBe(true);
    expect(together!.attributes['batch.size']).toBe(together!.links.length + 1);
  });
});

/** How many files of OpenTelemetry a process has loaded, beyond its bare interface. */
function loadedBy(endpoint: string): number {
  const script = `
    const { PlatformConfig, startTracing } = require('@suite/platform');
    startTracing('test', Object.assign(new PlatformConfig(), { OTEL_EXPORTER_OTLP_ENDPOINT: ${endpoint} }));
    console.log(Object.keys(require.cache).filter((file) => /@opentelemetry.(?!api)/.test(file)).length);
    process.exit();`;
  const args = ['--require', './test/support/typescript.js', '--eval', script];
  return Number(execFileSync(process.execPath, args, { cwd: join(__dirname, '../..'), encoding: 'utf8' }));
}

describe('without a collector', () => {
  it('the SDK is not even loaded', () => {
    expect(loadedBy('undefined')).toBe(0);
    expect(loadedBy('"http://127.0.0.1:4318"')).toBeGreaterThan(10);
  });

  it('nothing is traced, and the client’s traceparent changes nothing', async () => {
    const untraced = await GatewayProcess.start(suite.wires);
    const { json } = await untraced.get('/orders/nonsense', { headers: { traceparent: traceparent(newTraceId()) } });
    expect(json).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(json).not.toHaveProperty('traceId');
    await untraced.stop();
  });

  it('that answers, everything goes on, and it is said once', async () => {
    const nobody = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` };
    const alone = await GatewayProcess.start(suite.wires, nobody);
    expect((await alone.get('/orders/nonsense')).status).toBe(401);
    await eventually(() => expect(alone.service.log).toContain('Spans are lost'), { timeoutMs: 20_000 });
    expect(await alone.stop()).toBe(0);
  });
});

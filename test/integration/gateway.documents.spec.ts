import { problems } from '@suite/contracts';
import { START_MS, GatewayProcess, makeToken } from '../support/gateways';
import type { OpenApi } from '../support/openapi';
import { openWires, type Wires } from '../support/wires';

let wires: Wires;
let gateway: GatewayProcess;
let document: OpenApi;

beforeAll(async () => {
  wires = await openWires();
  gateway = await GatewayProcess.start(wires);
  document = (await gateway.get('/api/docs-json')).json as unknown as OpenApi;
}, START_MS);
afterAll(async () => {
  await gateway.stop();
  await wires.close();
});

interface Described {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: { pattern?: string } }[];
  security?: object[];
  requestBody?: { required?: boolean; content: Record<string, { schema: { $ref: string } }> };
  responses: Record<string, { content?: Record<string, { examples?: Record<string, { value: { code: string } }> }> }>;
}

/** What each of them may be, and may not. */
const headerForms: [string[], string[], string][] = [
  [['tea 1', '~'.repeat(255)], ['', 'é', '~'.repeat(256)], 'Idempotency-Key'],
  [['"3"', '"3-120"', '*'], ['', '3', '"tea"'], 'If-Match'],
];

const operations = (): [string, Described][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]): [string, Described] => [`${method} ${path}`, it as never]),
  );
const codesOf = ({ responses }: Described): string[] =>
  Object.values(responses).flatMap(({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}));

describe('the document', () => {
  it('is OpenAPI 3.1 in which every reference leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
      expect([reference, typeof found]).toEqual([reference, 'object']);
    }
  });

  it('names every operation once and every parameter of every path', () => {
    const ids = operations().map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [call, { parameters = [] }] of operations()) {
      const declared = parameters.filter((one) => one.in === 'path' && one.required).map(({ name }) => name);
      expect([call, declared]).toEqual([call, [...call.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
    }
  });

  it('has no path twice: /order is told of, not listed', () => {
    expect(Object.keys(document.paths).filter((path) => /^\/(api|order)(\/|$)/.test(path))).toEqual([]);
  });

  it('tells of every operation the codes that follow from what it is', () => {
    for (const [call, operation] of operations().filter(([call]) => !call.includes('/health'))) {
      const codes = codesOf(operation);
      expect([call, codes]).toEqual([call, expect.arrayContaining(['VALIDATION_FAILED', 'RATE_LIMITED', 'TIMEOUT'])]);
      expect([call, codes.includes('MALFORMED_JSON')]).toEqual([call, operation.requestBody !== undefined]);
      const signedIn = operation.security !== undefined;
      expect([call, codes.includes('UNAUTHORIZED')]).toEqual([call, signedIn]);
      for (const code of codes) expect(Object.keys(problems)).toContain(code);
    }
  });

  it('tells who changes something by cookie that the origin counts', () => {
    const signedIn = operations().filter(([, { security }]) => security !== undefined);
    const warned = signedIn.filter(([, operation]) => codesOf(operation).includes('CSRF_REJECTED'));
    expect(warned.map(([call]) => call)).toEqual(
      signedIn.map(([call]) => call).filter((call) => !call.startsWith('get ')),
    );
  });

  it('puts each code at its own status', () => {
    for (const [, { responses }] of operations()) {
      for (const [status, { content }] of Object.entries(responses)) {
        const examples = Object.values(content?.['application/problem+json']?.examples ?? {});
        for (const { value } of examples) {
          expect(value).toMatchObject({ status: Number(status), instance: expect.any(String) as string });
        }
      }
    }
  });

  it('says that bodies have no other properties, and that one of which nothing is required may be left out', () => {
    const { schemas } = document.components;
    const bodies = operations().flatMap(([call, { requestBody }]) => (requestBody ? [{ call, requestBody }] : []));
    expect(bodies.length).toBeGreaterThan(20);
    for (const { call, requestBody } of bodies) {
      const { required = [], additionalProperties } =
        schemas[requestBody.content['application/json'].schema.$ref.split('/').at(-1)!];
      const needed = required.length > 0 || call === 'post /orders';
      expect([call, additionalProperties, requestBody.required]).toEqual([call, false, needed]);
    }
    for (const part of ['Address', 'OrderLineBody', 'LineUnits'])
      expect([part, schemas[part].additionalProperties]).toEqual([part, false]);
  });

  it('tells that what is archived is not for everybody', () => {
    const catalogues = operations().filter(([, { parameters = [] }]) =>
      parameters.some((one) => one.name === 'archived'),
    );
    expect(catalogues.map(([call, it]) => [call, codesOf(it).includes('FORBIDDEN')])).toEqual([
      ['get /products', true],
      ['get /stock/products-with-stock', true],
    ]);
  });

  it('tells of 304 where a client may say what it has, and of the form that headers must have', () => {
    const conditional = operations().filter(([, { parameters = [] }]) =>
      parameters.some(({ name }) => name === 'If-None-Match'),
    );
    expect(conditional.length).toBeGreaterThan(2);
    const unchanged = operations().filter(([, { responses }]) => '304' in responses);
    expect(unchanged.map(([call]) => call)).toEqual(conditional.map(([call]) => call));
    for (const [good, bad, header] of headerForms) {
      const declared = operations().flatMap(([, { parameters = [] }]) =>
        parameters.filter((one) => one.name === header),
      );
      expect(declared.length).toBeGreaterThan(0);
      for (const { schema } of declared) {
        expect(good.filter((value) => !new RegExp(schema!.pattern!).test(value))).toEqual([]);
        expect(bad.filter((value) => new RegExp(schema!.pattern!).test(value))).toEqual([]);
      }
    }
  });

  it('leaves no placeholder open, though no service is there to fill it', () => {
    expect(JSON.stringify(document)).not.toContain('{{');
  });

  it('comes soon, whoever asks, though no service answers', async () => {
    const begun = Date.now();
    const { status } = await gateway.get('/api/docs-json', { token: makeToken({ role: 'admin' }) });
    expect([status, Date.now() - begun < 2_500]).toEqual([200, true]);
  });
});

it('is not there in production, unless it is wanted; what production is strict about is strict', async () => {
  const secrets = {
    NODE_ENV: 'production',
    JWT_SECRET: '7f0c1d9b2ae84c6f95d3b1807ce6a24f',
    CALLER_SECRET: 'p4Xw8Nc2Vb6Zm0Lk5Jh9Gf3Ds7Aq1YtE',
  };
  const [closed, open] = await Promise.all([
    GatewayProcess.start(wires, secrets),
    GatewayProcess.start(wires, { ...secrets, SWAGGER_ENABLED: 'true' }),
  ]);
  try {
    for (const path of ['/api/docs', '/api/docs-json', '/api/docs/swagger-ui.css']) {
      expect([path, (await closed.get(path)).status]).toEqual([path, 404]);
      expect([path, (await open.get(path)).status]).toEqual([path, 200]);
    }
    expect((await closed.get('/problems')).headers['strict-transport-security']).toContain('max-age=');
    const cleared = (await closed.post('/auth/logout')).headers['set-cookie'];
    expect(cleared).toEqual(Array(2).fill(expect.stringMatching(/; HttpOnly; Secure; SameSite=Lax$/)));
  } finally {
    await Promise.all([closed.stop(), open.stop()]);
  }
});

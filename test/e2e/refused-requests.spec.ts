import { gzipSync } from 'node:zlib';
import { newCustomer, theAdmin, type Customer } from '../support/builders';
import { anonymous } from '../support/client';
import { expectRefusal, INVALID, PATIENCE, type Refusal } from '../support/refusals';

const json = { 'content-type': 'application/json' };
const malformed = '400 MALFORMED_JSON';
const unsupported = '415 UNSUPPORTED_MEDIA_TYPE';

let jo: Customer;
beforeAll(async () => {
  jo = await newCustomer();
});

describe('a body is refused', () => {
  it.each([
    ['half a JSON', '{"a":', malformed],
    ['a comma too many', '{"quantity":1,}', malformed],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), malformed],
    ['null', 'null', INVALID],
    ['a list', '[]', INVALID],
    ['a text', '"tea"', INVALID],
    ['a number', '42', INVALID],
    ['lists in lists in lists', '['.repeat(5_000) + ']'.repeat(5_000), INVALID],
  ] as [string, string | Buffer, Refusal][])('that is %s', async (_what, raw, refusal) => {
    expectRefusal(await jo.call('POST', '/orders', { raw, headers: json }), refusal);
    expectRefusal(await anonymous.call('POST', '/auth/login', { raw, headers: json }), refusal);
  });

  it('that is not there', async () => expectRefusal(await jo.post('/orders'), INVALID));

  it.each([
    ['text/plain', 'tea'],
    ['application/x-www-form-urlencoded', 'quantity=1'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<order/>'],
    ['nonsense', '{}'],
  ])('of the type %s', async (type, raw) => {
    expectRefusal(await jo.call('POST', '/orders', { raw, headers: { 'content-type': type } }), unsupported);
  });

  it.each([300 * 1_024, 5 * 1_024 * 1_024])('of %d bytes', async (bytes) => {
    const reply = await jo.post('/orders', { note: 'x'.repeat(bytes) });
    expectRefusal(reply, '413 PAYLOAD_TOO_LARGE');
  });

  it('that is a bomb: packed small, it is never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1_024 * 1_024, ' '));
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip']) {
      const headers = { ...json, 'content-encoding': encoding };
      const { status, ms } = await jo.call('POST', '/orders', { raw: bomb, headers });
      expect([encoding, status, ms < PATIENCE]).toEqual([encoding, expect.any(Number), true]);
      expect([400, 415]).toContain(status);
    }
  });

  it.each([
    '{"__proto__":{"role":"admin"},"quantity":1}',
    '{"constructor":{"prototype":{"role":"admin"}}}',
    '{"toString":1,"valueOf":2}',
    '{"quantity":1e400}',
    '{"items":[[[[[[]]]]]]}',
    '{"stockId":"\\u0000","quantity":1}',
    '{"stockId":"\\ud800","quantity":1}',
    `{"${'k'.repeat(10_000)}":1}`,
  ])('with tricks in it', async (raw) => {
    for (const path of ['/orders', '/auth/login', '/auth/register', '/auth/refresh']) {
      const { status, code, ms } = await jo.call('POST', path, { raw, headers: json });
      expect([status, code, ms < PATIENCE]).toEqual([
        400,
        expect.stringMatching(/^(VALIDATION_FAILED|MALFORMED_JSON)$/),
        true,
      ]);
    }
  });
});

describe('a path is refused', () => {
  it.each([
    '/nowhere',
    '/api/nowhere',
    '/api/api/products',
    '/orders/x/y/z',
    '/.env',
    '/api',
    '/socket',
    '/wp-login.php',
  ])('that leads nowhere: %s', async (path) => expectRefusal(await anonymous.get(path), '404 NOT_FOUND'));

  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/api/docs/../../../etc/passwd',
    '/api/docs/%2e%2e%2f%2e%2e%2fpackage.json',
  ])('that leads out of the house: %s', async (path) => {
    const { status, text } = await anonymous.get(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toMatch(/root:|"dependencies"/);
  });

  const nonsense = [
    '%',
    '%zz',
    '%00',
    '..%2f',
    '{}',
    '🍵',
    '-1',
    '1e999',
    'null',
    '__proto__',
    ' ',
    "' or 1=1",
    'x'.repeat(6_000),
  ];
  const routes = [
    '/',
    '/products/',
    '/orders/',
    '/users/',
    '/stock/',
    '/auth/sessions/',
    '/products?q=',
    '/orders?cursor=',
  ];
  it.each(routes)('or answered after %s, quickly, whatever follows, and it is never our fault', async (route) => {
    const admin = await theAdmin();
    const paths = nonsense.flatMap((text) => [route + text, route + encodeURIComponent(text)]);
    for (const path of paths.filter((path) => /^[\x21-\x7e]+$/.test(path))) {
      const { status, ms } = await admin.get(path);
      expect([path, status < 500 && ms < PATIENCE]).toEqual([path, true]);
    }
  });
});

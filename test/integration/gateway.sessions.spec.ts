import { createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { revokedKey, SESSION_ENDED } from '@suite/contracts';
import { START_MS, codeIn, GatewayProcess, makeToken, type Token } from '../support/gateways';
import { newId } from '../support/stock';
import { openWires, type Wires } from '../support/wires';

const SHOP = 'https://shop.example';
let wires: Wires;
let gateway: GatewayProcess;

beforeAll(async () => {
  wires = await openWires();
  gateway = await GatewayProcess.start(wires, { CORS_ORIGINS: SHOP });
}, START_MS);
afterAll(async () => {
  await gateway.stop();
  await wires.close();
});

/** Lets everybody in who is signed in, and then finds the body wanting: it needs no service behind it. */
const knock = (headers: Record<string, string>) => gateway.post('/orders', {}, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookie = (token: string, more = {}) => ({ cookie: `access_token=${token}`, ...more });
const base64 = (text: string) => Buffer.from(text).toString('base64url');
const IN = '400 VALIDATION_FAILED';
const OUT = '401 UNAUTHORIZED';

describe('a token', () => {
  it('lets in by header, in any case, and by cookie', async () => {
    const token = makeToken();
    expect(codeIn(await knock(bearer(token)))).toBe(IN);
    expect(codeIn(await knock({ authorization: `bearer ${token}` }))).toBe(IN);
    expect(codeIn(await knock(cookie(token, { origin: gateway.origin })))).toBe(IN);
  });

  it.each<[string, Token]>([
    ['has ended', { expiresIn: -60 }],
    ['was signed with another key', { secret: 'another secret, 0123456789abcdef' }],
    ['was signed in another way', { algorithm: 'HS384' }],
    ['was not signed', { algorithm: 'none' }],
    ['comes from elsewhere', { issuer: 'somebody' }],
    ['is meant for others', { audience: 'others' }],
  ])('that %s lets nobody in', async (_what, wrong) => {
    const token = makeToken(wrong);
    expect(codeIn(await knock(bearer(token)))).toBe(OUT);
    expect(codeIn(await knock(cookie(token, { origin: gateway.origin })))).toBe(OUT);
  });

  it('that chooses a key pair of its own is not checked with it, nor with the key that there is', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const [, claims] = makeToken({ role: 'admin' }).split('.');
    const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    for (const header of [
      { alg: 'RS256' },
      { alg: 'RS256', jwk: createPublicKey(privateKey).export({ format: 'jwk' }) },
    ]) {
      const text = `${base64(JSON.stringify({ typ: 'JWT', ...header }))}.${claims}`;
      const signature = createSign('sha256').update(text).sign(privateKey, 'base64url');
      expect(codeIn(await knock(bearer(`${text}.${signature}`)))).toBe(OUT);
    }
    expect(codeIn(await knock(bearer(makeToken({ secret: String(pem) }))))).toBe(OUT);
  });

  it('may be a few seconds too old, since clocks differ, and no more', async () => {
    expect(codeIn(await knock(bearer(makeToken({ expiresIn: -2 }))))).toBe(IN);
    expect(codeIn(await knock(bearer(makeToken({ expiresIn: -8 }))))).toBe(OUT);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a.b.c', 'nonsense'])('is not %j', async (authorization) => {
    expect(codeIn(await knock({ authorization }))).toBe(OUT);
  });

  it('is forgiven neither where anyone may look, for a client that sends one believes to be signed in', async () => {
    expect(codeIn(await gateway.get('/products/42', { token: 'nonsense' }))).toBe(OUT);
    expect(codeIn(await gateway.get('/products/42', { headers: cookie('nonsense') }))).toBe('400 VALIDATION_FAILED');
  });

  it('that is no good does not keep anybody from logging in', async () => {
    expect(codeIn(await gateway.post('/auth/login', {}, { token: 'nonsense' }))).toBe('400 VALIDATION_FAILED');
  });

  it('of a user opens nothing of the admins, also when it was seen before', async () => {
    const [user, admin] = [makeToken(), makeToken({ role: 'admin' })];
    for (const [token, answer] of [
      [user, '403 FORBIDDEN'],
      [admin, IN],
      [user, '403 FORBIDDEN'],
      [admin, IN],
    ]) {
      expect(codeIn(await gateway.get('/users/42', { token }))).toBe(answer);
    }
  });
});

describe('a session', () => {
  it('ends at once, though its token was seen before', async () => {
    const sid = newId();
    const token = makeToken({ sid });
    expect(codeIn(await knock(bearer(token)))).toBe(IN);
    await wires.redis.set(revokedKey(sid), SESSION_ENDED);
    expect(codeIn(await knock(bearer(token)))).toBe(OUT);
    expect(codeIn(await knock(bearer(makeToken())))).toBe(IN);
  });

  it('that was changed needs a newer token', async () => {
    const sid = newId();
    await wires.redis.set(revokedKey(sid), '3');
    const answers = await Promise.all([2, 3, 4].map((ver) => knock(bearer(makeToken({ sid, ver })))));
    expect(answers.map(codeIn)).toEqual([OUT, IN, IN]);
  });
});

describe('a cookie', () => {
  const token = makeToken();

  it.each([
    ['nowhere', {}],
    ['another site', { origin: 'https://evil.example' }],
    ['a site with a like name', { origin: `${SHOP}.evil.example` }],
    ['a sandboxed frame', { origin: 'null' }],
    ['another scheme', { origin: 'https://127.0.0.1' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
  ])('changes nothing from %s', async (_where, headers) => {
    expect(codeIn(await knock(cookie(token, headers)))).toBe('403 CSRF_REJECTED');
  });

  it('changes things from this site, as the proxy saw it, and from one on the list', async () => {
    expect(codeIn(await knock(cookie(token, { origin: gateway.origin })))).toBe(IN);
    expect(codeIn(await knock(cookie(token, { origin: SHOP })))).toBe(IN);
    const proxied = { host: 'tea.example:8443', 'x-forwarded-proto': 'https', origin: 'https://tea.example:8443' };
    expect(codeIn(await knock(cookie(token, proxied)))).toBe(IN);
  });

  it('reads from anywhere', async () => {
    expect(codeIn(await gateway.get('/orders/42', { headers: cookie(token) }))).toBe(IN);
  });

  it('beside a Bearer token is not looked at', async () => {
    expect(codeIn(await knock({ ...bearer(token), ...cookie('nonsense') }))).toBe(IN);
    expect(codeIn(await knock({ ...bearer('nonsense'), ...cookie(token, { origin: SHOP }) }))).toBe(OUT);
  });

  it('refreshes and logs out from this site only', async () => {
    const headers = { cookie: 'refresh_token=x; access_token=y', origin: 'https://evil.example' };
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const answer = await gateway.post(path, undefined, { headers });
      expect(codeIn(answer)).toBe('403 CSRF_REJECTED');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('is cleared by a logout even when its session is gone', async () => {
    const headers = { cookie: 'access_token=gone', origin: gateway.origin };
    const answer = await gateway.post('/auth/logout', undefined, { headers });
    expect(codeIn(answer)).toBe(OUT);
    const cleared = [answer.headers['set-cookie']].flat();
    expect(cleared).toHaveLength(2);
    for (const one of cleared)
      expect(one).toMatch(/^(access|refresh)_token=; Max-Age=0; Path=\/;.* HttpOnly; SameSite=Lax/);
  });
});

import { newCustomer, PASSWORD, signIn, succeeded } from '../support/builders';
import { anonymous, Client, cookieOf } from '../support/client';
import type { LoginView, SessionView, UserView } from '../support/views';

const refresh = (refreshToken: string) => anonymous.post<LoginView>('/auth/refresh', { refreshToken });

describe('a refresh token', () => {
  it('gives new tokens of the same session', async () => {
    const jo = await newCustomer();
    const { status, data, cookies } = await refresh(jo.login.refreshToken);
    expect(status).toBe(200);
    expect(data).toMatchObject({ expiresIn: 900, user: { id: jo.id } });
    expect(data.refreshToken).not.toBe(jo.login.refreshToken);
    expect(cookieOf(cookies)).toContain('refresh_token=');
    expect((await new Client({ token: data.token }).get('/auth/profile')).status).toBe(200);
  });

  it('answers twenty at once with the same successor, so that a client does not lock itself out', async () => {
    const jo = await newCustomer();
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(jo.login.refreshToken)));
    expect(replies.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const successors = new Set(replies.map(({ data }) => data.refreshToken));
    expect(successors.size).toBe(1);
    expect((await refresh([...successors][0])).status).toBe(200);
  });

  it('ends its whole family when it comes back after its successor was used', async () => {
    const jo = await newCustomer();
    const first = jo.login.refreshToken;
    const second = succeeded(await refresh(first), 200).data.refreshToken;
    const third = succeeded(await refresh(second), 200).data;
    const stolen = await refresh(first);
    expect([stolen.status, stolen.code]).toEqual([401, 'REFRESH_TOKEN_REUSED']);
    expect((await refresh(third.refreshToken)).status).toBe(401);
    expect((await new Client({ token: third.token }).get('/auth/profile')).status).toBe(401);
    expect((await signIn(jo.email, PASSWORD)).id).toBe(jo.id);
  });

  it.each(['nonsense', 'a.b.c', '🍵'])('is not %s', async (token) => {
    const reply = await refresh(token);
    expect([reply.status, reply.code]).toEqual([401, 'INVALID_REFRESH_TOKEN']);
  });

  it('is no access token, nor the other way round', async () => {
    const jo = await newCustomer();
    expect((await refresh(jo.token)).status).toBe(401);
    expect((await new Client({ token: jo.login.refreshToken }).get('/auth/profile')).status).toBe(401);
  });
});

describe('logging out', () => {
  it('ends the session at once, its refresh token too, and clears the cookies', async () => {
    const jo = await newCustomer();
    const elsewhere = await signIn(jo.email, PASSWORD);
    const { status, body, cookies } = await jo.post('/auth/logout');
    expect([status, body]).toEqual([200, { message: expect.any(String) as string }]);
    expect(cookies.filter((cookie) => /Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(cookie))).toHaveLength(2);
    expect((await jo.get('/auth/profile')).status).toBe(401);
    expect((await refresh(jo.login.refreshToken)).status).toBe(401);
    expect((await elsewhere.get('/auth/profile')).status).toBe(200);
  });

  it('needs somebody who is signed in', async () => {
    expect((await anonymous.post('/auth/logout')).status).toBe(401);
  });
});

describe('the sessions of an account', () => {
  it('are listed, with the one that asks, and can be ended', async () => {
    const jo = await newCustomer();
    const login = { email: jo.email, password: PASSWORD };
    const phone = await anonymous.post<LoginView>('/auth/login', login, { headers: { 'user-agent': 'Phone/1.0' } });
    const { status, data } = await jo.get<SessionView[]>('/auth/sessions');
    expect([status, data.length]).toEqual([200, 2]);
    expect(data.filter(({ current }) => current)).toHaveLength(1);
    const other = data.find(({ userAgent }) => userAgent === 'Phone/1.0')!;
    expect(other.current).toBe(false);
    expect((await jo.delete(`/auth/sessions/${other.id}`)).status).toBeLessThan(300);
    expect((await new Client({ token: phone.data.token }).get('/auth/profile')).status).toBe(401);
    expect((await refresh(phone.data.refreshToken)).status).toBe(401);
    expect((await jo.get<SessionView[]>('/auth/sessions')).data.map(({ current }) => current)).toEqual([true]);
  });

  it('of others cannot be ended, nor be told from none', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const [{ id }] = (await jo.get<SessionView[]>('/auth/sessions')).data;
    for (const session of [id, 'f'.repeat(24)]) {
      const reply = await max.delete(`/auth/sessions/${session}`);
      expect([reply.status, reply.code]).toEqual([404, 'SESSION_NOT_FOUND']);
    }
    expect((await jo.get('/auth/profile')).status).toBe(200);
  });
});

describe('an access token', () => {
  const forge = (header: object, claims: object) =>
    [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

  it('is refused when it is forged, altered or of another scheme', async () => {
    const jo = await newCustomer();
    const [header, claims, signature] = jo.token.split('.');
    const asAdmin = { ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), role: 'admin' };
    const altered = `${header}.${Buffer.from(JSON.stringify(asAdmin)).toString('base64url')}.${signature}`;
    const unsigned = `${forge({ alg: 'none', typ: 'JWT' }, asAdmin)}.`;
    for (const token of [altered, unsigned, 'nonsense', `${jo.token}x`, `${header}.${claims}.`]) {
      const reply = await anonymous.get('/auth/profile', { token });
      expect([reply.status, reply.code]).toEqual([401, 'UNAUTHORIZED']);
    }
    const basic = await anonymous.get('/auth/profile', { headers: { authorization: `Basic ${jo.token}` } });
    expect(basic.status).toBe(401);
  });

  it('may come with the scheme in any case', async () => {
    const jo = await newCustomer();
    const reply = await anonymous.get<UserView>('/auth/profile', { headers: { authorization: `bearer ${jo.token}` } });
    expect([reply.status, reply.data.id]).toEqual([200, jo.id]);
  });
});

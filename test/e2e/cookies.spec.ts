import { lineOf, newCustomer, newProduct } from '../support/builders';
import { anonymous, BASE_URL, Client, cookieOf } from '../support/client';
import type { LoginView, OrderView, UserView } from '../support/views';

/** What a browser says of itself when a page of the shop sends something. */
const fromTheShop = { headers: { origin: BASE_URL } };

describe('a browser', () => {
  it('keeps its tokens in cookies that no script can read', async () => {
    const { cookies } = await newCustomer();
    expect(cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual(['access_token', 'refresh_token']);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/;\s*HttpOnly/i);
      expect(cookie).toMatch(/;\s*SameSite=(Lax|Strict)/i);
      expect(cookie).toMatch(/;\s*Path=\/(;|$)/i);
    }
  });

  it('is known by its cookies, and orders with them from a page of the shop', async () => {
    const jo = await newCustomer();
    const browser = new Client({ cookie: cookieOf(jo.cookies) });
    expect((await browser.get<UserView>('/auth/profile')).data.id).toBe(jo.id);
    const tea = await newProduct();
    expect((await browser.post('/orders', lineOf(tea), fromTheShop)).status).toBe(201);
    expect((await browser.get<OrderView[]>('/orders')).meta.total).toBe(1);
  });

  it.each([
    ['from nowhere', undefined],
    ['from another site', 'https://evil.example'],
    ['from a site with a like name', `${BASE_URL}.evil.example`],
    ['from a sandboxed frame', 'null'],
    ['from another port of this host', 'http://127.0.0.1:1'],
  ])('is not believed a change %s', async (_where, origin) => {
    const jo = await newCustomer();
    const browser = new Client({ cookie: cookieOf(jo.cookies) });
    const headers = origin ? { origin } : undefined;
    const tea = await newProduct();
    const attempts = [
      browser.post('/orders', lineOf(tea), { headers }),
      browser.patch('/auth/profile', { name: 'Mallory' }, { headers }),
      browser.post('/auth/logout', undefined, { headers }),
    ];
    for (const reply of await Promise.all(attempts)) expect([reply.status, reply.code]).toEqual([403, 'CSRF_REJECTED']);
    expect((await browser.get<UserView>('/auth/profile')).data.name).toBe('Jo Doe');
    expect((await browser.get('/orders')).meta.total).toBe(0);
  });

  it('with a Bearer token needs no origin, cookies or not', async () => {
    const jo = await newCustomer();
    const reply = await jo.patch('/auth/profile', { name: 'Jo' }, { cookie: cookieOf(jo.cookies) });
    expect(reply.status).toBe(200);
  });

  it('refreshes and logs out with its cookies alone', async () => {
    const jo = await newCustomer();
    const refreshed = await anonymous.post<LoginView>('/auth/refresh', undefined, {
      cookie: cookieOf(jo.cookies),
      ...fromTheShop,
    });
    expect([refreshed.status, refreshed.data.user.id]).toEqual([200, jo.id]);
    const browser = new Client({ cookie: cookieOf(refreshed.cookies) });
    expect((await browser.get('/auth/profile')).status).toBe(200);
    expect((await browser.post('/auth/logout', undefined, fromTheShop)).status).toBe(200);
    expect((await browser.get('/auth/profile')).status).toBe(401);
  });

  it('logs out though its access token has ended: what is left of the session ends as well', async () => {
    const jo = await newCustomer();
    const refreshToken = cookieOf(jo.cookies)
      .split('; ')
      .find((one) => one.startsWith('refresh_token='))!;
    const browser = new Client({ cookie: refreshToken });
    const { status, cookies } = await browser.post('/auth/logout', undefined, fromTheShop);
    expect([status, cookieOf(cookies)]).toEqual([200, 'access_token=; refresh_token=']);
    expect((await browser.post('/auth/refresh', undefined, fromTheShop)).status).toBe(401);
    expect((await jo.get('/auth/profile')).status).toBe(401);
    // Safe to repeat; what is none of ours is nobody's session.
    expect((await browser.post('/auth/logout', undefined, fromTheShop)).status).toBe(200);
    const stranger = new Client({ cookie: 'refresh_token=nonsense' });
    expect((await stranger.post('/auth/logout', undefined, fromTheShop)).status).toBe(401);
  });
});

import { newCustomer, newProduct, placeOrder, settled, signIn, theAdmin } from '../support/builders';
import { anonymous, Client, cookieOf } from '../support/client';

/** Every way to write the path of the board that some server on the way takes for the same. */
const spellings = [
  '/admin/queues',
  '/admin/queues/',
  '/admin/queues?x=1',
  '/admin/queues/api/queues',
  '/admin/queues/api/queues?activeQueue=orders&status=latest&page=1',
  '/admin/queues/static/favicon.ico',
  '/admin/queues/queue/orders',
  '//admin/queues/api/queues',
  '/admin//queues/api/queues',
  '/admin/queues//api/queues',
  '/admin/./queues/api/queues',
  '/products/../admin/queues/api/queues',
  '/products/%2e%2e/admin/queues/api/queues',
  '/admin%2fqueues/api/queues',
  '/admin/queues%2fapi%2fqueues',
  '/%61dmin/queues/api/queues',
  '/admin/%71ueues/api/queues',
  '/ADMIN/queues/api/queues',
  '/admin/Queues/api/queues',
  '/api/admin/queues/api/queues',
  '/admin/queues/api/queues/',
  '/admin/queues;a=b/api/queues',
  '/admin/queues/api/queues%00',
];

/** Closed is: nothing of the board is shown. Where a spelling leads nowhere, 404 says so. */
const closed = [301, 302, 303, 307, 308, 400, 401, 403, 404];

describe('the board of the queues', () => {
  it.each(spellings)('is closed to strangers and users at %s', async (path) => {
    const jo = await newCustomer();
    for (const who of [
      anonymous,
      jo,
      new Client({ cookie: cookieOf(jo.cookies) }),
      new Client({ token: 'nonsense' }),
    ]) {
      const reply = await who.get(path);
      expect(closed).toContain(reply.status);
      expect(reply.text).not.toMatch(/bull|"queues"|counts/i);
    }
  });

  it.each(spellings.slice(0, 7))('says plainly that %s needs an admin', async (path) => {
    expect((await anonymous.get(path)).status).toBe(401);
    expect([401, 403]).toContain((await (await newCustomer()).get(path)).status);
  });

  it('shows people in a browser a way in', async () => {
    const page = await anonymous.get('/admin/queues', { headers: { accept: 'text/html' } });
    expect([200, 302, 303, 401]).toContain(page.status);
    expect(page.text).not.toMatch(/bull-board/i);
  });

  it.each(['PUT', 'POST', 'PATCH', 'DELETE'] as const)('lets no stranger %s anything', async (method) => {
    const jo = await newCustomer();
    for (const who of [anonymous, jo]) {
      const reply = await who.call(method, '/admin/queues/api/queues/orders/clean/completed', { body: {} });
      expect([401, 403, 404, 405]).toContain(reply.status);
    }
  });

  it('is open to admins: page, files and figures', async () => {
    const admin = await theAdmin();
    const page = await admin.get('/admin/queues');
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html') as string]);
    const script = /src="([^"]+\.js)"/.exec(page.text)![1];
    const { pathname } = new URL(script, 'http://shop/admin/queues/');
    expect((await admin.get(pathname)).status).toBe(200);
    const api = await admin.get('/admin/queues/api/queues');
    const { queues } = api.body as {
      queues: { name: string; counts: Record<string, number>; readOnlyMode: boolean }[];
    };
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['orders', 'orders-dlq', 'mails']));
    expect(queues.find(({ name }) => name === 'orders-dlq')!.readOnlyMode).toBe(true);
  });

  it('is open to the cookie of an admin, and closes when the admin logs out', async () => {
    const { email, password } = await theAdmin();
    const admin = await signIn(email, password);
    const browser = new Client({ cookie: cookieOf(admin.cookies) });
    expect((await browser.get('/admin/queues/api/queues')).status).toBe(200);
    await admin.post('/auth/logout');
    expect((await browser.get('/admin/queues/api/queues')).status).toBe(401);
  });

  it('shows no secret of the mails that wait', async () => {
    const jo = await newCustomer();
    await settled(jo, (await placeOrder(jo, await newProduct())).id);
    await anonymous.post('/auth/password/forgot', { email: jo.email });
    const admin = await theAdmin();
    for (const status of ['latest', 'completed', 'waiting', 'active']) {
      const { text } = await admin.get(
        `/admin/queues/api/queues?activeQueue=mails&status=${status}&page=1&jobsPerPage=100`,
      );
      expect(text).not.toMatch(/"secret":"(?!\[hidden\])/);
    }
  });
});

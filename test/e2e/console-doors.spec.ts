import { newCustomer, signIn, theAdmin } from '../support/builders';
import { anonymous, Client, cookieOf } from '../support/client';

/** The page, its files and its figures, in spellings that some server on the way might take for the same. */
const paths = [
  '/admin',
  '/admin/',
  '/admin?x=1',
  '/admin/console/app.js',
  '/admin/console/console.css',
  '/admin/console/index.html',
  '/admin/console/%61pp.js',
  '/admin/console/..%2fconsole%2fapp.js',
  '//admin/console/app.js',
  '/Admin/Console/app.js',
  '/admin/vendor/lit.js',
  '/admin/vendor/uplot.js',
  '/admin/flow',
  '/admin/operations',
  '/admin/demo',
];
const closed = [301, 302, 303, 400, 401, 403, 404];

describe('the console', () => {
  it.each(paths)('gives strangers and users nothing at %s', async (path) => {
    const jo = await newCustomer();
    const people = [anonymous, jo, new Client({ cookie: cookieOf(jo.cookies) }), new Client({ token: 'nonsense' })];
    for (const who of people) {
      for (const headers of [undefined, { accept: 'text/html' }]) {
        const reply = await who.get(path, { headers });
        expect(closed).toContain(reply.status);
        expect(reply.text).not.toMatch(/order-console|customElements|LitElement|uPlot|"lanes"|"processes"|"enabled"/);
      }
    }
  });

  it('shows people in a browser a way in that loads nothing else', async () => {
    const page = await anonymous.get('/admin', { headers: { accept: 'text/html' } });
    expect([page.status, page.text.includes('<form')]).toEqual([401, true]);
    expect(page.text).not.toMatch(/\b(src|href)="(?!data:)/);
    const jo = await newCustomer();
    const refused = await jo.get('/admin', { headers: { accept: 'text/html' } });
    expect([refused.status, refused.text.includes('not an administrator')]).toEqual([403, true]);
  });

  it('is a page with a strict policy for the cookie of an admin, and closes when the admin logs out', async () => {
    const { email, password } = await theAdmin();
    const admin = await signIn(email, password);
    const browser = new Client({ cookie: cookieOf(admin.cookies) });
    const page = await browser.get('/admin');
    expect([page.status, page.text.includes('<order-console>')]).toEqual([200, true]);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const files = [...page.text.matchAll(/"(\/admin\/(?:console|vendor)\/[^"]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const first = await browser.get(file);
      expect([file, first.status]).toEqual([file, 200]);
      const again = await browser.get(file, { headers: { 'if-none-match': String(first.headers.etag) } });
      expect([file, again.status, again.text]).toEqual([file, 304, '']);
    }
    expect((await browser.get('/admin/console/nothing.js')).status).toBe(404);
    await admin.post('/auth/logout');
    for (const path of ['/admin', files[0], '/admin/flow']) expect((await browser.get(path)).status).toBe(401);
  });

  it('has one path', async () => {
    const admin = await theAdmin();
    for (const path of ['/api/admin', '/api/admin/console/app.js', '/api/admin/vendor/lit.js']) {
      expect((await admin.get(path)).status).toBe(404);
    }
  });

  it('does not start traffic for a page of another site', async () => {
    const { cookies } = await theAdmin();
    const body = { kind: 'trickle' };
    for (const headers of [{ origin: 'https://evil.example' }, undefined]) {
      const reply = await new Client({ cookie: cookieOf(cookies) }).post('/admin/demo', body, { headers });
      expect([reply.status, reply.code]).toEqual([403, 'CSRF_REJECTED']);
    }
  });
});

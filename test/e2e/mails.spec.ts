import { newCustomer, newProduct, PASSWORD, placeOrder, settled, signIn, theAdmin, unique } from '../support/builders';
import { anonymous } from '../support/client';
import { deadMail } from '../support/dead-mails';
import { eventually } from '../support/eventually';
import { mailsTo, mailWith } from '../support/mailbox';
import { frozen } from '../support/processes';
import { expectRefusal, INVALID, NO_ID } from '../support/refusals';
import type { DeadMailView, ExportView, MailPreferencesView, UserDetailsView } from '../support/views';

jest.setTimeout(90_000);

const subjectsAbout = async (email: string, number: string): Promise<string[]> =>
  (await mailsTo(email))
    .map(({ subject }) => subject)
    .filter((subject) => subject.includes(number))
    .sort();

/** A one-time token as people find it: in the link of the mail. */
const TOKEN = /token=([\w.~-]+)/;

describe('a new account', () => {
  it('is verified with the token of the mail that welcomes it, once', async () => {
    const jo = await newCustomer();
    const { match } = await mailWith(jo.email, TOKEN);
    const verify = () => anonymous.post('/auth/email/verify', { token: match[1] });
    expect((await verify()).status).toBeLessThan(300);
    const seen = await (await theAdmin()).get<UserDetailsView>(`/users/${jo.id}`);
    expect(seen.data.verified).toBe(true);
    const again = await verify();
    expect([again.status, again.code]).toEqual([400, 'INVALID_TOKEN']);
  });

  it('is not verified by a token that nobody sent', async () => {
    const reply = await anonymous.post('/auth/email/verify', { token: unique() });
    expect([reply.status, reply.code]).toEqual([400, 'INVALID_TOKEN']);
  });
});

describe('a forgotten password', () => {
  it('is replaced with the token of a mail, once, and ends all sessions', async () => {
    const jo = await newCustomer();
    await mailWith(jo.email, TOKEN);
    expect((await anonymous.post('/auth/password/forgot', { email: jo.email })).status).toBe(202);
    const { match } = await mailWith(jo.email, /reset[^\s]*token=([\w.~-]+)/i);
    const reset = (newPassword: string) => anonymous.post('/auth/password/reset', { token: match[1], newPassword });
    expect((await reset('short')).status).toBe(400);
    expect((await reset('Br4nd-new-horse!')).status).toBeLessThan(300);
    expect((await jo.get('/auth/profile')).status).toBe(401);
    expect((await anonymous.post('/auth/login', { email: jo.email, password: PASSWORD })).status).toBe(401);
    expect((await signIn(jo.email, 'Br4nd-new-horse!')).id).toBe(jo.id);
    const again = await reset('An0ther-horse!');
    expect([again.status, again.code]).toEqual([400, 'INVALID_TOKEN']);
  });

  it('is answered alike for an address that nobody has, and no mail goes there', async () => {
    const jo = await newCustomer();
    const email = `nobody-${unique()}@example.com`;
    const [known, unknown] = await Promise.all(
      [jo.email, email].map((address) => anonymous.post('/auth/password/forgot', { email: address })),
    );
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    await mailWith(jo.email, /reset[^\s]*token=([\w.~-]+)/i);
    expect(await mailsTo(email)).toEqual([]);
  });
});

describe('a customer', () => {
  it('is welcomed once, when the address is confirmed', async () => {
    const jo = await newCustomer({ name: 'Zoë <script>alert(1)</script> 🎉' });
    const { match } = await mailWith(jo.email, TOKEN);
    const verify = () => anonymous.post('/auth/email/verify', { token: match[1] });
    await Promise.all([verify(), verify()]);
    const { mail } = await mailWith(jo.email, /Your account is ready/);
    expect(mail.text).toContain('Hello Zoë <script>alert(1)</script> 🎉,');
    expect(mail.html).toContain('Zoë &lt;script&gt;alert(1)&lt;/script&gt; 🎉');
    expect((await mailsTo(jo.email)).filter(({ subject }) => subject.startsWith('Welcome'))).toHaveLength(1);
  });

  it('gets one mail about an order that is confirmed at once, and hears that one waits only when it does', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    const order = await settled(jo, (await placeOrder(jo, tea)).id);
    await mailWith(jo.email, /is confirmed/);
    expect(await subjectsAbout(jo.email, order.number)).toEqual([`Your order ${order.number} is confirmed`]);

    const waiting = await frozen('processor', async () => {
      const { number } = await placeOrder(jo, tea);
      await eventually(async () => expect(await subjectsAbout(jo.email, number)).toHaveLength(1), {
        timeoutMs: 25_000,
      });
      expect(await subjectsAbout(jo.email, number)).toEqual([`We have received your order ${number}`]);
      return number;
    });
    await eventually(
      async () =>
        expect(await subjectsAbout(jo.email, waiting)).toEqual([
          `We have received your order ${waiting}`,
          `Your order ${waiting} is confirmed`,
        ]),
      { timeoutMs: 20_000 },
    );
  });

  it('switches off what is of no use, and still hears of money', async () => {
    const [jo, tea, admin] = [await newCustomer(), await newProduct(), await theAdmin()];
    const path = '/users/me/mail-preferences';
    expect((await jo.get<MailPreferencesView>(path)).data).toMatchObject({ 'order-confirmed': true });
    const changed = await jo.patch<MailPreferencesView>(path, { 'order-confirmed': false });
    expect([changed.status, changed.data['order-confirmed'], changed.data['order-shipped']]).toEqual([
      200,
      false,
      true,
    ]);
    expect((await jo.get<MailPreferencesView>(path)).data).toEqual(changed.data);

    const order = await settled(jo, (await placeOrder(jo, tea)).id);
    expect((await admin.post(`/admin/orders/${order.id}/refund`, {})).status).toBe(201);
    await mailWith(jo.email, /We have refunded/);
    expect(await subjectsAbout(jo.email, order.number)).toEqual([
      expect.stringContaining(`A refund for your order ${order.number}`),
    ]);
    const { data } = await jo.get<ExportView>('/auth/profile/export');
    expect(data.mailPreferences).toEqual(changed.data);
    expect(data.mails.find(({ kind }) => kind === 'order-confirmed')).toMatchObject({ state: 'unwanted' });
    expect((await (await newCustomer()).get<MailPreferencesView>(path)).data).toMatchObject({
      'order-confirmed': true,
    });
  });

  it.each<[what: string, body: object, at: string]>([
    ['the mails about money', { 'order-refunded': false }, 'order-refunded'],
    ['those about the account', { 'reset-password': false }, 'reset-password'],
    ['with a word', { welcome: 'no' }, 'welcome'],
    ['with nothing', { welcome: null }, 'welcome'],
  ])('cannot switch off %s', async (_what, body, at) => {
    const reply = await (await newCustomer()).patch<{ errors: { path: string }[] }>('/users/me/mail-preferences', body);
    expect([reply.status, reply.code, reply.data.errors[0].path]).toEqual([400, 'VALIDATION_FAILED', at]);
  });
});

describe('an admin at the desk of the mails that were given up', () => {
  it('sees why, sends one again, and the customer has it once', async () => {
    const admin = await theAdmin();
    const { jo, order, letter } = await deadMail();
    expect(letter).toMatchObject({
      kind: 'order-confirmed',
      to: jo.email,
      reason: 'REFUSED',
      state: 'open',
      audit: [],
    });
    expect(letter.error).toContain('550');
    expect((await admin.get<DeadMailView>(`/admin/mails/dlq/${letter.id}`)).data).toEqual(letter);
    const idempotencyKey = unique();
    const replay = () =>
      admin.post<DeadMailView>(`/admin/mails/dlq/${letter.id}/replay`, undefined, { idempotencyKey });
    const [first, again] = [await replay(), await replay()];
    expect([first.status, first.data.state]).toEqual([200, 'replayed']);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true']);
    await mailWith(jo.email, /is confirmed/);
    expect(await subjectsAbout(jo.email, order.number)).toHaveLength(1);
    expectRefusal(await admin.post(`/admin/mails/dlq/${letter.id}/replay`), '409 ALREADY_REPLAYED');
  });

  it('discards one, with a reason', async () => {
    const admin = await theAdmin();
    const { letter } = await deadMail();
    const path = `/admin/mails/dlq/${letter.id}`;
    expectRefusal(await admin.delete(path), INVALID);
    const discarded = await admin.delete<DeadMailView>(path, { body: { reason: 'Jo was called' } });
    expect([discarded.status, discarded.data.state]).toEqual([200, 'discarded']);
    expect(discarded.data.audit).toMatchObject([{ action: 'discarded', by: admin.id, reason: 'Jo was called' }]);
    expectRefusal(await admin.post(`${path}/replay`), '409 INVALID_TRANSITION');
    expectRefusal(await admin.get(`/admin/mails/dlq/${NO_ID}`), '404 DEAD_LETTER_NOT_FOUND');
    expectRefusal(await admin.get('/admin/mails/dlq/1'), INVALID);
    const { data } = await admin.get<DeadMailView[]>('/admin/mails/dlq?state=discarded');
    expect(data.map(({ id }) => id)).toContain(letter.id);
  });
});

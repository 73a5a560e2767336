import { newCustomer, PASSWORD, signIn, theAdmin, unique } from '../support/builders';
import { anonymous } from '../support/client';
import { mailsTo, mailWith } from '../support/mailbox';
import type { UserDetailsView } from '../support/views';

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

import { newCustomer, PASSWORD, signIn, theAdmin, unique } from '../support/builders';
import { anonymous, Client } from '../support/client';
import { eventually } from '../support/eventually';
import type { LoginView, UserDetailsView, UserView } from '../support/views';

const register = (body: object, options = {}) => anonymous.post<UserView>('/auth/register', body, options);

describe('somebody who registers', () => {
  it('gets an account, and nothing of the password is shown', async () => {
    const email = `Jo-${unique()}@Example.com`;
    const reply = await register({ email, password: PASSWORD, name: 'Jo Doe' });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      email: email.toLowerCase(),
      name: 'Jo Doe',
      role: 'user',
      tier: 'standard',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    });
  });

  it('may leave the name out and say the role that everybody has', async () => {
    const reply = await register({ email: `jo-${unique()}@example.com`, password: PASSWORD, role: 'user' });
    expect(reply.data).toMatchObject({ role: 'user' });
    expect(reply.status).toBe(201);
  });

  it.each([['Zoë Ångström 王小明 🍵'], ["<b>Robert'); DROP TABLE users;--"], ['x'.repeat(200)]])(
    'may be called %s',
    async (name) => {
      const reply = await register({ email: `jo-${unique()}@example.com`, password: PASSWORD, name });
      expect([reply.status, reply.data.name]).toEqual([201, name]);
    },
  );

  it('may have a password of 72 bytes in any alphabet', async () => {
    const [email, password] = [`jo-${unique()}@example.com`, 'пароль'.repeat(6)];
    expect((await register({ email, password })).status).toBe(201);
    expect((await signIn(email, password)).email).toBe(email);
  });

  it('cannot take an address twice, in whatever case it is written', async () => {
    const { email } = await newCustomer();
    const again = await register({ email: email.toUpperCase(), password: PASSWORD });
    expect([again.status, again.code]).toEqual([409, 'EMAIL_TAKEN']);
  });

  it('gets the address once, though ten ask for it at once', async () => {
    const body = { email: `jo-${unique()}@example.com`, password: PASSWORD };
    const replies = await Promise.all(Array.from({ length: 10 }, () => register(body)));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });
});

describe('somebody who logs in', () => {
  it('gets a token, a refresh token, and who they are', async () => {
    const jo = await newCustomer();
    expect(jo.login).toMatchObject({ expiresIn: 900, user: { email: jo.email, role: 'user', tier: 'standard' } });
    const profile = await jo.get<UserView>('/auth/profile');
    expect([profile.status, profile.body]).toEqual([200, jo.login.user]);
  });

  it('finds in the token what services need to know, and nothing else', async () => {
    const jo = await newCustomer();
    const claims = JSON.parse(Buffer.from(jo.token.split('.')[1], 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({ sub: jo.id, role: 'user', tier: 'standard', email: jo.email, name: 'Jo Doe' });
    expect(claims.sid).toBeDefined();
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
    expect(JSON.stringify(claims)).not.toMatch(/password|hash/i);
  });

  it('may write the address in any case', async () => {
    const { email } = await newCustomer();
    expect((await signIn(email.toUpperCase(), PASSWORD)).login.user.email).toBe(email);
  });

  it('is told the same for a wrong password and for an unknown address', async () => {
    const { email } = await newCustomer();
    const wrong = await anonymous.post('/auth/login', { email, password: 'wrong-password' });
    const unknown = await anonymous.post('/auth/login', { email: `x${email}`, password: 'wrong-password' });
    expect([wrong.status, wrong.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    const { requestId: _a, ...first } = wrong.body as Record<string, unknown>;
    const { requestId: _b, ...second } = unknown.body as Record<string, unknown>;
    expect(second).toEqual(first);
  });

  it('has ten wrong tries an account, however high other limits are', async () => {
    const { email } = await newCustomer();
    const tries = [];
    for (let i = 0; i < 11; i++)
      tries.push(await anonymous.post('/auth/login', { email, password: `wrong-${i}-word` }));
    expect(tries.slice(0, 10).map(({ status }) => status)).toEqual(Array(10).fill(401));
    expect([tries[10].status, tries[10].code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(tries[10].headers['retry-after'])).toBeGreaterThan(0);
    expect((await newCustomer()).login.token).toBeDefined();
  });

  it.each([
    ['admin@example.com', 'admin123', 'admin', 'standard'],
    ['user@example.com', 'user123', 'user', 'standard'],
    ['vip@example.com', 'vip123', 'user', 'vip'],
  ])('can be %s of the demo', async (email, password, role, tier) => {
    expect((await signIn(email, password)).login.user).toMatchObject({ role, tier });
  });
});

describe('the own account', () => {
  it('changes its name and address; the next token knows', async () => {
    const jo = await newCustomer();
    const email = `new-${unique()}@example.com`;
    const changed = await jo.patch<UserView>('/auth/profile', { name: 'Jo Roe', email });
    expect([changed.status, changed.data.name, changed.data.email]).toEqual([200, 'Jo Roe', email]);
    expect((await jo.get<UserView>('/auth/profile')).data).toMatchObject({ name: 'Jo Roe', email });
    expect((await signIn(email, PASSWORD)).login.user.name).toBe('Jo Roe');
    expect((await anonymous.post('/auth/login', { email: jo.email, password: PASSWORD })).status).toBe(401);
  });

  it('cannot take the address of somebody else', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const taken = await jo.patch('/auth/profile', { email: max.email });
    expect([taken.status, taken.code]).toEqual([409, 'EMAIL_TAKEN']);
  });

  it('changes its password, which ends the other sessions and keeps this one', async () => {
    const jo = await newCustomer();
    const elsewhere = await signIn(jo.email, PASSWORD);
    const change = (currentPassword: string) =>
      jo.post('/auth/password', { currentPassword, newPassword: 'An0ther-horse!' });
    const wrong = await change('not-my-password');
    expect([wrong.status, wrong.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect((await change(PASSWORD)).status).toBeLessThan(300);
    expect((await jo.get('/auth/profile')).status).toBe(200);
    expect((await elsewhere.get('/auth/profile')).status).toBe(401);
    expect((await anonymous.post('/auth/login', { email: jo.email, password: PASSWORD })).status).toBe(401);
    expect((await signIn(jo.email, 'An0ther-horse!')).id).toBe(jo.id);
  });
});

describe('an admin', () => {
  it('finds users by a part of the name or the address, by role and by tier', async () => {
    const admin = await theAdmin();
    const name = `Quill ${unique()}`;
    const jo = await newCustomer({ name, vip: true });
    const found = await admin.get<UserDetailsView[]>(`/users?q=${encodeURIComponent(name.slice(2))}`);
    expect(found.data.map(({ id }) => id)).toEqual([jo.id]);
    expect(found.meta).toMatchObject({ total: 1, page: 1, limit: 20 });
    const byTier = await admin.get<UserDetailsView[]>(`/users?q=${jo.email}&tier=vip&role=user`);
    expect(byTier.data.map(({ id }) => id)).toEqual([jo.id]);
    expect((await admin.get<UserDetailsView[]>(`/users?q=${jo.email}&tier=standard`)).data).toEqual([]);
    expect((await admin.get<UserDetailsView>(`/users/${jo.id}`)).data).toMatchObject({
      disabled: false,
      verified: false,
    });
    expect((await admin.get('/users')).text).not.toMatch(/hash|\$2[aby]\$/i);
  });

  it('makes an admin, who is one in the next token, and undoes it at once', async () => {
    const admin = await theAdmin();
    const jo = await newCustomer();
    await admin.patch(`/users/${jo.id}`, { role: 'admin' });
    const promoted = await signIn(jo.email, PASSWORD);
    expect((await promoted.get('/users')).status).toBe(200);
    await admin.patch(`/users/${jo.id}`, { role: 'user' });
    await eventually(async () => expect([401, 403]).toContain((await promoted.get('/users')).status));
    expect((await (await signIn(jo.email, PASSWORD)).get('/users')).status).toBe(403);
  });

  it('may register admins, which nobody else may', async () => {
    const admin = await theAdmin();
    const body = () => ({ email: `boss-${unique()}@example.com`, password: PASSWORD, role: 'admin' });
    for (const somebody of [anonymous, await newCustomer()]) {
      const refused = await somebody.post('/auth/register', body());
      expect([refused.status, refused.code]).toEqual([403, 'FORBIDDEN']);
    }
    const made = await admin.post<UserView>('/auth/register', body());
    expect([made.status, made.data.role]).toEqual([201, 'admin']);
    expect((await admin.patch(`/users/${made.data.id}`, { role: 'user' })).status).toBe(200);
  });

  it('disables an account, which ends its sessions at once and lets nobody in', async () => {
    const admin = await theAdmin();
    const jo = await newCustomer();
    expect((await admin.patch(`/users/${jo.id}`, { disabled: true })).status).toBe(200);
    await eventually(async () => expect((await jo.get('/auth/profile')).status).toBe(401));
    const refresh = await anonymous.post('/auth/refresh', { refreshToken: jo.login.refreshToken });
    expect(refresh.status).toBe(401);
    const login = await anonymous.post('/auth/login', { email: jo.email, password: PASSWORD });
    expect([login.status, login.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    await admin.patch(`/users/${jo.id}`, { disabled: false });
    expect((await signIn(jo.email, PASSWORD)).id).toBe(jo.id);
  });

  it('makes a VIP, whose refreshed session is one', async () => {
    const admin = await theAdmin();
    const jo = await newCustomer();
    await admin.patch(`/users/${jo.id}`, { tier: 'vip' });
    const { data } = await anonymous.post<LoginView>('/auth/refresh', { refreshToken: jo.login.refreshToken });
    expect(data.user.tier).toBe('vip');
    expect((await new Client({ token: data.token }).get<UserView>('/auth/profile')).data.tier).toBe('vip');
  });

  it('cannot be demoted or disabled when it is the last', async () => {
    const admin = await theAdmin();
    const others = await admin.get<UserDetailsView[]>('/users?role=admin&limit=100');
    for (const { id } of others.data.filter(({ id }) => id !== admin.id))
      await admin.patch(`/users/${id}`, { role: 'user' });
    for (const change of [{ role: 'user' }, { disabled: true }]) {
      const refused = await admin.patch(`/users/${admin.id}`, change);
      expect([refused.status, refused.code]).toEqual([409, 'LAST_ADMIN']);
    }
    expect((await admin.get('/users')).status).toBe(200);
  });
});

import { newCustomer, PASSWORD, theAdmin, unique, type Customer } from '../support/builders';
import { anonymous } from '../support/client';
import { expectRefusal, INVALID, NO_ID, type Refusal } from '../support/refusals';

let jo: Customer;
let admin: Customer;
beforeAll(async () => {
  [jo, admin] = [await newCustomer(), await theAdmin()];
});

describe('registering is refused', () => {
  const faults: [string, () => object, Refusal][] = [
    ['a password of seven characters', () => ({ password: 'Short-1' }), INVALID],
    ['a password of 73 bytes', () => ({ password: 'x'.repeat(73) }), INVALID],
    ['a password of 38 letters and 76 bytes', () => ({ password: 'ж'.repeat(38) }), INVALID],
    ['a password that is a number', () => ({ password: 12345678 }), INVALID],
    ['no password', () => ({ password: undefined }), INVALID],
    ['no address', () => ({ email: undefined }), INVALID],
    ['an address without a host', () => ({ email: 'jo@' }), INVALID],
    ['an address with a line break', () => ({ email: 'jo@example.com\nbcc: all@example.com' }), INVALID],
    ['an address of 300 characters', () => ({ email: `${'x'.repeat(300)}@example.com` }), INVALID],
    ['an operator for an address', () => ({ email: { $gt: '' } }), INVALID],
    ['a role that there is not', () => ({ role: 'king' }), INVALID],
    ['a tier of one’s own', () => ({ tier: 'vip' }), INVALID],
    ['an empty name', () => ({ name: '' }), INVALID],
    ['a name of 201 characters', () => ({ name: 'x'.repeat(201) }), INVALID],
    ['a name that is null', () => ({ name: null }), INVALID],
    ['the role of an admin', () => ({ role: 'admin' }), '403 FORBIDDEN'],
    ['an address that is taken', () => ({ email: jo.email }), '409 EMAIL_TAKEN'],
  ];
  it.each(faults)('with %s', async (_what, fault, refusal) => {
    const good = { email: `jo-${unique()}@example.com`, password: PASSWORD, name: 'Jo' };
    expectRefusal(await anonymous.post('/auth/register', { ...good, ...fault() }), refusal);
  });
});

describe('signing in is refused', () => {
  const faults: [string, string, () => object, Refusal][] = [
    ['a wrong password', '/auth/login', () => ({ email: jo.email, password: 'wrong' }), '401 INVALID_CREDENTIALS'],
    ['an empty password', '/auth/login', () => ({ email: jo.email, password: '' }), INVALID],
    ['a password of 73 bytes', '/auth/login', () => ({ email: jo.email, password: 'x'.repeat(73) }), INVALID],
    ['operators', '/auth/login', () => ({ email: { $gt: '' }, password: { $gt: '' } }), INVALID],
    ['more than is asked for', '/auth/login', () => ({ email: jo.email, password: PASSWORD, role: 'admin' }), INVALID],
    ['a refresh token that is none', '/auth/refresh', () => ({ refreshToken: 'x' }), '401 INVALID_REFRESH_TOKEN'],
    ['a refresh token that is a number', '/auth/refresh', () => ({ refreshToken: 1 }), INVALID],
    ['a one-time token that is none', '/auth/email/verify', () => ({ token: unique() }), '400 INVALID_TOKEN'],
    ['an empty one-time token', '/auth/email/verify', () => ({ token: '' }), INVALID],
    ['no address that forgot', '/auth/password/forgot', () => ({ email: 'nobody' }), INVALID],
  ];
  it.each(faults)('with %s', async (_what, path, body, refusal) => {
    expectRefusal(await anonymous.post(path, body()), refusal);
  });
});

describe('a change of the own account is refused', () => {
  it.each([
    [{ email: 'nowhere' }],
    [{ email: null }],
    [{ name: '' }],
    [{ role: 'admin' }],
    [{ tier: 'vip' }],
    [{ verified: true }],
    [{ password: PASSWORD }],
  ])('with %j', async (body) => expectRefusal(await jo.patch('/auth/profile', body), INVALID));

  it.each([
    [{ currentPassword: PASSWORD, newPassword: 'short' }, INVALID],
    [{ currentPassword: PASSWORD }, INVALID],
    [{ newPassword: 'An0ther-horse!' }, INVALID],
    [{ currentPassword: 'wrong-horse', newPassword: 'An0ther-horse!' }, '401 INVALID_CREDENTIALS'],
  ] as [object, Refusal][])('with the passwords %j', async (body, refusal) => {
    expectRefusal(await jo.post('/auth/password', body), refusal);
  });

  it('for a session that is none', async () => {
    expectRefusal(await jo.delete('/auth/sessions/42'), INVALID);
    expectRefusal(await jo.delete(`/auth/sessions/${NO_ID}`), '404 SESSION_NOT_FOUND');
  });

  it.each([
    ['GET', '/auth/profile'],
    ['PATCH', '/auth/profile'],
    ['POST', '/auth/password'],
    ['POST', '/auth/logout'],
    ['GET', '/auth/sessions'],
    ['GET', '/api/auth/profile'],
  ] as const)('to strangers: %s %s', async (method, path) => {
    expectRefusal(await anonymous.call(method, path), '401 UNAUTHORIZED');
  });
});

describe('the administration of users is refused', () => {
  it('to everybody but admins', async () => {
    const calls = (who: { call: Customer['call'] }) =>
      Promise.all([
        who.call('GET', '/users'),
        who.call('GET', `/users/${jo.id}`),
        who.call('PATCH', `/users/${jo.id}`, { body: { role: 'admin' } }),
        who.call('GET', '/api/users'),
      ]);
    for (const reply of await calls(jo)) expectRefusal(reply, '403 FORBIDDEN');
    for (const reply of await calls(anonymous)) expectRefusal(reply, '401 UNAUTHORIZED');
  });

  it.each([[{ role: 'king' }], [{ tier: 'gold' }], [{ disabled: 'yes' }], [{ password: PASSWORD }], [{ name: '' }]])(
    'to admins with %j',
    async (body) => expectRefusal(await admin.patch(`/users/${jo.id}`, body), INVALID),
  );

  it('to admins for users that are not there, or are asked for wrongly', async () => {
    expectRefusal(await admin.get(`/users/${NO_ID}`), '404 USER_NOT_FOUND');
    expectRefusal(await admin.patch(`/users/${NO_ID}`, { name: 'X' }), '404 USER_NOT_FOUND');
    expectRefusal(await admin.get('/users/42'), INVALID);
    for (const query of ['role=king', 'tier[$ne]=x', 'limit=101', 'q=', 'nope=1']) {
      expectRefusal(await admin.get(`/users?${query}`), INVALID);
    }
  });
});

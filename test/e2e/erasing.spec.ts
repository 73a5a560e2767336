import {
  lineOf,
  newCustomer,
  newProduct,
  PASSWORD,
  placeOrder,
  settled,
  signIn,
  theAdmin,
  type Customer,
} from '../support/builders';
import { anonymous, each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo } from '../support/mailbox';
import { expectRefusal, INVALID, NO_ID } from '../support/refusals';
import type { CartView, ExportView, OrderView, PlacedView, UserView } from '../support/views';

const shippingAddress = { street: '12 Elm Row', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };
const login = ({ email }: Customer, password = PASSWORD) => anonymous.post('/auth/login', { email, password });
const erase = (who: Customer, password = PASSWORD) => who.delete('/auth/profile', { body: { password } });
const asAdmin = async <Data>(path: string) => (await theAdmin()).get<Data>(path);

/** Somebody of whom the shop knows something. */
async function knownCustomer() {
  const [jo, tea] = [await newCustomer({ name: 'Jo Erasable' }), await newProduct()];
  const { data } = await jo.post<PlacedView>('/orders', { ...lineOf(tea, 2), shippingAddress });
  const order = await settled(jo, data.order.id);
  await jo.post('/cart/items', lineOf(tea));
  return { jo, tea, order };
}

describe('everything that the shop knows of somebody', () => {
  it('is theirs to take along, as one file', async () => {
    const { jo, order, tea } = await knownCustomer();
    await eventually(async () => expect((await mailsTo(jo.email)).length).toBeGreaterThan(1));
    const { data, ...reply } = await eventually(async () => {
      const answer = await jo.get<ExportView>('/auth/profile/export');
      expect(answer.data.mails.map(({ state }) => state)).toEqual(['sent', 'sent']);
      return answer;
    });
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
    expect(reply.headers['content-disposition']).toBe('attachment; filename="my-data.json"');
    expect(reply.headers['cache-control']).toBe('no-store');
    expect(data.profile).toEqual((await jo.get<UserView>('/auth/profile')).body);
    expect(data.sessions).toMatchObject([{ current: true }]);
    expect(data.cart.items).toMatchObject([{ stockId: tea.stock.id, quantity: 1 }]);
    expect(data.orders).toEqual([(await jo.get<OrderView>(`/orders/${order.id}`)).data]);
    expect(data.mailPreferences).toMatchObject({ 'order-confirmed': true });
    expect(data.mails.map(({ kind, to }) => [kind, to]).sort()).toEqual([
      ['order-confirmed', jo.email],
      ['verify-email', jo.email],
    ]);
    expect(JSON.stringify(data)).not.toMatch(/password|hash|secret/i);
  });

  it('is complete, however much it is', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 500 })];
    const placed = await each(times(230), 16, () => placeOrder(jo, tea));
    const { data } = await jo.get<ExportView>('/auth/profile/export');
    expect(data.orders.map(({ id }) => id).sort()).toEqual(placed.map(({ id }) => id).sort());
  });
});

describe('somebody who wants to be forgotten', () => {
  it('says the password, and is signed out everywhere, at once and for good', async () => {
    const { jo } = await knownCustomer();
    const elsewhere = await signIn(jo.email, PASSWORD);
    const reply = await erase(jo);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(reply.cookies.filter((cookie) => /Max-Age=0/i.test(cookie))).toHaveLength(2);
    for (const who of [jo, elsewhere]) {
      expectRefusal(await who.get('/auth/profile'), '401 UNAUTHORIZED');
      const { refreshToken } = who.login;
      expectRefusal(await anonymous.post('/auth/refresh', { refreshToken }), '401 INVALID_REFRESH_TOKEN');
    }
    expectRefusal(await login(jo), '401 INVALID_CREDENTIALS');
    expectRefusal(await asAdmin(`/users/${jo.id}`), '404 USER_NOT_FOUND');
    expect((await asAdmin<UserView[]>(`/users?q=${jo.email}`)).data).toEqual([]);
  });

  it('leaves orders behind that say what was sold, and not to whom', async () => {
    const { jo, order } = await knownCustomer();
    await erase(jo);
    const { number, items, total, payment, status, userId } = order;
    await eventually(async () => {
      const left = (await asAdmin<OrderView>(`/orders/${order.id}`)).data;
      expect(left).toMatchObject({ number, items, total, payment, status, userId });
      expect(left.shippingAddress).toEqual({
        ...Object.fromEntries(Object.keys(shippingAddress).map((field) => [field, 'erased'])),
        country: 'US',
      });
    });
  });

  it('can come back with the same address, as somebody new', async () => {
    const { jo } = await knownCustomer();
    await erase(jo);
    const { email } = jo;
    const again = await anonymous.post<UserView>('/auth/register', { email, password: PASSWORD });
    expect(again.status).toBe(201);
    expect(again.data.id).not.toBe(jo.id);
    const anew = await signIn(email, PASSWORD);
    expect((await anew.get<OrderView[]>('/orders')).data).toEqual([]);
    expect((await anew.get<CartView>('/cart')).data.items).toEqual([]);
    expect((await anew.get<ExportView>('/auth/profile/export')).data.orders).toEqual([]);
  });

  it('still gets what was under way to its end', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    const { id } = await placeOrder(jo, tea, 3);
    expect((await erase(jo)).status).toBe(204);
    expect((await settled(await theAdmin(), id)).status).toBe('CONFIRMED');
  });

  it('is not believed without the password', async () => {
    const { jo } = await knownCustomer();
    expectRefusal(await erase(jo, 'wrong-horse'), '401 INVALID_CREDENTIALS');
    expectRefusal(await jo.delete('/auth/profile'), INVALID);
    expectRefusal(await jo.delete('/auth/profile', { body: { password: PASSWORD, id: NO_ID } }), INVALID);
    expectRefusal(await anonymous.delete('/auth/profile', { body: { password: PASSWORD } }), '401 UNAUTHORIZED');
    expect((await jo.get('/auth/profile')).status).toBe(200);
  });
});

describe('an admin', () => {
  it('erases users, however often it is asked', async () => {
    const { jo } = await knownCustomer();
    for (let i = 0; i < 2; i++) expect((await (await theAdmin()).delete(`/users/${jo.id}`)).status).toBe(204);
    expectRefusal(await jo.get('/auth/profile'), '401 UNAUTHORIZED');
    expectRefusal(await login(jo), '401 INVALID_CREDENTIALS');
  });

  it('cannot erase whom there is not', async () => {
    const admin = await theAdmin();
    expectRefusal(await admin.delete(`/users/${NO_ID}`), '404 USER_NOT_FOUND');
    expectRefusal(await admin.delete('/users/42'), INVALID);
    expectRefusal(await (await newCustomer()).delete(`/users/${NO_ID}`), '403 FORBIDDEN');
  });
});

import { lineOf, newProduct } from '../support/builders';
import { each, times } from '../support/client';
import { mailsTo } from '../support/mailbox';
import { expectRefusal } from '../support/refusals';
import { Failpoint } from './failpoint';
import { placeBaseLoad } from './load';
import { form, Plan } from './plan';
import { expectRow } from './row';
import { ordersOf, Shop } from './shop';

jest.setTimeout(300_000);

describe('requests', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  });
  afterAll(() => shop?.close());

  it('P2: the same one fifty times at once is one order, and another one under the same key is refused', async () => {
    const [plan, keys] = [new Plan('keys'), form(20, 100)];
    const attempts = await expectRow('P2 the same at once', shop, () =>
      each(times(keys), 2, async (index) => {
        const [customer, product, key] = [shop.someone(plan), plan.pick(shop.products), `${shop.hot.id}-${index}`];
        const same = await Promise.all(times(50).map(() => shop.place(customer, product, key)));
        expect(new Set(same.map(({ orderId }) => orderId)).size).toBe(1);
        const other = await customer.post('/orders', lineOf(product, 2), { idempotencyKey: key });
        expectRefusal(other, '422 IDEMPOTENCY_KEY_REUSED');
      }),
    );
    expect(new Set(attempts.map(({ orderId }) => orderId)).size).toBe(keys);
  });

  it.each(['order.accepting', 'order.accepted'])('P2: a process that dies at %s, and then the same key', async (at) => {
    const product = await newProduct();
    const failpoint = Failpoint.set({ at, action: 'kill', about: product.sku });
    const [first, again] = await expectRow(`P2 killed at ${at}`, shop, async () => {
      const [customer] = shop.customers;
      const { key } = await shop.place(customer, product);
      await failpoint.struck();
      await shop.place(customer, product, key);
    });
    expect([again.answers.map(({ what }) => what), again.orderId]).toEqual([['201'], first.orderId]);
  });

  it('P3: a flash sale sells exactly what there is, and nobody is shown a conflict', async () => {
    const [plan, units, buyers] = [new Plan('sale'), form(80, 200), form(400, 1_000)];
    const product = await newProduct({ stock: units });
    const attempts = await expectRow('P3 flash sale', shop, () =>
      each(times(buyers), 64, () => shop.place(shop.someone(plan), product)),
    );
    const ended = (await ordersOf(attempts)).map(({ status, failure }) =>
      failure ? `FAILED ${failure.code}` : status,
    );
    const refused = attempts.flatMap(({ orderId, answers }) => (orderId ? [] : answers.map(({ what }) => what)));
    expect(ended.filter((outcome) => outcome === 'CONFIRMED')).toHaveLength(units);
    const others = new Set([...ended, ...refused].filter((outcome) => outcome !== 'CONFIRMED'));
    for (const outcome of others) expect(outcome).toMatch(/^(409|FAILED) INSUFFICIENT_STOCK$/);
  });

  it('P13: with two of everything each order is handled once, and each mail is sent once', async () => {
    const attempts = await expectRow('P13 two replicas', shop, () =>
      placeBaseLoad(shop, new Plan('replicas'), { orders: form(100, 1_000), hot: 0 }),
    );
    const orders = await ordersOf(attempts);
    const ways = orders.map(({ history }) => history.map(({ status }) => status).join());
    expect(new Set(ways)).toEqual(new Set(['PENDING,CONFIRMED']));
    // Not only shown once in a mailbox, but sent once.
    const mails = await each(shop.customers, 8, ({ email }) => mailsTo(email));
    const subjects = mails.flat().map(({ subject }) => subject);
    const sent = orders.map(({ number }) => subjects.filter((subject) => subject.includes(number)).length);
    expect(new Set(sent)).toEqual(new Set([1]));
  });
});

import { expectRefusal } from '../support/refusals';
import { lineOf, newProduct, unique } from '../support/builders';
import { each, times } from '../support/client';
import { mailsTo } from '../support/mailbox';
import { Failpoint } from './failpoint';
import { placeBaseLoad, placeStubbornly, type Attempt } from './load';
import { form, Plan } from './plan';
import { ordersOf, expectRow } from './row';
import { closeShop, openShop, type Shop } from './shop';

jest.setTimeout(300_000);

describe('requests', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => closeShop(shop));

  it('P2: the same one fifty times at once is one order, and another one under the same key is refused', async () => {
    const [keys, width] = [form(20, 100), 50];
    const plan = new Plan('keys');
    const attempts = await expectRow('P2 the same at once', shop, async () => {
      const wanted = times(keys).map(() => ({
        customer: plan.pick(shop.customers),
        product: plan.pick(shop.products),
      }));
      const groups = await each(wanted, 2, async ({ customer, product }) => {
        const key = unique();
        const same = await Promise.all(times(width).map(() => placeStubbornly(customer, product, { key })));
        const other = await customer.post('/orders', lineOf(product, 2), { idempotencyKey: key });
        expectRefusal(other, '422 IDEMPOTENCY_KEY_REUSED');
        return same;
      });
      for (const same of groups) expect(new Set(same.map(({ orderId }) => orderId)).size).toBe(1);
      return groups.map(([first, ...rest]) => joined(first, rest));
    });
    expect(new Set(attempts.map(({ orderId }) => orderId)).size).toBe(keys);
  });

  it.each(['order.accepting', 'order.accepted'])('P2: a process that dies at %s, and then the same key', async (at) => {
    const product = await newProduct();
    const failpoint = Failpoint.set({ at, action: 'kill', about: product.sku });
    await expectRow(`P2 killed at ${at}`, shop, async () => {
      const [customer] = shop.customers;
      const first = await placeStubbornly(customer, product);
      await failpoint.struck();
      const again = await placeStubbornly(customer, product, { key: first.key });
      expect([again.status, again.orderId]).toEqual([201, first.orderId]);
      return [joined(first, [again])];
    });
  });

  it('P3: a flash sale sells exactly what there is', async () => {
    const [units, buyers] = [form(80, 200), form(400, 1_000)];
    const plan = new Plan('sale');
    const product = await newProduct({ stock: units });
    const attempts = await expectRow('P3 flash sale', shop, () =>
      each(times(buyers), 64, () => placeStubbornly(plan.pick(shop.customers), product)),
    );
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (const { orderId, status, code } of attempts) if (!orderId) count(`${status} ${code}`);
    for (const { status, failure } of await ordersOf(attempts)) count(failure ? `${status} ${failure.code}` : status);
    const { CONFIRMED: confirmed, ...others } = Object.fromEntries(outcomes);
    expect(confirmed).toBe(units);
    // Nobody is shown a conflict, or anything else than that there is nothing left.
    for (const outcome of Object.keys(others)) expect(outcome).toMatch(/^(409|FAILED) INSUFFICIENT_STOCK$/);
  });

  it('P13: with two of everything each order is handled once, and each mail is sent once', async () => {
    const attempts = await expectRow('P13 two replicas', shop, () =>
      placeBaseLoad(shop, new Plan('replicas'), { orders: form(100, 1_000), hot: 0 }),
    );
    const orders = await ordersOf(attempts);
    expect(new Set(orders.map(({ history }) => history.map(({ status }) => status).join()))).toEqual(
      new Set(['PENDING,CONFIRMED']),
    );
    // Not only the same mail once in a mailbox, but sent once.
    const mails = await each(shop.customers, 8, ({ email }) => mailsTo(email));
    const subjects = mails.flat().map(({ subject }) => subject);
    const sent = orders.map(({ number }) => subjects.filter((subject) => subject.includes(number)).length);
    expect(new Set(sent)).toEqual(new Set([1]));
  });
});

/** Several tries with one key as the one attempt that they were. */
const joined = (first: Attempt, rest: Attempt[]): Attempt => ({
  ...first,
  retries: [first, ...rest].reduce((sum, { retries }) => sum + retries, 0),
  slowestMs: Math.max(...[first, ...rest].map(({ slowestMs }) => slowestMs)),
});

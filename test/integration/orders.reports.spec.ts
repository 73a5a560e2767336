import { orders, type SalesQuery } from '@suite/contracts';
import { each, times } from '../support/client';
import { oneOf, OrderSuite } from '../support/orders';
import { recount } from '../support/sales';
import { someAdmin, someCaller, someProduct } from '../support/stock';

const soon = { RECONCILE_EVERY_MS: '300', RELAY_EVERY_MS: '200' };
const admin = { caller: someAdmin };

describe('the reports', () => {
  let suite: OrderSuite;
  const db = () => suite.wires.database('orders');
  const summary = (query: SalesQuery = {}) => suite.wires.ask(orders.summary, query, admin);

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders');
    await suite.add('processor', soon);
  });
  afterAll(() => suite?.stop());

  it('have nothing to tell of a shop without orders', async () => {
    expect(await summary()).toEqual((await recount(db())).sales);
    expect(await suite.wires.ask(orders.topProducts, {}, admin)).toEqual({ items: [] });
  });

  it('agree with a recount at once, wherever an order is on its way', async () => {
    const product = await someProduct(suite.wires, { price: 1_250, initialStock: 30 });
    const placed = await each(times(40), 20, (i) =>
      suite.place(oneOf(product), { caller: someCaller({ tier: i % 3 ? 'standard' : 'vip' }) }),
    );
    for (const { order } of placed) await suite.ended(order.id);
    expect(await summary()).toEqual((await recount(db())).sales);
    expect(await summary({ tier: 'vip' })).toEqual((await recount(db(), { tier: 'vip' })).sales);
  });
});

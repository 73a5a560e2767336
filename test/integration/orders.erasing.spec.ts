import { auth, ERASED, orders } from '@suite/contracts';
import { Types } from 'mongoose';
import { quantitiesOf, Shopper } from '../support/carts';
import { eventually } from '../support/eventually';
import { START_MS } from '../support/gateways';
import { oneOf, OrderSuite } from '../support/orders';
import { newId, someAdmin, someCaller, someProduct } from '../support/stock';

const shippingAddress = { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' };

describe('a user who was erased', () => {
  let suite: OrderSuite;
  const tell = (userId: string) => suite.wires.tell(auth.userErased, { userId, at: new Date().toISOString() });
  const kept = (userId: string) =>
    suite.wires
      .database('orders')
      .collection('orders')
      .find({ userId: new Types.ObjectId(userId) })
      .sort({ createdAt: 1 })
      .toArray();
  const cartsOf = (userId: string) =>
    suite.wires
      .database('orders')
      .collection('carts')
      .countDocuments({ _id: new Types.ObjectId(userId) });

  beforeAll(async () => {
    suite = await OrderSuite.start('stock', 'orders', 'orders');
  }, START_MS);
  afterAll(() => suite?.stop());

  it('has no cart any more, and orders with what accounting needs and nothing else', async () => {
    const jo = new Shopper(suite);
    const [product, { userId }] = [await someProduct(suite.wires), jo.caller];
    const { order } = await suite.place({ ...oneOf(product, 2), shippingAddress }, jo);
    const { order: withoutAddress } = await suite.place(oneOf(product), jo);
    await jo.add({ stockId: product.stock.id, quantity: 1 });
    await suite.wires.ask(orders.addNote, { id: order.id, text: 'Jo has called' }, { caller: someAdmin });
    const shipment = { seq: 3, carrier: 'A carrier', trackingNumber: 'T-4711', items: [], at: new Date() };
    const orderOf = { _id: new Types.ObjectId(order.id) };
    await suite.wires
      .database('orders')
      .collection('orders')
      .updateOne(orderOf, { $set: { shipments: [shipment] } });
    const before = await kept(userId);

    for (let times = 0; times < 2; times++) {
      await tell(userId);
      await eventually(async () =>
        expect((await kept(userId)).map(({ customer }) => (customer as { email: string }).email)).toEqual(
          before.map(() => ERASED.email),
        ),
      );
    }
    expect(await cartsOf(userId)).toBe(0);
    const erased = { street: 'erased', city: 'erased', state: 'erased', zipCode: 'erased', country: 'US' };
    const { trackingNumber: _number, ...shipped } = shipment;
    const { outbox: _paid, told: _told, ...rest } = before[0];
    const [after, plain] = await kept(userId);
    expect(after).toMatchObject({
      ...rest,
      shipments: [shipped],
      notes: [{ ...(rest.notes as object[])[0], text: ERASED.text }],
      customer: { email: ERASED.email, name: ERASED.name },
      shippingAddress: erased,
    });
    expect(after.shipments).toEqual([shipped]);
    expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(['notes']));
    expect(await suite.order(order.id)).toMatchObject({
      number: order.number,
      total: order.total,
      shippingAddress: erased,
    });
    expect((await suite.order(withoutAddress.id)).shippingAddress).toBeUndefined();
  });

  it('is nobody else', async () => {
    const [jo, max] = [new Shopper(suite), new Shopper(suite)];
    const product = await someProduct(suite.wires);
    for (const who of [jo, max]) {
      await suite.place({ ...oneOf(product), shippingAddress }, who);
      await who.add({ stockId: product.stock.id, quantity: 1 });
    }
    await tell(jo.caller.userId);
    await eventually(async () => expect(await cartsOf(jo.caller.userId)).toBe(0));
    expect((await kept(max.caller.userId))[0]).toMatchObject({
      customer: { email: max.caller.email },
      shippingAddress,
    });
    expect(quantitiesOf(await max.cart())).toEqual([1]);
  });

  it('had an order on its way: it ends as any other, and is told without them', async () => {
    const caller = someCaller({ userId: newId() });
    const product = await someProduct(suite.wires);
    const { order } = await suite.place({ ...oneOf(product, 3), shippingAddress }, { caller });
    await tell(caller.userId);
    await eventually(async () => expect((await kept(caller.userId))[0].customer).toMatchObject({ name: ERASED.name }));
    await suite.add('processor');
    expect(await suite.ended(order.id)).toMatchObject({ status: 'CONFIRMED', total: order.total });
    await eventually(async () => {
      const entries = await suite.wires.redis.xrange('ev:{orders}', '-', '+');
      const facts = entries.map(([, [, message]]) => message).filter((text) => text.includes(order.id));
      expect(facts).toContainEqual(expect.stringMatching(/"email":"erased@erased\.invalid".*"status":"CONFIRMED"/));
    });
  });
});

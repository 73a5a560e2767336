import { newCustomer, newProduct, placeOrder, settled, stockOf, theAdmin, type Customer } from '../support/builders';
import { anonymous, times } from '../support/client';
import { eventually } from '../support/eventually';
import { expectRefusal, INVALID, NO_ID } from '../support/refusals';
import { frozen } from '../support/processes';
import type { MovementView, OrderView } from '../support/views';

const cancel = (who: { post: Customer['post'] }, id: string) => who.post<OrderView>(`/orders/${id}/cancel`);

describe('a customer who changes their mind', () => {
  it('cancels a confirmed order, and its stock is back', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 5 });
    const { id } = await settled(jo, (await placeOrder(jo, tea, 2)).id);
    const { status, data } = await cancel(jo, id);
    expect([status, data.id, data.status]).toEqual([200, id, 'CANCELLED']);
    expect(data.history.map((entry) => [entry.seq, entry.status])).toEqual([
      [1, 'PENDING'],
      [2, 'CONFIRMED'],
      [3, 'CANCELLED'],
    ]);
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
  });

  it('cancels an order that still waits, which is then never confirmed', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 5 });
    const id = await frozen('processor', async () => {
      const order = await placeOrder(jo, tea, 2);
      const { status, data } = await cancel(jo, order.id);
      expect([status, data.status]).toEqual([200, 'CANCELLED']);
      return order.id;
    });
    // One that comes after it and is confirmed shows that the first has had its turn.
    expect((await settled(jo, (await placeOrder(jo, tea)).id)).status).toBe('CONFIRMED');
    expect((await jo.get<OrderView>(`/orders/${id}`)).data.status).toBe('CANCELLED');
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 4, reserved: 0 }));
  });

  it('cancels once, however often and fast it is said', async () => {
    const jo = await newCustomer();
    const tea = await newProduct({ stock: 5 });
    const { id } = await placeOrder(jo, tea, 2);
    const replies = await Promise.all(times(8).map(() => cancel(jo, id)));
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    for (const { status, code } of replies.filter((reply) => reply.status !== 200)) {
      expect([status, code]).toEqual([409, 'INVALID_TRANSITION']);
    }
    const { data } = await jo.get<OrderView>(`/orders/${id}`);
    expect(data.history.filter(({ status }) => status === 'CANCELLED')).toHaveLength(1);
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
    const ledger = await (await theAdmin()).get<MovementView[]>(`/stock/${tea.stock.id}/movements?limit=100`);
    const moved = ledger.data.filter(({ orderId }) => orderId === id);
    expect(moved.reduce((sum, { available }) => sum + available, 0)).toBe(0);
  });

  it('gives others the chance to buy what was sold out', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const tea = await newProduct({ stock: 1 });
    const { id } = await settled(jo, (await placeOrder(jo, tea)).id);
    await cancel(jo, id);
    const order = await eventually(() => placeOrder(max, tea));
    expect((await settled(max, order.id)).status).toBe('CONFIRMED');
  });

  it('cannot cancel an order twice, nor that of somebody else, nor none', async () => {
    const [jo, max] = [await newCustomer(), await newCustomer()];
    const { id } = await settled(jo, (await placeOrder(jo, await newProduct())).id);
    expectRefusal(await cancel(max, id), '404 ORDER_NOT_FOUND');
    expectRefusal(await cancel(anonymous, id), '401 UNAUTHORIZED');
    expect((await cancel(jo, id)).status).toBe(200);
    expectRefusal(await cancel(jo, id), '409 INVALID_TRANSITION');
    expectRefusal(await cancel(jo, NO_ID), '404 ORDER_NOT_FOUND');
    expectRefusal(await cancel(jo, '42'), INVALID);
  });
});

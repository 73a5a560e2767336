import {
  lineOf,
  newCustomer,
  newProduct,
  settled,
  stockOf,
  succeeded,
  theAdmin,
  unique,
  type Customer,
} from '../support/builders';
import { times } from '../support/client';
import { eventually } from '../support/eventually';
import { mailsTo, mailWith } from '../support/mailbox';
import type { NoteView, OrderView, PlacedView, ProductView } from '../support/views';

jest.setTimeout(60_000);

let admin: Customer;
let jo: Customer;
let tea: ProductView;
let pot: ProductView;

/** Three packs of tea and a pot, 80.00 in all, confirmed. */
async function newOrder(): Promise<OrderView> {
  [jo, tea, pot] = [await newCustomer(), await newProduct({ price: 20 }), await newProduct({ price: 20 })];
  const { data } = succeeded(await jo.post<PlacedView>('/orders', { items: [lineOf(tea, 3), lineOf(pot)] }), 201);
  return settled(jo, data.order.id);
}

beforeAll(async () => {
  admin = await theAdmin();
});

const setStatus = ({ id }: OrderView, body: object) => admin.patch<OrderView>(`/admin/orders/${id}/status`, body);
const refund = ({ id }: OrderView, body: object, idempotencyKey = unique()) =>
  admin.post<OrderView>(`/admin/orders/${id}/refund`, body, { idempotencyKey });
const seenBy = async (who: Customer, { id }: OrderView) =>
  succeeded(await who.get<OrderView>(`/orders/${id}`), 200).data;

describe('an admin’s day with one order', () => {
  it('goes from the first parcel to the last refund, and the customer hears of each step once', async () => {
    const order = await newOrder();
    const found = await admin.get<OrderView>(`/admin/orders/by-number/${order.number.toLowerCase()}`);
    expect([found.status, found.data.id]).toEqual([200, order.id]);

    const parcel = { carrier: 'DHL', trackingNumber: 'JD014600003SE' };
    const first = await setStatus(order, { status: 'SHIPPED', ...parcel, items: [lineOf(tea, 2)] });
    expect([first.status, first.data.status]).toEqual([200, 'SHIPPED']);
    expect(first.data.shipments).toMatchObject([{ ...parcel, items: [lineOf(tea, 2)] }]);
    expect((await setStatus(order, { status: 'DELIVERED' })).code).toBe('INVALID_TRANSITION');

    const rest = await setStatus(order, { status: 'SHIPPED' });
    expect(rest.data.items.map(({ shipped }) => shipped)).toEqual([3, 1]);
    expect(rest.data.shipments.at(-1)).toMatchObject({ items: [lineOf(tea), lineOf(pot)] });
    const delivered = await setStatus(order, { status: 'DELIVERED', reason: 'Signed by the neighbour' });
    expect(delivered.data).toMatchObject({ status: 'DELIVERED', payment: { refunded: 0 } });

    const broken = await refund(order, { lines: [lineOf(pot)], restock: true, reason: 'Did not like it' });
    expect([broken.status, broken.data.status]).toEqual([201, 'DELIVERED']);
    expect(broken.data.payment).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: 20 });
    expect(broken.data.items.map(({ refunded }) => refunded)).toEqual([0, 1]);
    await eventually(async () => expect(await stockOf(pot)).toMatchObject({ available: 100, reserved: 0 }));

    expect((await refund(order, { amount: 4.5 })).data.payment.refunded).toBe(24.5);
    const last = await refund(order, {});
    expect(last.data).toMatchObject({ status: 'REFUNDED', payment: { status: 'REFUNDED', refunded: 80 } });
    expect(await stockOf(tea)).toMatchObject({ available: 97, reserved: 0 });

    const { history } = await seenBy(jo, order);
    expect(history.map(({ seq, kind, status }) => [seq, kind, status])).toEqual([
      [1, 'status', 'PENDING'],
      [2, 'status', 'CONFIRMED'],
      [3, 'status', 'SHIPPED'],
      [4, 'shipment', 'SHIPPED'],
      [5, 'status', 'DELIVERED'],
      [6, 'refund', 'DELIVERED'],
      [7, 'refund', 'DELIVERED'],
      [8, 'status', 'REFUNDED'],
    ]);
    expect(history[4]).toMatchObject({ by: admin.id, reason: 'Signed by the neighbour' });

    const expected = [
      `A refund for your order ${order.number}: $20.00`,
      `A refund for your order ${order.number}: $4.50`,
      `A refund for your order ${order.number}: $55.50`,
      `More of your order ${order.number} is on its way`,
      `Your order ${order.number} is confirmed`,
      `Your order ${order.number} is on its way`,
      `Your order ${order.number} was delivered`,
    ];
    await eventually(
      async () => {
        const about = (await mailsTo(jo.email)).filter(({ subject }) => subject.includes(order.number));
        const once = new Map(about.map(({ messageId, subject }) => [messageId, subject]));
        expect([...once.values()].sort()).toEqual(expected);
      },
      { timeoutMs: 30_000 },
    );
    await mailWith(jo.email, /2 × [^]*Carrier: DHL[^]*Tracking number: JD014600003SE[^]*The rest will follow/);
  });

  it('may begin with a refund before anything is shipped, and its units are on sale again', async () => {
    const order = await newOrder();
    await refund(order, { lines: [lineOf(tea, 2)] });
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 99 }));
    const shipped = await setStatus(order, { status: 'SHIPPED' });
    expect(shipped.data.items.map(({ shipped }) => shipped)).toEqual([1, 1]);
    expect((await setStatus(order, { status: 'DELIVERED' })).data.status).toBe('DELIVERED');
  });

  it('may end with a cancellation, which gives everything back', async () => {
    const order = await newOrder();
    await refund(order, { lines: [lineOf(tea)] });
    const { data } = await setStatus(order, { status: 'CANCELLED', reason: 'As agreed on the phone' });
    expect(data).toMatchObject({ status: 'CANCELLED', payment: { status: 'REFUNDED', refunded: 80 } });
    expect(data.history.at(-1)).toMatchObject({ by: admin.id, reason: 'As agreed on the phone' });
    await eventually(async () => {
      expect([await stockOf(tea), await stockOf(pot)]).toMatchObject([{ available: 100 }, { available: 100 }]);
    });
    await mailWith(jo.email, /is cancelled\.\s+Reason: As agreed on the phone/);
  });
});

describe('a refund', () => {
  it('is made once a key, however often and fast it is asked for, and answered alike', async () => {
    const [order, key] = [await newOrder(), unique()];
    const replies = await Promise.all(times(10).map(() => refund(order, { amount: 1 }, key)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect((await seenBy(admin, order)).refunds).toMatchObject([{ state: 'done', amount: 1 }]);
    expect((await seenBy(jo, order)).payment.refunded).toBe(1);
    const again = await refund(order, { amount: 1 }, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect((await refund(order, { amount: 2 }, key)).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('and another, each of more than half, end with one of them', async () => {
    const order = await newOrder();
    const replies = await Promise.all([refund(order, { amount: 41 }), refund(order, { amount: 42 })]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = replies.find(({ status }) => status === 409)!;
    expect(refused.code).toBe('REFUND_EXCEEDS_CAPTURE');
    expect([38, 39]).toContain((refused.body as { refundable: number }).refundable);
  });
});

describe('a shipment', () => {
  it('that is announced again with the same key is one parcel', async () => {
    const [order, idempotencyKey] = [await newOrder(), unique()];
    const path = `/admin/orders/${order.id}/status`;
    const body = { status: 'SHIPPED', items: [lineOf(tea)] };
    const replies = await Promise.all(times(5).map(() => admin.patch<OrderView>(path, body, { idempotencyKey })));
    for (const { status, body: answer } of replies) expect([status, answer]).toEqual([200, replies[0].body]);
    expect((await seenBy(jo, order)).shipments).toHaveLength(1);
  });
});

describe('a note', () => {
  it('is for admins, and no customer sees it or any sign of it', async () => {
    const [order, idempotencyKey] = [await newOrder(), unique()];
    const text = 'Called: wants it <after> six 🎉';
    const write = () => admin.post<NoteView>(`/admin/orders/${order.id}/notes`, { text }, { idempotencyKey });
    const [first, again] = [await write(), await write()];
    expect([first.status, first.data]).toMatchObject([201, { text, by: admin.id }]);
    expect([again.data, again.headers['idempotency-replayed']]).toEqual([first.data, 'true']);
    expect((await seenBy(admin, order)).notes).toEqual([first.data]);
    const mine = await jo.get<OrderView>(`/orders/${order.id}`);
    expect(mine.data).toEqual(order);
    expect(mine.text).not.toContain('notes');
  });
});

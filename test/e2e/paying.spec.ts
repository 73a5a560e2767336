import { lineOf, newCustomer, newProduct, stockOf, succeeded, theAdmin, type Customer } from '../support/builders';
import { each, times } from '../support/client';
import { eventually } from '../support/eventually';
import { Till } from '../support/till';
import type { OrderPaymentView } from '../support/payment-views';
import type { DeadLetterView, OrderView, PlacedView, ProductView } from '../support/views';

jest.setTimeout(90_000);

const till = new Till();

type Way = { paymentMethod: 'STRIPE' | 'PAYPAL'; paymentFlow?: 'REGULAR' | 'CHECKOUT' };
const ways: Way[] = [
  { paymentMethod: 'STRIPE', paymentFlow: 'REGULAR' },
  { paymentMethod: 'STRIPE', paymentFlow: 'CHECKOUT' },
  { paymentMethod: 'PAYPAL' },
];
const nameOf = ({ paymentMethod, paymentFlow }: Way) => [paymentMethod, paymentFlow].filter(Boolean).join(' ');

const order = async (jo: Customer, tea: ProductView, way: Way): Promise<PlacedView> =>
  succeeded(await jo.post<PlacedView>('/orders', { ...lineOf(tea, 2), ...way }), 201).data;
const look = async (jo: Customer, id: string) => succeeded(await jo.get<OrderView>(`/orders/${id}`), 200).data;
const becomes = (jo: Customer, id: string, status: string): Promise<OrderView> =>
  eventually(
    async () => {
      const now = await look(jo, id);
      if (now.status !== status) throw new Error(`order ${id} is ${now.status}`);
      return now;
    },
    { timeoutMs: 20_000 },
  );

describe.each(ways.map((way) => [nameOf(way), way] as const))('an order paid by %s', (_name, way) => {
  it('waits for its payment with its stock held, and is confirmed when it is paid', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5, price: 12.5 })];
    const placed = await order(jo, tea, way);
    const { id } = placed.order;
    expect(placed.order.status).toBe('PENDING');
    expect(Boolean(placed.clientSecret)).toBe(way.paymentFlow === 'REGULAR');
    expect(Boolean(placed.paymentUrl)).toBe(way.paymentFlow !== 'REGULAR');
    await becomes(jo, id, 'AWAITING_PAYMENT');
    expect(await stockOf(tea)).toMatchObject({ available: 3, reserved: 2 });
    const access = succeeded(await jo.get<OrderPaymentView>(`/orders/${id}/payment`), 200).data;
    const { clientSecret, paymentUrl } = placed;
    expect(access).toMatchObject({
      status: 'PENDING',
      ...(clientSecret && { clientSecret }),
      ...(paymentUrl && { paymentUrl }),
    });
    expect(Date.parse(access.expiresAt!)).toBeGreaterThan(Date.now());

    await till.serve(id);
    const paid = await becomes(jo, id, 'CONFIRMED');
    expect(paid.payment).toMatchObject({ status: 'PAID', refunded: 0 });
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 3, reserved: 0 }));
    expect(await till.balance(id)).toEqual({ captures: 1, kept: 2_500 });
    expect((await jo.get<OrderPaymentView>(`/orders/${id}/payment`)).data).toEqual({ status: 'PAID' });
  });

  it('stands a decline, and is confirmed when the next card is good', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5, price: 12.5 })];
    const { id } = (await order(jo, tea, way)).order;
    await till.serve(id, 'decline');
    await eventually(async () => {
      const { status, payment, history } = await look(jo, id);
      expect([status, payment.status, history.at(-1)!.kind]).toEqual(['AWAITING_PAYMENT', 'FAILED', 'payment']);
    });
    expect((await jo.get<OrderPaymentView>(`/orders/${id}/payment`)).data.status).toBe('FAILED');
    await till.serve(id);
    await becomes(jo, id, 'CONFIRMED');
    expect(await till.balance(id)).toEqual({ captures: 1, kept: 2_500 });
  });

  it('fails at the third decline, and its stock is back', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
    const { id } = (await order(jo, tea, way)).order;
    for (const nth of [1, 2, 3]) {
      await till.serve(id, 'decline');
      await eventually(async () => {
        const { history } = await look(jo, id);
        expect(history.filter(({ kind }) => kind === 'payment').length >= nth || nth === 3).toBe(true);
      });
    }
    const failed = await becomes(jo, id, 'FAILED');
    expect(failed.failure).toMatchObject({ code: 'PAYMENT_DECLINED' });
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
    expect(await till.balance(id)).toEqual({ captures: 0, kept: 0 });
  });

  it('is paid back when it is cancelled', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
    const { id } = (await order(jo, tea, way)).order;
    await till.serve(id);
    await becomes(jo, id, 'CONFIRMED');
    succeeded(await jo.post(`/orders/${id}/cancel`), 200);
    await eventually(async () => {
      expect((await look(jo, id)).payment).toMatchObject({ status: 'REFUNDED' });
      expect(await till.balance(id)).toEqual({ captures: 1, kept: 0 });
      expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 });
    });
  });

  it('takes money that comes too late, and gives it back once', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5, price: 12.5 })];
    const { id } = (await order(jo, tea, way)).order;
    await becomes(jo, id, 'AWAITING_PAYMENT');
    succeeded(await jo.post(`/orders/${id}/cancel`), 200);
    await eventually(async () => expect((await look(jo, id)).payment.status).toBe('EXPIRED'));
    await till.serve(id, 'late');
    await eventually(async () => {
      expect(await till.balance(id)).toEqual({ captures: 1, kept: 0 });
      const { status, payment, history } = await look(jo, id);
      expect([status, payment.status, payment.refunded]).toEqual(['CANCELLED', 'REFUNDED', 25]);
      expect(history.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
    });
    expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 });
  });

  it('is refunded in part and in whole by an admin, and never for more', async () => {
    const [jo, tea, admin] = [await newCustomer(), await newProduct({ price: 12.5 }), await theAdmin()];
    const { id } = (await order(jo, tea, way)).order;
    await till.serve(id);
    await becomes(jo, id, 'CONFIRMED');
    succeeded(await admin.post(`/admin/orders/${id}/refund`, { amount: 5, reason: 'Dented' }), 201);
    await eventually(async () => expect(await till.balance(id)).toEqual({ captures: 1, kept: 2_000 }));
    expect((await admin.post(`/admin/orders/${id}/refund`, { amount: 20.01 })).code).toBe('REFUND_EXCEEDS_CAPTURE');
    succeeded(await admin.post(`/admin/orders/${id}/refund`, {}), 201);
    await eventually(async () => {
      expect(await till.balance(id)).toEqual({ captures: 1, kept: 0 });
      expect((await look(jo, id)).status).toBe('REFUNDED');
    });
  });
});

describe('paying', () => {
  it('is not begun for less than the provider takes: the order is given up, and waits at the desk of the admins', async () => {
    const [jo, tea, admin] = [await newCustomer(), await newProduct({ stock: 5, price: 0.2 }), await theAdmin()];
    const { id } = (await order(jo, tea, { paymentMethod: 'STRIPE' })).order;
    expect((await becomes(jo, id, 'FAILED')).failure).toMatchObject({ code: 'PROCESSING_FAILED' });
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
    const letterOf = (state: string) =>
      eventually(async () => {
        const { data } = await admin.get<DeadLetterView[]>(`/admin/dlq?state=${state}&reason=AMOUNT_TOO_SMALL`);
        return data.find(({ orderId }) => orderId === id)!.id;
      });
    // Whoever replays it tries again, and comes to the same end.
    succeeded(await admin.post(`/admin/dlq/${await letterOf('open')}/replay`), 200);
    await eventually(async () => {
      const { history } = await look(jo, id);
      const ways = history.map(({ status }) => status);
      expect(ways).toEqual([
        ...['PENDING', 'AWAITING_PAYMENT', 'FAILED'],
        ...['PENDING', 'AWAITING_PAYMENT', 'FAILED'],
      ]);
    });
    await letterOf('open');
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
  });

  it('can be disputed, and the order shows it', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
    const { id } = (await order(jo, tea, { paymentMethod: 'STRIPE' })).order;
    await till.serve(id);
    await becomes(jo, id, 'CONFIRMED');
    await till.serve(id, 'dispute');
    await eventually(async () => {
      const { status, history } = await look(jo, id);
      expect([status, history.at(-1)]).toMatchObject([
        'CONFIRMED',
        { kind: 'payment', reason: 'Disputed: fraudulent' },
      ]);
    });
  });

  it('is refused for good by PayPal when the bank denies it later', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 5 })];
    const { id } = (await order(jo, tea, { paymentMethod: 'PAYPAL' })).order;
    await till.serve(id, 'refuse');
    expect((await becomes(jo, id, 'FAILED')).failure).toMatchObject({ code: 'PAYMENT_DECLINED' });
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 5, reserved: 0 }));
  });

  it('takes nothing twice, however often the customer presses', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ price: 12.5 })];
    for (const way of ways) {
      const { id } = (await order(jo, tea, way)).order;
      await till.serve(id);
      await Promise.all(times(5).map(() => till.act(id, 'pay')));
      await becomes(jo, id, 'CONFIRMED');
      expect(await till.balance(id)).toEqual({ captures: 1, kept: 2_500 });
    }
  });

  it('goes on when the provider is slow, and the answer does not wait for it', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct()];
    const placed = await till.underWeather({ payDelayMs: 3_000 }, async () => {
      const answer = await jo.post<PlacedView>('/orders', { ...lineOf(tea), paymentMethod: 'STRIPE' });
      expect(answer.ms).toBeLessThan(2_900);
      expect(answer.status).toBe(201);
      return answer.data;
    });
    expect(placed.clientSecret).toBeUndefined();
    await eventually(async () =>
      expect((await jo.get<OrderPaymentView>(`/orders/${placed.order.id}/payment`)).data.clientSecret).toBeTruthy(),
    );
    await till.serve(placed.order.id);
    await becomes(jo, placed.order.id, 'CONFIRMED');
  });

  it('against cancelling, at whatever moment, ends paid and confirmed or cancelled and worth nothing', async () => {
    const [jo, tea] = [await newCustomer(), await newProduct({ stock: 1_000, price: 12.5 })];
    const ids = await each(times(200), 8, async (nth) => {
      const { id } = (await order(jo, tea, ways[nth % ways.length])).order;
      // Now the one goes first, now the other; one in ten is paid in peace.
      const cancel = async () => {
        if (nth % 10 !== 0) await jo.post(`/orders/${id}/cancel`);
      };
      const pay = () => till.act(id, 'pay');
      await Promise.all(nth % 2 === 0 ? [pay(), cancel()] : [cancel(), pay()]);
      return id;
    });
    await eventually(
      async () => {
        const wrong = await each(ids, 8, async (id) => {
          const [{ status }, { captures, kept }] = [await look(jo, id), await till.balance(id)];
          const sound =
            captures <= 1 && (status === 'CONFIRMED' ? kept === 2_500 : status === 'CANCELLED' && kept === 0);
          return sound ? [] : [{ id, status, captures, kept }];
        });
        expect(wrong.flat()).toEqual([]);
      },
      { timeoutMs: 40_000, everyMs: 500 },
    );
    const confirmed = await each(ids, 8, async (id) => (await look(jo, id)).status === 'CONFIRMED');
    const units = 2 * confirmed.filter(Boolean).length;
    await eventually(async () => expect(await stockOf(tea)).toMatchObject({ available: 1_000 - units, reserved: 0 }));
  });
});

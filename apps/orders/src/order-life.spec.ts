import { Problem } from '@suite/contracts';
import { cancellation } from './cancellation';
import { ADMIN, MemoryOrder } from './memory-order';
import { failedRefund, leftToRefund, newRefund, refundStep, type RefundWish } from './refund';
import { delivery, leftToShip, shipment } from './shipment';

const ship = (order: MemoryOrder, ...units: [number, number][]) => {
  const items = units.length > 0 ? order.units(...units) : undefined;
  return order.move({ ...shipment(order.record, { id: '', status: 'SHIPPED', items }), by: ADMIN, as: 'admin' });
};
const deliver = (order: MemoryOrder) => order.move({ ...delivery(order.record), by: ADMIN, as: 'admin' });
const request = (order: MemoryOrder, wish: RefundWish) => {
  const refund = newRefund(order.record, wish, ADMIN);
  order.amend({ refunds: [...(order.record.refunds ?? []), refund] });
  return refund;
};
const refund = (order: MemoryOrder, wish: RefundWish) => order.move(refundStep(order.record, request(order, wish)));
const cancel = (order: MemoryOrder) => order.move(cancellation(order.record, { by: ADMIN, as: 'admin' }));
/** Code, and what else a client is told. */
const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, ...error.extra };
    throw error;
  }
  return undefined;
};

describe('a shipment', () => {
  it('is of all that is left, or of what is named', () => {
    const order = MemoryOrder.confirmed([3, 100], [2, 50]);
    expect(ship(order, [0, 1], [0, 1])).toMatchObject({ status: 'SHIPPED', history: [{}, {}, { kind: 'status' }] });
    expect(order.counts('shipped')).toEqual([2, 0]);
    expect(ship(order).history.at(-1)).toMatchObject({ status: 'SHIPPED', kind: 'shipment', seq: 4 });
    expect(order.record.shipments!.map(({ seq, items }) => [seq, items.map(({ quantity }) => quantity)])).toEqual([
      [3, [2]],
      [4, [1, 2]],
    ]);
    expect(refusal(() => ship(order))).toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('is never of more than was ordered and not refunded, nor of another order’s lines', () => {
    const order = MemoryOrder.confirmed([5, 100], [2, 50]);
    refund(order, { lines: order.units([0, 2]) });
    const [stockId] = order.stockIds;
    expect(refusal(() => ship(order, [0, 4]))).toEqual({ code: 'INVALID_TRANSITION', stockId, left: 3 });
    const alien = { id: '', status: 'SHIPPED' as const, items: [{ stockId: 'f'.repeat(24), quantity: 1 }] };
    expect(refusal(() => shipment(order.record, alien))).toMatchObject({ errors: [{ path: 'items.0.stockId' }] });
    ship(order);
    expect(order.counts('shipped')).toEqual([3, 2]);
  });

  it('leaves here what a refund that is not paid out yet is about to take', () => {
    const order = MemoryOrder.confirmed([5, 100]);
    request(order, { lines: order.units([0, 2]) });
    expect(leftToShip(order.record)).toEqual([3]);
    request(order, {});
    expect(refusal(() => ship(order))).toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it('has to be complete before an order is delivered', () => {
    const order = MemoryOrder.confirmed([2, 100], [1, 50]);
    expect(refusal(() => deliver(order))).toMatchObject({ code: 'INVALID_TRANSITION' });
    ship(order, [0, 2]);
    expect(refusal(() => deliver(order))).toMatchObject({ code: 'INVALID_TRANSITION' });
    refund(order, { lines: order.units([1, 1]) });
    expect(deliver(order).status).toBe('DELIVERED');
    expect(refusal(() => ship(order))).toMatchObject({ code: 'INVALID_TRANSITION' });
  });

  it.each(['PENDING', 'FAILED', 'CANCELLED', 'REFUNDED'] as const)('does not leave an order that is %s', (status) => {
    const order = MemoryOrder.confirmed([2, 100]);
    order.record.status = status;
    expect(refusal(() => ship(order))).toEqual({ code: 'INVALID_TRANSITION' });
    expect(refusal(() => deliver(order))).toEqual({ code: 'INVALID_TRANSITION' });
  });
});

describe('a refund', () => {
  it('of lines is price × quantity, and counts them', () => {
    const order = MemoryOrder.confirmed([3, 333], [2, 50]);
    refund(order, { lines: order.units([0, 2], [1, 1]) });
    expect(order.record).toMatchObject({
      status: 'CONFIRMED',
      payment: { refunded: 716, status: 'PARTIALLY_REFUNDED' },
      history: [{}, {}, { kind: 'refund', status: 'CONFIRMED', by: ADMIN }],
    });
    expect([order.counts('refunded'), order.counts('restocked')]).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('of an amount touches no line', () => {
    const order = MemoryOrder.confirmed([3, 333]);
    refund(order, { amount: 1 });
    expect(order.record.payment).toMatchObject({ refunded: 1, status: 'PARTIALLY_REFUNDED' });
    expect([order.counts('refunded'), order.counts('restocked')]).toEqual([[0], [0]]);
  });

  it('of nothing in particular is all that is left, and ends the order', () => {
    const order = MemoryOrder.confirmed([3, 333], [1, 1]);
    refund(order, { amount: 10 });
    refund(order, {});
    expect(order.record).toMatchObject({ status: 'REFUNDED', payment: { refunded: 1_000, status: 'REFUNDED' } });
    expect(order.record.history.at(-1)).toMatchObject({ kind: 'status', status: 'REFUNDED' });
    expect(order.counts('refunded')).toEqual([3, 1]);
  });

  it('puts units back on sale before anything was shipped, and after that only when told to', () => {
    const before = MemoryOrder.confirmed([3, 100]);
    refund(before, { lines: before.units([0, 1]), restock: false });
    refund(before, { lines: before.units([0, 1]) });
    expect(before.counts('restocked')).toEqual([1]);
    const after = MemoryOrder.confirmed([3, 100]);
    ship(after);
    refund(after, { lines: after.units([0, 1]) });
    refund(after, { lines: after.units([0, 1]), restock: true });
    expect(after.counts('restocked')).toEqual([1]);
    refund(after, {});
    expect([after.record.status, after.counts('restocked')]).toEqual(['REFUNDED', [1]]);
  });

  it('that takes the last of the money puts back what now never leaves', () => {
    const order = MemoryOrder.confirmed([3, 100]);
    refund(order, { lines: order.units([0, 1]) });
    refund(order, { amount: 200 });
    expect([order.record.status, order.counts('refunded'), order.counts('restocked')]).toEqual(['REFUNDED', [1], [3]]);
  });

  it('is never more than was paid, counting what is not paid out yet', () => {
    const order = MemoryOrder.confirmed([3, 100]);
    request(order, { amount: 250 });
    const [stockId] = order.stockIds;
    expect(leftToRefund(order.record)).toBe(50);
    expect(refusal(() => refund(order, { amount: 51 }))).toEqual({ code: 'REFUND_EXCEEDS_CAPTURE', refundable: 50 });
    expect(refusal(() => refund(order, { lines: order.units([0, 1]) }))).toMatchObject({ refundable: 50 });
    expect(refusal(() => refund(order, { lines: order.units([0, 4]) }))).toMatchObject({ refundable: 50, stockId });
    request(order, {});
    for (const wish of [{}, { amount: 1 }]) {
      expect(refusal(() => refund(order, wish))).toEqual({ code: 'REFUND_EXCEEDS_CAPTURE', refundable: 0 });
    }
  });

  it('that failed frees its money and its units', () => {
    const order = MemoryOrder.confirmed([2, 100]);
    const [changes, debts] = failedRefund(order.record, request(order, {}), 'The card is closed');
    order.amend(changes);
    expect([debts, leftToRefund(order.record), leftToShip(order.record)]).toEqual([{ refund: false }, 200, [2]]);
    expect(order.record.refunds).toMatchObject([{ state: 'failed', error: 'The card is closed' }]);
    expect(refund(order, {}).status).toBe('REFUNDED');
  });

  it('stays owed while another one is not paid out', () => {
    const order = MemoryOrder.confirmed([2, 100]);
    const [first] = [request(order, { amount: 1 }), request(order, { amount: 1 })];
    expect(refundStep(order.record, first).debts).toEqual({});
    order.move(refundStep(order.record, first));
    expect(refundStep(order.record, order.record.refunds![0]).debts).toEqual({ refund: false });
  });

  it.each<[string, RefundWish]>([
    ['an amount beside lines', { amount: 1, lines: [] }],
    ['units put back for an amount', { amount: 1, restock: true }],
    ['another order’s lines', { lines: [{ stockId: 'f'.repeat(24), quantity: 1 }] }],
  ])('is refused with %s', (_what, wish) => {
    const order = MemoryOrder.confirmed([2, 100]);
    expect(refusal(() => refund(order, wish))).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('needs something to be paid: not before an order is confirmed', () => {
    expect(refusal(() => refund(new MemoryOrder([2, 100]), {}))).toEqual({ code: 'INVALID_TRANSITION' });
  });

  it('of what cost nothing is one of lines', () => {
    const order = MemoryOrder.confirmed([2, 0]);
    refund(order, { lines: order.units([0, 1]) });
    expect(order.record).toMatchObject({ status: 'CONFIRMED', payment: { status: 'NONE' } });
    expect(refund(order, {})).toMatchObject({ status: 'REFUNDED', payment: { status: 'REFUNDED', refunded: 0 } });
    expect(refusal(() => refund(order, {}))).toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE' });
  });
});

describe('a cancellation', () => {
  it('of cash refunds the rest in the same step: nobody has handed it over yet', () => {
    const order = MemoryOrder.confirmed([3, 100]);
    refund(order, { amount: 50 });
    expect(cancel(order)).toMatchObject({
      status: 'CANCELLED',
      payment: { status: 'REFUNDED', refunded: 300 },
      refunds: [{ amount: 50 }, { amount: 250, state: 'done', seq: 4, restock: [] }],
    });
    expect(refusal(() => refund(order, {}))).toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE' });
  });

  it('of what was paid online owes the refund', () => {
    const order = MemoryOrder.confirmed([3, 100]);
    order.record.payment = { ...order.record.payment, method: 'STRIPE', status: 'PAID' };
    expect(cancellation(order.record, { by: ADMIN, as: 'admin' }).debts).toEqual({ refund: true });
    cancel(order);
    expect(order.record).toMatchObject({ payment: { status: 'PAID', refunded: 0 }, refunds: [{ state: 'requested' }] });
    const step = refundStep(order.record, order.record.refunds![0]);
    expect(order.move(step)).toMatchObject({ status: 'CANCELLED', payment: { status: 'REFUNDED', refunded: 300 } });
    expect(order.record.history.at(-1)).toMatchObject({ kind: 'refund' });
  });

  it('before anything was confirmed refunds nothing', () => {
    expect(cancel(new MemoryOrder([3, 100]))).toMatchObject({ status: 'CANCELLED', payment: { status: 'NONE' } });
  });

  it('leaves a refund that is on its way as it is, and puts nothing back twice', () => {
    const order = MemoryOrder.confirmed([3, 100]);
    const open = request(order, { lines: order.units([0, 1]) });
    expect(cancel(order).payment).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: 200 });
    const step = refundStep(order.record, open);
    expect(step.debts).toEqual({ refund: false });
    expect(order.move(step)).toMatchObject({ status: 'CANCELLED', payment: { status: 'REFUNDED', refunded: 300 } });
    expect(order.counts('restocked')).toEqual([0]);
  });
});

import { Problem, type Order } from '@suite/contracts';
import fc from 'fast-check';
import { cancellation } from './cancellation';
import { ADMIN, MemoryOrder } from './memory-order';
import { orderAsOf } from './order-as-of';
import { orderView } from './order.view';
import { failedRefund, leftToRefund, newRefund, openRefunds, refundStep, type RefundWish } from './refund';
import { delivery, shipment } from './shipment';
import { sum, unitsOf } from './units';

const lines = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3)), { minLength: 1, maxLength: 3 });
const units = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 3 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

type Step = (order: MemoryOrder) => void;
/** Lines beyond the order's are cut to its own. */
const named = (order: MemoryOrder, wanted?: [number, number][]) =>
  wanted && order.units(...wanted.map(([line, n]): [number, number] => [line % order.stockIds.length, n]));

const ask = (order: MemoryOrder, wish: RefundWish) =>
  order.amend({ refunds: [...(order.record.refunds ?? []), newRefund(order.record, wish, ADMIN)] });

const refunds = fc
  .record({ amount: maybe(fc.integer({ min: 1, max: 12 })), lines: maybe(units) })
  .map(({ amount, lines: wanted }): Step => (order) => {
    ask(order, wanted ? { lines: named(order, wanted) } : { amount });
  });
const pay: Step = (order) => {
  const [open] = openRefunds(order.record);
  if (open) order.move(refundStep(order.record, open));
};
const payout = fc.constant(pay);

const steps: fc.Arbitrary<Step> = fc.oneof(
  refunds,
  payout,
  maybe(units).map((wanted): Step => (order) => {
    const body = { id: '', status: 'SHIPPED' as const, items: named(order, wanted) };
    order.move({ ...shipment(order.record, body), by: ADMIN, as: 'admin' });
  }),
  fc.constant<Step>((order) => void order.move({ ...delivery(order.record), by: ADMIN, as: 'admin' })),
  fc.tuple(units, fc.boolean()).map(
    ([wanted, restock]): Step =>
      (order) =>
        void ask(order, { lines: named(order, wanted), restock }),
  ),
  fc.constant<Step>((order) => {
    const [open] = openRefunds(order.record);
    if (open) order.amend(failedRefund(order.record, open, 'No')[0]);
  }),
  fc.constant<Step>((order) => void order.move(cancellation(order.record, { by: ADMIN, as: 'customer' }))),
);

/** Does what is allowed. */
function tried(step: Step, order: MemoryOrder): void {
  try {
    step(order);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'refused') throw error;
  }
}

describe('whatever is asked of a confirmed order, in whatever order', () => {
  it('the money and the units add up', () => {
    fc.assert(
      fc.property(lines, fc.array(steps, { maxLength: 14 }), (wanted, asked) => {
        const order = MemoryOrder.confirmed(...wanted);
        for (const step of asked) {
          const before = order.counts('shipped');
          tried(step, order);
          const { record } = order;
          const done = (record.refunds ?? []).filter(({ state }) => state === 'done');
          expect(record.payment.refunded).toBe(sum(done.map(({ amount }) => amount)));
          expect(leftToRefund(record)).toBeGreaterThanOrEqual(0);
          expect(record.payment.status === 'REFUNDED').toBe(
            record.total > 0
              ? record.payment.refunded === record.total
              : record.items.every(({ quantity, refunded }) => refunded === quantity),
          );
          for (const [i, item] of record.items.entries()) {
            const open = openRefunds(record).map((refund) => ({
              refunded: unitsOf(item, refund.lines),
              restocked: unitsOf(item, refund.restock),
            }));
            const refunded = item.refunded + sum(open.map((units) => units.refunded));
            const restocked = order.counts('restocked')[i] + sum(open.map((units) => units.restocked));
            expect(Math.max(refunded, restocked)).toBeLessThanOrEqual(item.quantity);
            // What was shipped may be refunded later; what is refunded, or about to be, is not shipped any more.
            const leaving = item.refunded + sum(open.map((units) => Math.max(units.refunded, units.restocked)));
            expect(item.shipped).toBeLessThanOrEqual(Math.max(before[i], item.quantity - leaving));
          }
          expect(record.status !== 'REFUNDED' || record.payment.status === 'REFUNDED').toBe(true);
        }
      }),
    );
  });

  it('nothing is lost in an order that is refunded before anything left', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.oneof(refunds, payout), { maxLength: 10 }), (wanted, asked) => {
        const order = MemoryOrder.confirmed(...wanted);
        for (const step of [...asked, (last: MemoryOrder) => void ask(last, {}), pay, ...asked.map(() => pay)]) {
          tried(step, order);
        }
        expect(order.record.status).toBe('REFUNDED');
        expect(order.counts('restocked')).toEqual(order.record.items.map(({ quantity }) => quantity));
      }),
    );
  });

  it('every step can be shown again as it was right after it', () => {
    fc.assert(
      fc.property(lines, fc.array(steps, { maxLength: 10 }), (wanted, asked) => {
        const order = MemoryOrder.confirmed(...wanted);
        const shown = new Map<number, Order>();
        const remember = () => {
          if (!shown.has(order.record.seq)) shown.set(order.record.seq, orderView(order.record));
        };
        remember();
        for (const step of asked) {
          tried(step, order);
          remember();
        }
        for (const [seq, view] of shown) expect(orderView(orderAsOf(order.record, seq))).toEqual(view);
      }),
    );
  });
});

import { Problem, type SetOrderStatus } from '@suite/contracts';
import type { Move } from './moves.service';
import type { OrderRecord } from './order.schema';
import { assertCanMove } from './order.states';
import { openRefunds } from './refund';
import { sum, unitRecords, unitsOf, wantedUnits, type Units } from './units';

/** Nobody ships an order in more parts; it keeps the document small. */
const MAX_SHIPMENTS = 200;

type Step = Pick<Move, 'to' | 'kind' | 'changes'>;

/** What can still be shipped: neither shipped nor refunded, nor about to be refunded or put back. */
export function leftToShip(order: OrderRecord): Units {
  const open = openRefunds(order);
  return order.items.map((item) => {
    const taken = open.map(({ lines, restock }) => Math.max(unitsOf(item, lines), unitsOf(item, restock)));
    return Math.max(0, item.quantity - item.shipped - item.refunded - sum(taken));
  });
}

/**
 * The first shipment moves the order, further ones do not.
 * @throws Problem INVALID_TRANSITION where nothing, or not so much, can be shipped; VALIDATION_FAILED
 */
export function shipment(order: OrderRecord, { items: wanted, carrier, trackingNumber }: SetOrderStatus): Step {
  const further = order.status === 'SHIPPED';
  if (!further) assertCanMove(order.status, 'SHIPPED', 'admin');
  const left = leftToShip(order);
  const units = wanted ? wantedUnits(order, wanted, 'items') : left;
  const short = order.items.findIndex((_item, i) => units[i] > left[i]);
  if (short >= 0) {
    const { stockId, name } = order.items[short];
    const detail = `There are ${left[short]} of ${name} left to ship`;
    throw new Problem('INVALID_TRANSITION', detail, { stockId: String(stockId), left: left[short] });
  }
  if (sum(units) === 0) throw new Problem('INVALID_TRANSITION', 'Nothing is left to ship');
  const shipments = order.shipments ?? [];
  if (shipments.length >= MAX_SHIPMENTS) throw new Problem('INVALID_TRANSITION', 'There are too many shipments');
  const added = {
    seq: order.seq + 1,
    ...(carrier !== undefined && { carrier }),
    ...(trackingNumber !== undefined && { trackingNumber }),
    items: unitRecords(order, units),
    at: new Date(),
  };
  const items = order.items.map((item, i) => ({ ...item, shipped: item.shipped + units[i] }));
  return {
    ...(further ? { kind: 'shipment' } : { to: 'SHIPPED' }),
    changes: { items, shipments: [...shipments, added] },
  };
}

/** @throws Problem INVALID_TRANSITION while anything is left to ship. */
export function delivery(order: OrderRecord): Step {
  assertCanMove(order.status, 'DELIVERED', 'admin');
  const unshipped = order.items.find(({ quantity, shipped, refunded }) => shipped < quantity - refunded);
  if (unshipped) throw new Problem('INVALID_TRANSITION', `Not all of ${unshipped.name} was shipped`);
  return { to: 'DELIVERED' };
}

import { createHash } from 'node:crypto';
import type { Caller, PaymentMethod, PlaceOrder } from '@suite/contracts';
import { Types } from 'mongoose';
import { orderNumber } from './order.number';
import type { ItemRecord, OrderRecord } from './order.schema';
import type { QuotedLine } from './quote';

/** A waiting order is looked after for the first time so many ms after it was placed; by then most have long ended. */
const FIRST_CHECK_MS = 10_000;
export const firstCheckAfter = (at: Date): Date => new Date(at.getTime() + FIRST_CHECK_MS);

export interface Idempotency {
  key: string;
  /** Of what the client sent. */
  fingerprint: string;
}

export interface NewOrder {
  body: PlaceOrder;
  /** One for each item of the body, in the same order. */
  quoted: QuotedLine[];
  caller: Caller;
  method: PaymentMethod;
  requestId: string;
  traceparent?: string;
  idempotency?: Idempotency;
  /** Of a checkout: the items of the cart, by the id of their stock. */
  cartItems?: ReadonlyMap<string, Types.ObjectId>;
}

export function newOrder(order: NewOrder): OrderRecord {
  const { body, quoted, caller, method, requestId, traceparent, idempotency, cartItems } = order;
  const at = new Date();
  const items = mergeItems(body, quoted, cartItems);
  return {
    _id: new Types.ObjectId(),
    number: orderNumber(at),
    userId: new Types.ObjectId(caller.userId),
    tier: caller.tier,
    status: 'PENDING',
    items,
    total: items.reduce((sum, { price, quantity }) => sum + price * quantity, 0),
    currency: quoted[0].currency,
    customer: { email: caller.email, name: caller.name },
    ...(body.shippingAddress && { shippingAddress: body.shippingAddress }),
    payment: { method, flow: body.paymentFlow ?? 'REGULAR', status: 'NONE', refunded: 0 },
    history: [{ seq: 1, kind: 'status', status: 'PENDING', at, by: caller.userId, moveId: 'placed' }],
    seq: 1,
    told: 0,
    epoch: 0,
    claim: 0,
    claimed: false,
    crashes: 0,
    ...(idempotency && { idempotency }),
    outbox: { enqueue: at },
    checkAt: firstCheckAfter(at),
    requestId,
    ...(traceparent !== undefined && { traceparent }),
    createdAt: at,
    updatedAt: at,
  };
}

/** The same stock twice is one item. */
function mergeItems(
  { items }: PlaceOrder,
  quoted: QuotedLine[],
  cartItems: NewOrder['cartItems'] = new Map(),
): ItemRecord[] {
  const merged = new Map<string, ItemRecord>();
  for (const [i, { stockId, productId, sku, name, price }] of quoted.entries()) {
    const item = merged.get(stockId);
    const cartItem = cartItems.get(stockId);
    if (item) item.quantity += items[i].quantity;
    else
      merged.set(stockId, {
        stockId: new Types.ObjectId(stockId),
        productId: new Types.ObjectId(productId),
        sku,
        name,
        quantity: items[i].quantity,
        price,
        shipped: 0,
        refunded: 0,
        ...(cartItem && { cartItem }),
        restocked: 0,
      });
  }
  return [...merged.values()];
}

/** Equal for bodies that say the same, whatever the order of their properties. */
export const fingerprintOf = (body: object): string =>
  createHash('sha256').update(canonicalJson(body)).digest('base64url');

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

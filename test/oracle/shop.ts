import type { Picture } from '../support/oracle';

/** A tiny shop on paper, to be made unsound in one place at a time. */
export interface PaperShop extends Picture {
  stocks: Stock[];
  movements: Movement[];
  reservations: { id: string; epoch: number; state: string; lines: Line[] }[];
  orders: Order[];
  deadLetters: { orderId: string; epoch: number; error?: string }[];
  payments: Payment[];
  keys: { userId: string; key: string; orderId: string }[];
}

export interface Payment {
  id: string;
  captures: { id: string; amount: number }[];
  refunds: { id: string; amount: number; key: string; state: string }[];
  due: boolean;
}

interface Line {
  stockId: string;
  quantity: number;
  restocked?: number;
}

interface Counters {
  available: number;
  reserved: number;
  sold: number;
}

interface Stock extends Counters {
  id: string;
  received: number;
  version: number;
}

interface Movement extends Counters {
  stockId: string;
  version: number;
  n: number;
  kind: string;
  orders: { orderId: string; quantity: number }[];
}

export interface Order {
  id: string;
  number: string;
  userId: string;
  status: string;
  items: Line[];
  total: number;
  epoch: number;
  seq: number;
  history: { seq: number; kind: string; status: string; at: Date }[];
  outbox: Record<string, Date | undefined>;
  failureCode?: string;
  key?: string;
  payment: { method: string; refunded: number };
  refunds?: string[];
}

export const now = new Date('2026-05-04T12:00:00.000Z');

/** Any way through the statuses, one entry each. */
export const historyOf = (...statuses: string[]): Order['history'] =>
  statuses.map((status, index) => ({ seq: index + 1, kind: 'status', status, at: now }));

/** An order of two units of tea, PENDING unless more is said. */
export function anOrder(id: string, more: Partial<Order> = {}): Order {
  const history = historyOf(...(more.status && more.status !== 'PENDING' ? ['PENDING', more.status] : ['PENDING']));
  return {
    id,
    number: `0NK4-7Q9X-${id.padStart(4, '0').toUpperCase()}`,
    userId: 'jo',
    status: 'PENDING',
    items: [{ stockId: 'tea', quantity: 2 }],
    total: 4_000,
    epoch: 0,
    history,
    outbox: {},
    key: `key-${id}`,
    payment: { method: 'CASH_ON_DELIVERY', refunded: 0 },
    ...more,
    seq: more.seq ?? (more.history ?? history).length,
  };
}

/** Of an order that is paid online: nothing came in, unless more is said. */
export const aPayment = (id: string, more: Partial<Payment> = {}): Payment => ({
  id,
  captures: [],
  refunds: [],
  due: false,
  ...more,
});

/**
 * Ten units of tea came in. Order `a` bought two, `b` was cancelled and gave its two back, `c` found nothing, `d` holds
 * two while it waits to be paid for.
 */
export function soundShop(): PaperShop {
  const lines = [{ stockId: 'tea', quantity: 2 }];
  const move = (version: number, kind: string, [available, reserved, sold]: number[], ...orderIds: string[]) => {
    const orders = orderIds.map((orderId) => ({ orderId, quantity: 2 }));
    return { stockId: 'tea', version, n: 0, kind, available, reserved, sold, orders };
  };
  const orders = [
    anOrder('a', { status: 'CONFIRMED' }),
    anOrder('b', { status: 'CANCELLED', epoch: 1, history: historyOf('PENDING', 'CONFIRMED', 'CANCELLED') }),
    anOrder('c', { status: 'FAILED', failureCode: 'INSUFFICIENT_STOCK' }),
    anOrder('d', { status: 'AWAITING_PAYMENT', payment: { method: 'STRIPE', refunded: 0 } }),
  ];
  return {
    stocks: [{ id: 'tea', available: 6, reserved: 2, sold: 2, received: 10, version: 4 }],
    movements: [
      move(1, 'receipt', [10, 0, 0]),
      move(2, 'commit', [-4, 0, 4], 'a', 'b'),
      move(3, 'release', [2, 0, -2], 'b'),
      move(4, 'reservation', [-2, 2, 0], 'd'),
    ],
    reservations: [
      { id: 'a', epoch: 0, state: 'committed', lines },
      { id: 'b', epoch: 1, state: 'released', lines },
      { id: 'd', epoch: 0, state: 'held', lines },
    ],
    orders,
    deadLetters: [],
    payments: [aPayment('d')],
    keys: orders.map(({ id, userId, key }) => ({ userId, key: key!, orderId: id })),
  };
}

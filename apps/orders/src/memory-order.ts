import type { Caller } from '@suite/contracts';
import { amendmentOf, moveOf, type Changes, type Move } from './moves.service';
import { newOrder } from './new-order';
import type { OrderRecord } from './order.schema';

export const ADMIN = 'a'.repeat(24);
const customer: Caller = {
  userId: 'c'.repeat(24),
  sessionId: 's',
  role: 'user',
  tier: 'standard',
  email: 'jo@example.com',
  name: 'Jo Doe',
};

/** One order in memory, with a line for each [quantity, price]. What is decided takes effect at once. */
export class MemoryOrder {
  record: OrderRecord;
  readonly stockIds: string[];

  constructor(...lines: [quantity: number, price: number][]) {
    this.stockIds = lines.map((_line, i) => (i + 1).toString(16).padStart(24, '0'));
    const quoted = lines.map(([, price], i) => ({
      stockId: this.stockIds[i],
      productId: this.stockIds[i],
      sku: `TEA-${i}`,
      name: `Tea ${i}`,
      price,
      currency: 'USD',
    }));
    const items = lines.map(([quantity], i) => ({ stockId: this.stockIds[i], quantity }));
    const body = { items };
    this.record = newOrder({ body, quoted, caller: customer, method: 'CASH_ON_DELIVERY', requestId: 'r' });
  }

  static confirmed(...lines: [quantity: number, price: number][]): MemoryOrder {
    const order = new MemoryOrder(...lines);
    order.move({ to: 'CONFIRMED', by: 'processor' });
    return order;
  }

  move(move: Move): OrderRecord {
    this.record = moveOf(this.record, move).moved;
    return this.record;
  }

  amend(changes: Changes): OrderRecord {
    this.record = amendmentOf(this.record, changes).moved;
    return this.record;
  }

  /** [line, quantity] as clients write them. */
  units(...units: [line: number, quantity: number][]) {
    return units.map(([line, quantity]) => ({ stockId: this.stockIds[line], quantity }));
  }

  counts(of: 'shipped' | 'refunded' | 'restocked'): number[] {
    return this.record.items.map((item) => item[of] ?? 0);
  }
}

import { Injectable } from '@nestjs/common';
import { Problem, type ChangedOrder, type FieldError, type OrderStatus, type SetOrderStatus } from '@suite/contracts';
import { cancellation } from './cancellation';
import { CommandsService } from './commands.service';
import { MovesService, type Move } from './moves.service';
import { orderAsOf } from './order-as-of';
import type { OrderRecord } from './order.schema';
import { orderView } from './order.view';
import { SettlingService } from './settling.service';
import { delivery, shipment } from './shipment';

/** Where admins move orders by hand: shipped, delivered, cancelled. */
@Injectable()
export class FulfilmentService {
  constructor(
    private readonly commands: CommandsService,
    private readonly moves: MovesService,
    private readonly settling: SettlingService,
  ) {}

  /** @throws Problem FORBIDDEN, ORDER_NOT_FOUND, INVALID_TRANSITION, VALIDATION_FAILED, IDEMPOTENCY_KEY_REUSED */
  async setStatus(body: SetOrderStatus): Promise<ChangedOrder> {
    assertConsistent(body);
    const { order, made, replayed } = await this.commands.run(
      'orders.setStatus',
      body,
      ({ order, by, made: moveId, key }) => {
        const { status: to, reason } = body;
        const { changes, ...step } = steps[to]?.(order, body, by) ?? { to };
        return this.moves.move(order, { ...step, by, as: 'admin', reason, moveId, changes: { ...changes, key } });
      },
    );
    await this.settling.settle(order);
    const { seq } = order.history.find(({ moveId }) => moveId === made)!;
    return { order: orderView(orderAsOf(order, seq)), replayed };
  }
}

/** What a wished status asks of an order. Where there is nothing to decide, the table of states refuses. */
const steps: Partial<Record<OrderStatus, (order: OrderRecord, body: SetOrderStatus, by: string) => Partial<Move>>> = {
  SHIPPED: shipment,
  DELIVERED: delivery,
  CANCELLED: (order, { reason }, by) => cancellation(order, { by, as: 'admin', reason }),
};

/** @throws Problem VALIDATION_FAILED */
function assertConsistent({ status, items, carrier, trackingNumber }: SetOrderStatus): void {
  if (status === 'SHIPPED') return;
  const errors = Object.entries({ items, carrier, trackingNumber }).flatMap(([path, value]): FieldError[] =>
    value === undefined ? [] : [{ path, message: `${path} goes with the status SHIPPED only` }],
  );
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', undefined, { errors });
}

import { IntersectionType, PickType } from '@nestjs/swagger';
import { IsFlag, IsListOf, IsOneOf, IsPart, IsText, IsWhole } from './fields';
import { MAX_LINES } from './limits';
import { Order, orderStatuses, type OrderStatus } from './order';
import { LineUnits, OrderNote, Parcel } from './order-details';
import { ById } from './reading';

/** What admins do by hand to one order. */
class OrderCommand extends ById {
  @IsText(1, 500, { optional: true, description: 'The customer can read it', example: 'As agreed on the phone' })
  reason?: string;
}

/** `carrier`, `trackingNumber` and `items` belong to a shipment, and go with SHIPPED alone. */
export class SetOrderStatus extends IntersectionType(OrderCommand, Parcel) {
  @IsOneOf(orderStatuses, { example: 'SHIPPED', description: 'By hand: `SHIPPED`, `DELIVERED`, `CANCELLED`' })
  status: OrderStatus;

  @IsListOf(LineUnits, 1, MAX_LINES, { optional: true, description: 'All that is left to ship, if absent' })
  items?: LineUnits[];
}

/** By `amount` or by `lines`; by neither it is all that is left. */
export class RefundOrder extends OrderCommand {
  @IsWhole(1, 1e12, { optional: true, description: 'Minor units; touches no line' })
  amount?: number;

  @IsListOf(LineUnits, 1, MAX_LINES, { optional: true, description: 'Price × quantity of each goes back' })
  lines?: LineUnits[];

  @IsFlag({
    optional: true,
    description: 'Do the units go back on sale? `true` by default before anything was shipped, `false` after',
  })
  restock?: boolean;
}

export class AddOrderNote extends ById {
  @IsText(1, 2_000, { example: 'Called: wants it delivered after six' })
  text: string;
}

/** The order as it was right after, whenever it is asked for again with the same idempotency key. */
export class ChangedOrder {
  @IsPart(Order)
  order: Order;

  @IsFlag({ description: 'Was it done before, with the same idempotency key?' })
  replayed: boolean;
}

export class AddedOrderNote extends OrderNote {
  @IsFlag({ description: 'Was it added before, with the same idempotency key?' })
  replayed: boolean;
}

/** By the number that people read out, in any spelling: `0nk4 7q9x m2pb`. */
export class FindOrder extends PickType(Order, ['number']) {}

import { PickType } from '@nestjs/swagger';
import { IsId, IsListOf, IsMinorUnits, IsOneOf, IsText, IsTime, IsWhole } from './fields';
import { MAX_LINES, MAX_QUANTITY } from './limits';

/** So many units of one line of an order. */
export class LineUnits {
  @IsId()
  stockId: string;

  @IsWhole(1, MAX_QUANTITY * MAX_LINES, { example: 1 })
  quantity: number;
}

/** How a shipment travels; both may be unknown. */
export class Parcel {
  @IsText(1, 100, { optional: true, example: 'DHL' })
  carrier?: string;

  @IsText(1, 100, { optional: true, example: 'JD014600003SE' })
  trackingNumber?: string;
}

export class Shipment extends Parcel {
  @IsListOf(LineUnits, 1, MAX_LINES)
  items: LineUnits[];

  @IsTime()
  at: string;
}

export const refundStates = ['requested', 'done', 'failed'] as const;
export type RefundState = (typeof refundStates)[number];

/** As those who are told of it hear it. */
export class ShipmentNews extends PickType(Shipment, ['carrier', 'trackingNumber', 'items']) {}

/** Money that goes back to a customer, as admins see it. */
export class OrderRefund {
  @IsId()
  id: string;

  @IsOneOf(refundStates, { description: '`requested` until it is known to be paid out' })
  state: RefundState;

  @IsMinorUnits()
  amount: number;

  @IsListOf(LineUnits, 0, MAX_LINES, { description: 'What it is for; empty when an amount was given' })
  lines: LineUnits[];

  @IsListOf(LineUnits, 0, MAX_LINES, { description: 'What goes back on sale with it' })
  restock: LineUnits[];

  @IsText(1, 500, { optional: true })
  reason?: string;

  @IsText(1, 100, { description: 'A user id, or the part of the suite that did it' })
  by: string;

  @IsTime()
  at: string;

  @IsText(1, 500, { optional: true, description: 'Why it failed' })
  error?: string;
}

/** As those who are told of it hear it. */
export class RefundNews extends PickType(OrderRefund, ['amount', 'lines']) {}

/** What admins write down about an order for each other. */
export class OrderNote {
  @IsId()
  id: string;

  @IsText(1, 2_000, { example: 'Called: wants it delivered after six' })
  text: string;

  @IsId({ description: 'The admin who wrote it' })
  by: string;

  @IsTime()
  at: string;
}

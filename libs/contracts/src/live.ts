import { tiers, type Tier } from './caller';
import { IsId, IsListOf, IsOneOf, IsPart, IsText, IsTime, IsWhole } from './fields';
import { historyKinds, OrderFailure, orderStatuses, type HistoryKind, type OrderStatus } from './order';

/** One entry of an order's history, as browsers hear of it. */
export class OrderEvent {
  @IsText(26, 40, {
    description: 'Names the event: what comes twice is recognised by it, and `lastEventId` is the one heard last',
    example: '665f1c2e9b3e4a0012345678.2',
  })
  id: string;

  @IsId()
  orderId: string;

  @IsId()
  userId: string;

  @IsText(1, 40, { description: 'The number of the order, for people', example: '0NK4-7Q9X-M2PB' })
  number: string;

  @IsWhole(1, 1_000_000, { description: 'Grows by one with each event of an order', example: 2 })
  seq: number;

  @IsOneOf(historyKinds)
  kind: HistoryKind;

  @IsOneOf(orderStatuses)
  status: OrderStatus;

  @IsOneOf(orderStatuses, { optional: true, description: 'Absent when the order was placed' })
  previousStatus?: OrderStatus;

  @IsTime()
  at: string;

  @IsPart(OrderFailure, { optional: true })
  failure?: OrderFailure;

  @IsOneOf(tiers)
  tier: Tier;
}

export const MAX_MISSED = 1_000;

/** What somebody has missed: after an event, after a moment, or of one order. */
export class MissedEvents {
  @IsText(1, 100, { optional: true, description: 'The event heard last' })
  lastEventId?: string;

  @IsTime({ optional: true, description: 'Where none was heard yet: from when on' })
  from?: string;

  @IsId({ optional: true, description: 'Only those of one order' })
  orderId?: string;
}

/** Oldest first, those of one order by their seq. Some may have been heard before. */
export class MissedEventsAnswer {
  @IsListOf(OrderEvent, 0, MAX_MISSED)
  items: OrderEvent[];
}

/** The stream on which notifications says to all gateways what their browsers should hear. */
export const LIVE_STREAM = 'orders';

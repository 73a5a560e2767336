import { PickType } from '@nestjs/swagger';
import { IsId, IsListOf, IsText, IsTime } from './fields';
import { OrderChanged } from './orders.contracts';

/** One entry of an order's history, as browsers hear of it. */
export class OrderEvent extends PickType(OrderChanged, [
  'orderId',
  'userId',
  'number',
  'seq',
  'kind',
  'status',
  'previousStatus',
  'at',
  'failure',
  'tier',
]) {
  @IsText(26, 40, {
    description: 'Names the event: what comes twice is recognised by it, and `lastEventId` is the one heard last',
    example: '665f1c2e9b3e4a0012345678.2',
  })
  id: string;
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

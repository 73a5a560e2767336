import { OmitType } from '@nestjs/swagger';
import { IsListOf, IsOneOf, IsText, IsTime, IsWhole, OrderEvent, tiers, type Tier } from '@suite/contracts';

/** `order.updated` */
export class OrderEventView extends OmitType(OrderEvent, ['userId', 'tier']) {}

/** `admin.order.updated` */
export class AdminOrderEventView extends OrderEvent {}

export class LaneView {
  @IsOneOf(tiers)
  lane: Tier;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Jobs that wait in it' })
  waiting: number;
}

/** `session.ended` */
export class SessionEndedView {
  @IsOneOf(['UNAUTHORIZED', 'RATE_LIMITED', 'SERVICE_UNAVAILABLE'])
  code: string;
}

/** `session.renew` */
export class SessionRenewBody {
  @IsText(1, 4_000, { description: 'The new access token' })
  token: string;
}

/** What sockets hear and say; the documents know them from here. */
export const liveModels = () => [OrderEventView, AdminOrderEventView, MetricsView, SessionEndedView, SessionRenewBody];

/** `admin.metrics`, once a second */
export class MetricsView {
  @IsTime()
  at: string;

  @IsListOf(LaneView, 0, 10)
  lanes: LaneView[];

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Jobs in the hands of workers' })
  active: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Jobs that wait for their next attempt' })
  delayed: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Orders accepted within the last second' })
  accepted: number;

  @IsWhole(0, Number.MAX_SAFE_INTEGER, { description: 'Orders confirmed within the last second' })
  confirmed: number;
}

export const orderEventView = (event: OrderEvent): OrderEventView => ({
  id: event.id,
  orderId: event.orderId,
  number: event.number,
  seq: event.seq,
  kind: event.kind,
  status: event.status,
  ...(event.previousStatus !== undefined && { previousStatus: event.previousStatus }),
  at: event.at,
  ...(event.failure && { failure: { code: event.failure.code, message: event.failure.message } }),
});

export const adminOrderEventView = (event: OrderEvent): AdminOrderEventView => ({
  ...orderEventView(event),
  userId: event.userId,
  tier: event.tier,
});

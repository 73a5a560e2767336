import { PickType } from '@nestjs/swagger';
import {
  IsListOf,
  IsPart,
  IsPrice,
  IsTime,
  IsWhole,
  LaneStanding,
  MAX_COUNTED,
  OrderEvent,
  OrdersByStatus,
} from '@suite/contracts';
import { MAX_MOVES_PER_SECOND } from './flow-counter';

const COUNT = [0, Number.MAX_SAFE_INTEGER] as const;

export class FlowLaneView extends LaneStanding {
  @IsWhole(...COUNT, { description: 'Jobs that wait in the queue' })
  queued: number;

  @IsWhole(...COUNT, { description: 'How many orders of the last minute the waits are from' })
  measured: number;

  @IsWhole(...COUNT, { description: 'From accepted to decided: the half of them waited no longer, in ms' })
  p50Ms: number;

  @IsWhole(...COUNT, { description: 'And nineteen of twenty' })
  p95Ms: number;
}

/** Orders a second, over the last ten. */
export class FlowRatesView {
  @IsPrice({ example: 2.4 })
  accepted: number;

  @IsPrice({ example: 2.3 })
  confirmed: number;

  @IsPrice({ example: 0.1 })
  failed: number;

  @IsPrice({ example: 0 })
  cancelled: number;
}

export class FlowMoveView extends PickType(OrderEvent, [
  'orderId',
  'number',
  'tier',
  'seq',
  'status',
  'previousStatus',
  'at',
]) {}

export class FlowView {
  @IsTime()
  at: string;

  @IsListOf(FlowLaneView, 0, 10)
  lanes: FlowLaneView[];

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'The longest a standard order may wait, in ms', example: 30_000 })
  standardMaxWaitMs: number;

  @IsWhole(...COUNT, { description: 'Jobs in the hands of workers: their stock is being taken' })
  active: number;

  @IsWhole(...COUNT, { description: 'Jobs that wait for their next attempt' })
  delayed: number;

  @IsWhole(0, MAX_COUNTED, { description: 'Orders that wait for their payment; counted up to 10,000' })
  awaitingPayment: number;

  @IsWhole(0, MAX_COUNTED, { description: 'Open dead letters; counted up to 10,000' })
  dead: number;

  @IsPart(FlowRatesView)
  rates: FlowRatesView;

  @IsPart(OrdersByStatus, { description: 'Of the orders that were placed today, by UTC' })
  today: OrdersByStatus;

  @IsWhole(1, Number.MAX_SAFE_INTEGER, { description: 'Of how many orders one is among the moves', example: 1 })
  oneOf: number;

  @IsListOf(FlowMoveView, 0, 5 * MAX_MOVES_PER_SECOND, { description: 'Of the last two seconds, oldest first' })
  moves: FlowMoveView[];
}

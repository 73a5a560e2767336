import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { orders, type Order, type PlacedOrder } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { success, type Success } from './envelope';
import { markReplay } from './idempotency';
import { orderView, type PlacedOrderView } from './order.view';
import { waitOf } from './prefer';

/** The answer to a new order, wherever it comes from. */
@Injectable()
export class PlacedOrdersService {
  constructor(private readonly bus: Bus) {}

  /** @param prefer the header of the request. */
  async answer(
    { order, replayed }: PlacedOrder,
    reply: FastifyReply,
    prefer: string | undefined,
  ): Promise<Success<PlacedOrderView>> {
    reply.header('location', `/orders/${order.id}`);
    markReplay(reply, replayed);
    const wait = waitOf(prefer);
    if (wait === undefined) return success({ order: orderView(order) });
    reply.header('preference-applied', `wait=${wait}`);
    return success({ order: orderView(await this.settled(order, wait)) });
  }

  /** The order once it has left PENDING. It is durable already: when looking fails, the answer is still 201. */
  private settled(order: Order, seconds: number): Promise<Order> {
    return this.bus.ask(orders.get, { id: order.id, waitMs: seconds * 1_000 }).catch(() => order);
  }
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { orders, payments, type Message, type Order, type PaymentAccess, type PlacedOrder } from '@suite/contracts';
import { Bus, callerOf } from '@suite/platform';
import { AdmissionService } from './admission.service';
import { success, type Success } from './envelope';
import { markReplay } from './idempotency';
import { orderView, type PlacedOrderView } from './order.view';
import { accessView } from './payment-access';
import { waitOf } from './prefer';

/** How long the answer to a new order waits for a way to pay, in ms. Without one it is the same answer. */
const PAYMENT_WAIT_MS = 1_500;

/** New orders on their way in, wherever they come from, and their answer. */
@Injectable()
export class PlacedOrdersService {
  constructor(
    private readonly bus: Bus,
    private readonly admission: AdmissionService,
  ) {}

  /** @throws Problem OVERLOADED, or what the message answers. */
  admit<Body extends object>(contract: Message<Body, PlacedOrder>, body: Body): Promise<PlacedOrder> {
    return this.admission.admit(callerOf().tier, () => this.bus.ask(contract, body));
  }

  /** @param prefer the header of the request. */
  async answer(
    { order, replayed }: PlacedOrder,
    reply: FastifyReply,
    prefer: string | undefined,
  ): Promise<Success<PlacedOrderView>> {
    reply.header('location', `/orders/${order.id}`);
    markReplay(reply, replayed);
    const [access, wait] = [await this.wayToPay(order), waitOf(prefer)];
    if (wait === undefined) return success({ order: orderView(order), ...access });
    reply.header('preference-applied', `wait=${wait}`);
    return success({ order: orderView(await this.settled(order, wait)), ...access });
  }

  /** There within the wait, or later at `/orders/:id/payment`: when looking fails, the answer is still 201. */
  private async wayToPay(order: Order): Promise<Pick<PaymentAccess, 'clientSecret' | 'paymentUrl'>> {
    if (order.payment.method === 'CASH_ON_DELIVERY' || order.total === 0) return {};
    const until = Date.now() + PAYMENT_WAIT_MS;
    const left = () => Math.max(0, until - Date.now());
    try {
      const { status } = await this.bus.ask(orders.get, { id: order.id, waitMs: left() });
      if (status === 'FAILED') return {};
      const access = await this.bus.ask(payments.access, { orderId: order.id, waitMs: left() });
      return accessView({ ...access, expiresAt: undefined });
    } catch {
      return {};
    }
  }

  /** The order once it has left PENDING. It is durable already: when looking fails, the answer is still 201. */
  private settled(order: Order, seconds: number): Promise<Order> {
    return this.bus.ask(orders.get, { id: order.id, waitMs: seconds * 1_000 }).catch(() => order);
  }
}

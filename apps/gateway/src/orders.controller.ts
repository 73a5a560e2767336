import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { OrderQuery, orders, payments, Problem, type Order } from '@suite/contracts';
import { Bus, callerOf } from '@suite/platform';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { OrderBody, placeOrderOf } from './order-body';
import { OrderPaymentAccessView, OrderView, orderView, PlacedOrderView } from './order.view';
import { accessView } from './payment-access';
import { PlacedOrdersService } from './placed-orders.service';

const oneLine = { stockId: '{{stockId}}', quantity: 1 };
const manyLines = {
  items: [{ productId: '{{productId}}', quantity: 2 }],
  paymentMethod: 'CASH_ON_DELIVERY',
  shippingAddress: { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' },
};

@ApiTags('Orders')
@Controller(['orders', 'order'])
export class OrdersController {
  constructor(
    private readonly bus: Bus,
    private readonly placed: PlacedOrdersService,
  ) {}

  @Post()
  @Described({
    summary: 'Place an order',
    description:
      'Answers as soon as the order is durable; it is `PENDING` then, and always ends. `/order` is the same resource.',
    status: 201,
    data: PlacedOrderView,
    examples: { 'one line': oneLine, 'many lines': manyLines, 'paid by card': { ...oneLine, paymentMethod: 'STRIPE' } },
    headers: {
      'Idempotency-Key': 'Makes it safe to repeat: the same key and body replay the first answer',
      Prefer: '`wait=5` holds the answer until the order has left `PENDING`, at most so many seconds (up to 10)',
    },
    problems: [
      'UNAUTHORIZED',
      'STOCK_NOT_FOUND',
      'PRICE_CHANGED',
      'INSUFFICIENT_STOCK',
      'PAYMENT_METHOD_UNAVAILABLE',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_IN_PROGRESS',
      'OVERLOADED',
      'OUTCOME_UNKNOWN',
    ],
  })
  async place(
    @Body() body: OrderBody,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<PlacedOrderView>> {
    return this.placed.answer(await this.placed.admit(orders.place, placeOrderOf(body)), reply, prefer);
  }

  @Get()
  @Described({ summary: 'List my orders, newest first', data: [OrderView], problems: ['UNAUTHORIZED'] })
  async list(@Query() query: OrderQuery): Promise<Success<OrderView[]>> {
    return successPage(await this.bus.ask(orders.list, query), orderView);
  }

  @Get(':id')
  @Described({
    summary: 'Look at an order',
    description: 'One’s own; an admin sees all.',
    data: OrderView,
    params: { id: 'orderId' },
    problems: ['UNAUTHORIZED', 'ORDER_NOT_FOUND'],
  })
  async get(@Param('id') id: string): Promise<Success<OrderView>> {
    return success(orderView(await this.bus.ask(orders.get, { id })));
  }

  @Get(':id/payment')
  @Described({
    summary: 'How an order can be paid',
    description:
      'Of one’s own order. `clientSecret` is for Stripe.js, `paymentUrl` for the customer’s browser; they are there as ' +
      'soon as the provider has made them, and for as long as the order can be paid.',
    data: OrderPaymentAccessView,
    params: { id: 'orderId' },
    problems: ['UNAUTHORIZED', 'ORDER_NOT_FOUND'],
  })
  async payment(@Param('id') id: string): Promise<Success<OrderPaymentAccessView>> {
    const order = await this.bus.ask(orders.get, { id });
    // Whoever may see an order need not be able to pay it.
    if (order.userId !== callerOf().userId) throw new Problem('ORDER_NOT_FOUND');
    const { status } = order.payment;
    if (!isPayable(order)) return success({ status });
    return success({ status, ...accessView(await this.bus.ask(payments.access, { orderId: id })) });
  }

  @Post(':id/cancel')
  @Described({
    summary: 'Cancel an order',
    description: 'One’s own, while it is `PENDING`, `AWAITING_PAYMENT` or `CONFIRMED`. What it had taken goes back.',
    data: OrderView,
    params: { id: 'cancellableOrderId' },
    problems: ['UNAUTHORIZED', 'CSRF_REJECTED', 'ORDER_NOT_FOUND', 'INVALID_TRANSITION', 'OUTCOME_UNKNOWN'],
  })
  async cancel(@Param('id') id: string): Promise<Success<OrderView>> {
    return success(orderView(await this.bus.ask(orders.cancel, { id })));
  }
}

const isPayable = ({ status, payment }: Order): boolean =>
  payment.method !== 'CASH_ON_DELIVERY' && (status === 'PENDING' || status === 'AWAITING_PAYMENT');

import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { orders } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { AddToCartBody, addToCartOf, CheckoutBody, SetInCartBody } from './cart-bodies';
import { CartView, cartView } from './cart.view';
import { Described } from './described';
import { success, type Success } from './envelope';
import { markReplay } from './idempotency';
import { orderOptionsOf } from './order-body';
import { PlacedOrderView } from './order.view';
import { PlacedOrdersService } from './placed-orders.service';

@ApiTags('Cart')
@Controller('cart')
export class CartController {
  constructor(
    private readonly bus: Bus,
    private readonly placed: PlacedOrdersService,
  ) {}

  @Get()
  @Described({
    summary: 'Look at my cart',
    description:
      'At current prices. One cart for each account; it outlives a logout. Nothing is held for it: what is in it may be ' +
      'sold to others until it is ordered.',
    data: CartView,
    problems: ['UNAUTHORIZED'],
  })
  async get(): Promise<Success<CartView>> {
    return success(cartView(await this.bus.ask(orders.cart, {})));
  }

  @Post('items')
  @Described({
    summary: 'Put something into the cart',
    description:
      'What is there of the same product grows. With an `Idempotency-Key` a repetition adds nothing, and is answered ' +
      'with the cart as it is by then.',
    status: 201,
    data: CartView,
    examples: { 'one more': { stockId: '{{stockId}}', quantity: 1 } },
    headers: { 'Idempotency-Key': 'Makes it safe to repeat' },
    problems: ['UNAUTHORIZED', 'STOCK_NOT_FOUND', 'INSUFFICIENT_STOCK', 'IDEMPOTENCY_KEY_REUSED', 'OUTCOME_UNKNOWN'],
  })
  async add(@Body() body: AddToCartBody, @Res({ passthrough: true }) reply: FastifyReply): Promise<Success<CartView>> {
    const cart = await this.bus.ask(orders.addToCart, addToCartOf(body));
    markReplay(reply, cart.replayed);
    return success(cartView(cart));
  }

  @Patch('items/:stockId')
  @Described({
    summary: 'Say how many',
    description: '0 takes it out.',
    data: CartView,
    params: { stockId: 'cartStockId' },
    examples: { two: { quantity: 2 } },
    problems: ['UNAUTHORIZED', 'CART_ITEM_NOT_FOUND', 'STOCK_NOT_FOUND', 'INSUFFICIENT_STOCK'],
  })
  async set(@Param('stockId') stockId: string, @Body() { quantity }: SetInCartBody): Promise<Success<CartView>> {
    return success(cartView(await this.bus.ask(orders.setInCart, { stockId, quantity })));
  }

  @Delete('items/:stockId')
  @Described({
    summary: 'Take something out of the cart',
    description: 'What is not in it may be taken out as well.',
    data: CartView,
    params: { stockId: 'cartStockId' },
    problems: ['UNAUTHORIZED'],
  })
  async remove(@Param('stockId') stockId: string): Promise<Success<CartView>> {
    return success(cartView(await this.bus.ask(orders.setInCart, { stockId, quantity: 0 })));
  }

  @Delete()
  @Described({ summary: 'Empty the cart', data: CartView, problems: ['UNAUTHORIZED'] })
  async empty(): Promise<Success<CartView>> {
    return success(cartView(await this.bus.ask(orders.emptyCart, {})));
  }

  @Post('checkout')
  @Described({
    summary: 'Order what is in the cart',
    description:
      'Answers as `POST /orders` does, at current prices, and takes out of the cart exactly what it orders. A refusal ' +
      'names the `stockId` it is about. Also without an `Idempotency-Key` nothing in a cart is ordered twice.',
    status: 201,
    data: PlacedOrderView,
    examples: {
      'on delivery': {},
      'with an address': {
        paymentMethod: 'CASH_ON_DELIVERY',
        shippingAddress: { street: '1 Main Street', city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' },
      },
    },
    headers: {
      'Idempotency-Key': 'Makes it safe to repeat: the same key and body replay the first answer, empty cart or not',
      Prefer: '`wait=5` holds the answer until the order has left `PENDING`, at most so many seconds (up to 10)',
    },
    problems: [
      'UNAUTHORIZED',
      'CART_EMPTY',
      'STOCK_NOT_FOUND',
      'INSUFFICIENT_STOCK',
      'PAYMENT_METHOD_UNAVAILABLE',
      'IDEMPOTENCY_KEY_REUSED',
      'IDEMPOTENCY_IN_PROGRESS',
      'OVERLOADED',
      'OUTCOME_UNKNOWN',
    ],
  })
  async checkout(
    @Body() body: CheckoutBody,
    @Headers('prefer') prefer: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<PlacedOrderView>> {
    return this.placed.answer(await this.placed.admit(orders.checkout, orderOptionsOf(body)), reply, prefer);
  }
}

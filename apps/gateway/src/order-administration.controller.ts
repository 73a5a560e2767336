import { Body, Controller, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { orders } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { Described } from './described';
import { success, type Success } from './envelope';
import { markReplay } from './idempotency';
import { OrderNoteBody, OrderStatusBody, RefundBody, refundOf } from './order-administration-bodies';
import { noteView, OrderNoteView, OrderView, orderView } from './order.view';

const headers = { 'Idempotency-Key': 'Makes it safe to repeat: the same key and body replay the first answer' };
const problems = ['UNAUTHORIZED', 'FORBIDDEN', 'ORDER_NOT_FOUND'] as const;
const repeatable = [...problems, 'IDEMPOTENCY_KEY_REUSED', 'OUTCOME_UNKNOWN'] as const;

/** As people write it: any of its spellings. */
const NUMBER_FORM = '^([\\s-]*[0-9A-TV-Za-tv-z]){12}[\\s-]*$';

/** What admins do to one order. */
@ApiTags('Orders (admin)')
@Controller('admin/orders')
@Roles('admin')
export class OrderAdministrationController {
  constructor(private readonly bus: Bus) {}

  @Get('by-number/:number')
  @ApiParam({ name: 'number', schema: { type: 'string', pattern: NUMBER_FORM, example: '{{orderNumber}}' } })
  @Described({
    summary: 'Find an order by its number',
    description: 'In any spelling: upper or lower case, with or without dashes, `O` for `0`.',
    data: OrderView,
    problems: [...problems],
  })
  async find(@Req() { params }: FastifyRequest): Promise<Success<OrderView>> {
    const { number } = params as { number: string };
    return success(orderView(await this.bus.ask(orders.find, { number })));
  }

  @Patch(':id/status')
  @Described({
    summary: 'Ship, deliver or cancel an order',
    description:
      'The first shipment makes it `SHIPPED`; while anything is left to ship, further ones can follow. `DELIVERED` ' +
      'needs every line to be shipped or refunded. `CANCELLED` gives stock back and refunds.',
    data: OrderView,
    examples: {
      'the whole order': { status: 'SHIPPED', carrier: 'DHL', trackingNumber: 'JD014600003SE' },
      delivered: { status: 'DELIVERED' },
      cancelled: { status: 'CANCELLED', reason: 'As agreed on the phone' },
    },
    params: { id: 'confirmedOrderId' },
    headers,
    problems: [...repeatable, 'INVALID_TRANSITION'],
  })
  async setStatus(
    @Param('id') id: string,
    @Body() body: OrderStatusBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<OrderView>> {
    const { order, replayed } = await this.bus.ask(orders.setStatus, { ...body, id });
    markReplay(reply, replayed);
    return success(orderView(order));
  }

  @Post(':id/refund')
  @Described({
    summary: 'Refund an order, or a part of it',
    description:
      'By `amount` or by `lines`; by neither it is all that is left. An order is `REFUNDED` only when all of it is. ' +
      'Until the money is known to be paid out, the refund is `requested`: see `refunds` of the order.',
    status: 201,
    data: OrderView,
    examples: {
      'one unit': { lines: [{ stockId: '{{confirmedStockId}}', quantity: 1 }], reason: 'Broken on arrival' },
      'an amount': { amount: 0.01 },
      'all that is left': {},
    },
    params: { id: 'confirmedOrderId' },
    headers,
    problems: [...repeatable, 'INVALID_TRANSITION', 'REFUND_EXCEEDS_CAPTURE'],
  })
  async refund(
    @Param('id') id: string,
    @Body() body: RefundBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<OrderView>> {
    const { order, replayed } = await this.bus.ask(orders.refund, refundOf(id, body));
    markReplay(reply, replayed);
    return success(orderView(order));
  }

  @Post(':id/notes')
  @Described({
    summary: 'Write a note for other admins',
    description: 'In `notes` of the order as admins see it; never seen by customers.',
    status: 201,
    data: OrderNoteView,
    examples: { 'a wish': { text: 'Called: wants it delivered after six' } },
    params: { id: 'orderId' },
    headers,
    problems: [...repeatable],
  })
  async addNote(
    @Param('id') id: string,
    @Body() body: OrderNoteBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Success<OrderNoteView>> {
    const { replayed, ...note } = await this.bus.ask(orders.addNote, { ...body, id });
    markReplay(reply, replayed);
    return success(noteView(note));
  }
}

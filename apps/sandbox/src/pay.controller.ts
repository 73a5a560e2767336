import { Body, Controller, Get, Header, Param, ParseEnumPipe, Post, Query, Res } from '@nestjs/common';
import { IsIn, IsString } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { PAGE_POLICY } from './page';
import { PAY_POLICY, payPage, returnedPage } from './pay-page';
import { PaypalError } from './paypal-errors';
import { StripeError } from './stripe-errors';
import { deeds, desks, TillService, type Deed, type Desk } from './till.service';

const HTML = 'text/html; charset=utf-8';
const DESK = new ParseEnumPipe(Object.fromEntries(desks.map((desk) => [desk, desk])));

export class DeedBody {
  @IsIn(deeds)
  deed: Deed;
}

export class BillsQuery {
  @IsString()
  orderId: string;
}

export class OrderDeedBody extends DeedBody {
  @IsString()
  orderId: string;
}

/** The pages where customers pay; and the same for tests and scripts. */
@Controller()
export class PayController {
  constructor(private readonly till: TillService) {}

  @Get('pay/:desk/:id')
  show(@Param('desk', DESK) desk: Desk, @Param('id') id: string, @Res() reply: FastifyReply): void {
    this.page(reply, 200, desk, id);
  }

  @Post('pay/:desk/:id')
  act(
    @Param('desk', DESK) desk: Desk,
    @Param('id') id: string,
    @Body() { deed }: DeedBody,
    @Res() reply: FastifyReply,
  ): void {
    const trouble = this.attempt(() => this.till.act(desk, id, deed));
    if (trouble !== undefined) return this.page(reply, 402, desk, id, trouble);
    const { paidUrl } = this.till.bill(desk, id);
    if (!paidUrl) return this.page(reply, 200, desk, id);
    void reply.code(303).header('location', paidUrl).send();
  }

  @Get('returned/:outcome')
  @Header('Content-Type', HTML)
  @Header('Content-Security-Policy', PAGE_POLICY)
  returned(@Param('outcome') outcome: string): string {
    return returnedPage(outcome);
  }

  /** What was opened for an order, the newest last. */
  @Get('api/payments')
  bills(@Query() { orderId }: BillsQuery) {
    return { status: 'success', data: this.till.billsOf(orderId) };
  }

  /** The customer of an order, without a browser: with what can be paid for it, the newest first, or could be once. */
  @Post('api/payments')
  perform(@Body() { orderId, deed }: OrderDeedBody, @Res() reply: FastifyReply): void {
    const bills = this.till.billsOf(orderId);
    const bill = bills.findLast(({ open }) => open) ?? bills.at(-1);
    if (!bill) return void reply.code(404).send({ status: 'error', message: 'Nothing was opened for this order' });
    const trouble = this.attempt(() => this.till.act(bill.desk, bill.id, deed));
    if (trouble !== undefined) return void reply.code(402).send({ status: 'error', message: trouble });
    void reply.code(200).send({ status: 'success', data: this.till.bill(bill.desk, bill.id) });
  }

  private page(reply: FastifyReply, status: number, desk: Desk, id: string, trouble?: string): void {
    void reply.header('content-type', HTML).header('content-security-policy', PAY_POLICY(PAGE_POLICY));
    const text = this.attempt(() => void reply.code(status).send(payPage(this.till.bill(desk, id), trouble)));
    if (text !== undefined) void reply.code(404).send(text);
  }

  /** @returns what the provider tells the customer instead */
  private attempt(work: () => void): string | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      if (error instanceof StripeError || error instanceof PaypalError) return error.message;
      throw error;
    }
  }
}

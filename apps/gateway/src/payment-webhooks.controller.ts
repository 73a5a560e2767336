import { Controller, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { payments, type OnlineMethod } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Unasked } from './access';
import { Described } from './described';
import { ReceivedView } from './webhook.view';

/** What a signature is made of. Nothing else of a provider's headers goes further. */
const SIGNATURE = /^(stripe-signature|paypal-(transmission-(id|sig|time)|cert-url|auth-algo))$/;

/** Where providers tell what happened. What is answered with 200 is written down; it is processed after that. */
@ApiTags('Payments')
@Controller('payments/webhook')
@Unasked()
@SkipThrottle({ default: true, auth: true })
export class PaymentWebhooksController {
  constructor(private readonly bus: Bus) {}

  @Post('stripe')
  @Described({
    summary: 'For Stripe: an event',
    description: 'Signed in `Stripe-Signature`, over the bytes as they are sent; not older than five minutes.',
    bare: ReceivedView,
    problems: ['INVALID_SIGNATURE', 'PAYMENT_METHOD_UNAVAILABLE'],
  })
  stripe(@Req() request: FastifyRequest): Promise<ReceivedView> {
    return this.receive('STRIPE', request);
  }

  @Post('paypal')
  @Described({
    summary: 'For PayPal: an event',
    description: 'PayPal is asked whether it has sent it.',
    bare: ReceivedView,
    problems: ['INVALID_SIGNATURE', 'PAYMENT_METHOD_UNAVAILABLE'],
  })
  paypal(@Req() request: FastifyRequest): Promise<ReceivedView> {
    return this.receive('PAYPAL', request);
  }

  private async receive(provider: OnlineMethod, { body, headers }: FastifyRequest): Promise<ReceivedView> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const signature = Object.entries(headers).filter(
      (entry): entry is [string, string] => SIGNATURE.test(entry[0]) && typeof entry[1] === 'string',
    );
    await this.bus.ask(payments.receiveWebhook, {
      provider,
      body: bytes.toString('base64'),
      headers: Object.fromEntries(signature),
    });
    return { received: true };
  }
}

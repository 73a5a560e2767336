import { randomBytes } from 'node:crypto';
import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { brokenDown, keyInUse, keyReused, PaypalError, stranger } from './paypal-errors';
import type { VerifyRequest } from './paypal-signature';
import { PaypalService } from './paypal.service';
import { ProviderCall, type ProviderAnswer } from './provider-call';
import { SwitchesService } from './switches.service';
import { WebhooksService } from './webhooks.service';

/** Seconds; PayPal's live for nine hours. */
const TOKEN_LIFE_S = 32_400;

/** The part of PayPal's REST API that the suite uses. */
@Controller()
export class PaypalController {
  private readonly calls: ProviderCall;
  private readonly tokens = new Set<string>();

  constructor(
    private readonly paypal: PaypalService,
    private readonly webhooks: WebhooksService,
    private readonly switches: SwitchesService,
  ) {
    this.calls = new ProviderCall(
      {
        keyHeader: 'paypal-request-id',
        replayedHeader: null,
        refuseStranger: ({ headers }) => (this.isKnown(headers.authorization) ? null : stranger().answer),
        keyReused: () => keyReused().answer,
        keyInUse: () => keyInUse().answer,
        brokenDown: () => brokenDown().answer,
        requestId: () => ['paypal-debug-id', randomBytes(7).toString('hex').slice(0, 13)],
      },
      switches,
    );
  }

  @Post('v1/oauth2/token')
  token(@Req() { headers }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!/^Basic .+/.test(headers.authorization ?? '')) {
      const body = { error: 'invalid_client', error_description: 'Client Authentication failed' };
      return void reply.code(401).send(body);
    }
    const token = `A21AA${randomBytes(48).toString('base64url')}`;
    this.tokens.add(token);
    void reply.code(200).send({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_S });
  }

  @Post('v2/checkout/orders')
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.answer(request, reply, 201, () => this.paypal.createOrder(request.body as object));
  }

  @Get('v2/checkout/orders/:id')
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, 200, () => this.paypal.case(id).order);
  }

  @Post('v2/checkout/orders/:id/capture')
  capture(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, 201, () => this.paypal.capture(id));
  }

  @Post('v2/payments/captures/:id/refund')
  refund(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, 201, () => this.paypal.refund(id, request.body ?? {}));
  }

  @Post('v1/notifications/verify-webhook-signature')
  verify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const body = request.body as VerifyRequest;
    if (!this.isKnown(request.headers.authorization)) return this.send(reply, stranger().answer);
    if (this.switches.get().payVerifyDown) return this.send(reply, { ...brokenDown().answer, status: 503 });
    const event = JSON.stringify(body.webhook_event ?? null);
    const status = this.webhooks.paypalSignature.verify(body, event) ? 'SUCCESS' : 'FAILURE';
    this.send(reply, { status: 200, body: { verification_status: status } });
  }

  private answer(request: FastifyRequest, reply: FastifyReply, status: number, work: () => object): Promise<void> {
    return this.calls.answer(request, reply, () => attempt(status, work));
  }

  private isKnown(authorization = ''): boolean {
    return this.tokens.has(authorization.replace(/^Bearer /, ''));
  }

  private send(reply: FastifyReply, { status, body }: ProviderAnswer): void {
    void reply.code(status).send(body);
  }
}

function attempt(status: number, work: () => object): ProviderAnswer {
  try {
    return { status, body: structuredClone(work()) };
  } catch (error) {
    if (error instanceof PaypalError) return error.answer;
    throw error;
  }
}

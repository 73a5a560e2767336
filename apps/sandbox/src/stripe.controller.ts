import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readForm, type Form } from './form';
import { ProviderCall, type ProviderAnswer } from './provider-call';
import { stripeId } from './sandbox-id';
import { brokenDown, keyInUse, keyReused, strangers, StripeError } from './stripe-errors';
import { StripeIntentsService } from './stripe-intents.service';
import { StripeRefundsService } from './stripe-refunds.service';
import { StripeSessionsService } from './stripe-sessions.service';
import { SwitchesService } from './switches.service';

const BEARER = /^Bearer [sp]k_/;

/** The part of Stripe's HTTP API that the suite uses, for the unmodified SDK. */
@Controller('v1')
export class StripeController {
  private readonly calls: ProviderCall;

  constructor(
    private readonly intents: StripeIntentsService,
    private readonly sessions: StripeSessionsService,
    private readonly refunds: StripeRefundsService,
    switches: SwitchesService,
  ) {
    this.calls = new ProviderCall(
      {
        keyHeader: 'idempotency-key',
        replayedHeader: ['idempotent-replayed', 'true'],
        refuseStranger: ({ headers }) => (BEARER.test(headers.authorization ?? '') ? null : strangers.answer),
        keyReused: (key) => keyReused(key).answer,
        keyInUse: (key) => keyInUse(key).answer,
        brokenDown: () => brokenDown.answer,
        requestId: () => ['request-id', stripeId('req')],
      },
      switches,
    );
  }

  @Post('payment_intents')
  createIntent(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.answer(request, reply, (form) => this.intents.create(form));
  }

  @Get('payment_intents')
  listIntents(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.answer(request, reply, () => listOf(request, [...this.intents.all.values()]));
  }

  @Get('payment_intents/:id')
  intent(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, () => this.intents.get(id));
  }

  @Post('payment_intents/:id/confirm')
  confirm(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, (form) => this.intents.confirm(id, form));
  }

  @Post('payment_intents/:id/cancel')
  cancel(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, () => this.intents.cancel(id));
  }

  @Post('checkout/sessions')
  createSession(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.answer(request, reply, (form) => this.sessions.create(form));
  }

  @Get('checkout/sessions/:id')
  session(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, () => this.sessions.get(id));
  }

  @Post('checkout/sessions/:id/expire')
  expire(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('id') id: string) {
    return this.answer(request, reply, () => this.sessions.expire(id));
  }

  @Post('refunds')
  refund(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.answer(request, reply, (form) => this.refunds.create(form));
  }

  @Get('refunds')
  listRefunds(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { payment_intent: intent } = request.query as Record<string, string>;
    const wanted = this.refunds.all.filter(({ payment_intent }) => !intent || payment_intent === intent);
    return this.answer(request, reply, () => listOf(request, wanted));
  }

  private answer(request: FastifyRequest, reply: FastifyReply, work: (form: Form) => object): Promise<void> {
    return this.calls.answer(request, reply, () => attempt(() => work(readForm(request.body))));
  }
}

/** A copy: what was answered stays as it was, whatever becomes of the object. */
function attempt(work: () => object): ProviderAnswer {
  try {
    return { status: 200, body: structuredClone(work()) };
  } catch (error) {
    if (error instanceof StripeError) return structuredClone(error.answer);
    throw error;
  }
}

/** Newest first, a page at a time: https://docs.stripe.com/api/pagination */
function listOf(request: FastifyRequest, all: { id: string; created: number }[]): object {
  const query = request.query as Record<string, string>;
  const since = Number(query['created[gte]'] ?? 0);
  const sorted = all.filter(({ created }) => created >= since).reverse();
  const from = query.starting_after ? sorted.findIndex(({ id }) => id === query.starting_after) + 1 : 0;
  const limit = Number(query.limit ?? 10);
  return {
    object: 'list',
    url: request.url.split('?', 1)[0],
    data: sorted.slice(from, from + limit),
    has_more: sorted.length > from + limit,
  };
}

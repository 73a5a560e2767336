import { Injectable, Logger } from '@nestjs/common';
import { payments } from '@suite/contracts';
import { Bus, failpoints, inSpan } from '@suite/platform';
import { PaymentNewsService } from './payment-news.service';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import {
  isOverdue,
  keyOfGivingBack,
  leftOf,
  owesCapture,
  owesOpening,
  owesVoid,
  unwantedCaptures,
} from './payment.states';
import { paymentView } from './payment.view';
import { ProviderRefusal } from './provider';
import { ProvidersService } from './providers.service';
import type { Sighting } from './sighting';

/**
 * Does whatever is owed to a payment, until nothing is. It may be interrupted anywhere and begins again at the top; two
 * at once do no harm, because every step says what it will do before it calls the provider, calls it with a key that
 * stays the same, and takes in the answer as news. No step holds anything while the provider takes its time.
 */
@Injectable()
export class PaymentFlow {
  private readonly log = new Logger(PaymentFlow.name);

  constructor(
    private readonly store: PaymentStore,
    private readonly news: PaymentNewsService,
    private readonly providers: ProvidersService,
    private readonly bus: Bus,
  ) {}

  /** @throws Problem while the provider or a store is away: what is owed then stays owed. */
  async settle(orderId: string): Promise<void> {
    const payment = await this.store.find(orderId);
    if (!payment) return;
    const { requestId, traceparent, method } = payment;
    const span = { role: 'consumer', attributes: { 'payment.method': method } } as const;
    await inSpan('settle payment', span, { requestId, traceparent }, () => this.process(payment));
  }

  private async process(payment: PaymentRecord): Promise<void> {
    try {
      const opened = await this.open(payment);
      const captured = await this.capture(opened);
      const ended = await this.void(captured);
      const known = await this.look(ended);
      const planned = await this.planGivingBack(known);
      await this.refund(planned);
    } finally {
      // What happened is told even where the next step could not be taken.
      await this.tell(String(payment._id));
    }
  }

  /** Its undo is `void`. */
  private async open(payment: PaymentRecord): Promise<PaymentRecord> {
    if (!owesOpening(payment)) return payment;
    const begun = await this.change(payment, () => ({ opening: true }));
    // Somebody gave it back before it was begun.
    if (!owesOpening(begun)) return begun;
    try {
      const opened = await this.providers.of(begun).open(begun);
      if (failpoints) await failpoints.reach('payment.opened', begun);
      return await this.change(begun, ({ generation }) =>
        generation === begun.generation ? { ...opened, opening: false, voided: false } : undefined,
      );
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      this.log.error(`Order ${begun.number} cannot be paid by ${begun.method}: ${error.code}, ${error.message}`);
      return this.change(begun, () => ({ opening: false, rejected: `${error.code.toUpperCase()}: ${error.message}` }));
    }
  }

  /** Its undo is a refund. */
  private async capture(payment: PaymentRecord): Promise<PaymentRecord> {
    if (!owesCapture(payment)) return payment;
    const begun = await this.change(payment, (now) => (owesCapture(now) ? { capturing: true } : undefined));
    if (!owesCapture(begun)) return begun;
    const seen = await this.providers.of(begun).capture(begun);
    if (failpoints) await failpoints.reach('payment.captured', begun);
    await this.learn(begun, seen);
    // Whatever it was, the outcome is known: after a decline the customer agrees anew, and the next capture is another.
    return this.change(begun, () => ({ capturing: false, approved: false }));
  }

  /** There is no undo: an order whose payment has ended ends as well. */
  private async void(payment: PaymentRecord): Promise<PaymentRecord> {
    if (!owesVoid(payment)) return payment;
    // Nothing was ever opened, so that there is nothing to end at the provider.
    if (payment.reference === undefined && !payment.opening) return this.learn(payment, { voided: true });
    const seen = await this.providers.of(payment).void(payment);
    if (failpoints) await failpoints.reach('payment.voided', payment);
    return this.learn(payment, seen);
  }

  /** Asks the provider where news may have been lost: when a webhook did not say it all, or none came for long. */
  private async look(payment: PaymentRecord): Promise<PaymentRecord> {
    if (!payment.lookWanted && !isOverdue(payment, new Date())) return payment;
    const seen = await this.providers.of(payment).look(payment);
    await this.learn(payment, seen);
    return this.change(payment, () => ({ lookWanted: false }));
  }

  /** The order does not stand: what came in for it is to go back, each capture by a refund of its own. */
  private planGivingBack(payment: PaymentRecord): Promise<PaymentRecord> {
    return this.change(payment, (now) => {
      const captures = unwantedCaptures(now);
      if (captures.length === 0) return undefined;
      const planned = captures.map((capture): RefundRecord => {
        const { id: captureId } = capture;
        const amount = leftOf(now, capture);
        const reason = 'The order does not stand';
        return {
          key: keyOfGivingBack(capture),
          captureId,
          amount,
          reason,
          state: 'requested',
          attempted: false,
          at: new Date(),
        };
      });
      return { refunds: [...now.refunds, ...planned] };
    });
  }

  /** There is no undo: what went back is gone. So it is looked up before anything is sent a second time. */
  private async refund(payment: PaymentRecord): Promise<void> {
    for (const { key } of payment.refunds.filter(({ state }) => state === 'requested')) {
      const now = await this.store.find(String(payment._id));
      const refund = now?.refunds.find((one) => one.key === key);
      if (now && refund?.state === 'requested') await this.refundOne(now, refund);
    }
  }

  private async refundOne(payment: PaymentRecord, refund: RefundRecord): Promise<void> {
    const provider = this.providers.of(payment);
    if (refund.attempted) {
      const looked = await this.learn(payment, await provider.look(payment));
      if (looked.refunds.find(({ key }) => key === refund.key)?.state !== 'requested') return;
    }
    const begun = await this.change(payment, ({ refunds }) => ({
      refunds: withRefund(refunds, refund.key, { attempted: true }),
    }));
    try {
      const seen = await provider.refund(begun, refund);
      if (failpoints) await failpoints.reach('payment.refunded', begun);
      await this.learn(begun, seen);
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      await this.noteRefusal(begun, refund, error);
    }
  }

  private async noteRefusal(
    payment: PaymentRecord,
    { key, amount }: RefundRecord,
    refusal: ProviderRefusal,
  ): Promise<void> {
    const reason = `${refusal.code}: ${refusal.message}`.slice(0, 500);
    const { number, currency } = payment;
    this.log.error(`${amount} ${currency} of order ${number} cannot be refunded by itself: ${reason}`);
    await this.change(payment, ({ refunds }) => ({ refunds: withRefund(refunds, key, { state: 'failed', reason }) }));
  }

  private async tell(orderId: string): Promise<void> {
    const payment = await this.store.find(orderId);
    if (!payment || payment.told === payment.seq) return;
    const { seq } = payment;
    await this.bus.tell(payments.changed, paymentView(payment));
    await this.store.change(orderId, ({ told }) => (told < seq ? { told: seq } : undefined));
  }

  private async change(payment: PaymentRecord, decide: Parameters<PaymentStore['change']>[1]): Promise<PaymentRecord> {
    return (await this.store.change(String(payment._id), decide))!;
  }

  private async learn(payment: PaymentRecord, seen: Sighting): Promise<PaymentRecord> {
    return (await this.news.take(String(payment._id), seen))!;
  }
}

/** What was seen as done meanwhile stays done. */
const withRefund = (refunds: RefundRecord[], key: string, changes: Partial<RefundRecord>): RefundRecord[] =>
  refunds.map((refund) => (refund.key === key && refund.state === 'requested' ? { ...refund, ...changes } : refund));

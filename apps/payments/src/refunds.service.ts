import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Problem, type Refund, type RefundPayment } from '@suite/contracts';
import { PaymentQueueService } from './payment-queue.service';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import { leftOf, refundableOf } from './payment.states';
import { refundView } from './payment.view';

/** How often somebody who waits for the outcome looks again, in ms. */
const LOOK_MS = 50;

/**
 * Refunds that somebody asks for. All refunds of a payment stand in its one document and are added by a write that names
 * the version it has read, so that together they are never more than was captured, whoever asks at the same time.
 */
@Injectable()
export class RefundsService {
  constructor(
    private readonly store: PaymentStore,
    private readonly queue: PaymentQueueService,
  ) {}

  /** @throws Problem ORDER_NOT_FOUND, REFUND_EXCEEDS_CAPTURE with `refundable` */
  async refund(body: RefundPayment): Promise<Refund> {
    const payment = await this.store.change(body.orderId, (known) =>
      known.refunds.some(({ key }) => key === body.key)
        ? undefined
        : { refunds: [...known.refunds, planned(known, body)] },
    );
    if (!payment) throw new Problem('ORDER_NOT_FOUND', 'This order has no payment');
    this.queue.wake(payment);
    return refundView(await this.outcome(payment, body));
  }

  private async outcome(payment: PaymentRecord, { orderId, key, waitMs = 0 }: RefundPayment): Promise<RefundRecord> {
    const deadline = Date.now() + waitMs;
    for (let known = payment; ; known = (await this.store.find(orderId))!) {
      const refund = known.refunds.find((one) => one.key === key)!;
      const left = deadline - Date.now();
      if (refund.state !== 'requested' || left <= 0) return refund;
      await pause(Math.min(LOOK_MS, left));
    }
  }
}

/** Out of one capture: an order has one, and a second one is refunded by itself. */
function planned(payment: PaymentRecord, { key, amount, reason }: RefundPayment): RefundRecord {
  const capture = payment.captures.find((one) => leftOf(payment, one) >= amount);
  if (!capture || amount === 0) {
    throw new Problem('REFUND_EXCEEDS_CAPTURE', undefined, { refundable: refundableOf(payment) });
  }
  const wanted = { key, amount, captureId: capture.id, ...(reason !== undefined && { reason }) };
  return { ...wanted, state: 'requested', attempted: false, at: new Date() };
}

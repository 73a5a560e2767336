import { Injectable, Logger } from '@nestjs/common';
import { counter } from '@suite/platform';
import type { PaymentRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import { capturedOf, refundsDone, stateOf } from './payment.states';
import { learn, type Sighting } from './sighting';

/** Takes in what providers say, and raises its voice where people have to act. */
@Injectable()
export class PaymentNewsService {
  private readonly log = new Logger(PaymentNewsService.name);
  private readonly heard = counter('payments_news_total', 'What was heard of payments, once each', ['method', 'news']);

  constructor(private readonly store: PaymentStore) {}

  /** The payment as it is known then; undefined when there is none. */
  async take(orderId: string, seen: Sighting): Promise<PaymentRecord | undefined> {
    let before: PaymentRecord | undefined;
    const after = await this.store.change(orderId, (payment) => {
      before = payment;
      return learn(payment, seen, new Date());
    });
    if (before && after && before !== after) {
      this.count(before, after);
      this.callForHelp(before, after);
    }
    return after;
  }

  private count(before: PaymentRecord, after: PaymentRecord): void {
    const { method } = after;
    const more: [string, number][] = [
      ['capture', after.captures.length - before.captures.length],
      ['decline', after.declines.length - before.declines.length],
      ['refund', refundsDone(after) - refundsDone(before)],
      ['dispute', after.disputes.length - before.disputes.length],
    ];
    for (const [news, times] of more) if (times > 0) this.heard.inc({ method, news }, times);
  }

  private callForHelp(before: PaymentRecord, after: PaymentRecord): void {
    const { _id, amount, currency, captures, disputes } = after;
    if (stateOf(after) === 'MISMATCHED' && stateOf(before) !== 'MISMATCHED') {
      const came = captures.map((capture) => `${capture.amount} ${capture.currency}`).join(' and ');
      this.log.error(
        `Order ${String(_id)} was to cost ${amount} ${currency}, and ${came} came in: it is not confirmed`,
      );
    }
    if (capturedOf(before) > 0 && captures.length > before.captures.length) {
      this.log.error(`Order ${String(_id)} was paid ${captures.length} times`);
    }
    if (disputes.length > before.disputes.length) {
      this.log.error(`The customer of order ${String(_id)} disputes the payment: ${disputes.at(-1)!.reason}`);
    }
  }
}

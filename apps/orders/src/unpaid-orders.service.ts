import { Injectable, Logger } from '@nestjs/common';
import { payments, Problem, type Payment } from '@suite/contracts';
import { Bus, isWeather } from '@suite/platform';
import { nextUnpaidCheck, paymentOf } from './order-payment';
import { OrderPaymentsService } from './order-payments.service';
import type { OrderRecord } from './order.schema';
import { OrderStore } from './order-store';

const BATCH = 200;

/**
 * Looks after orders that wait for their payment: asks what became of it, since what was told may have been lost, and
 * ends those whose time is over. The payment ends first, then the order, then what was held for it: an order whose
 * payment cannot be ended, because it was paid at the last moment, is confirmed instead.
 */
@Injectable()
export class UnpaidOrdersService {
  private readonly log = new Logger(UnpaidOrdersService.name);

  constructor(
    private readonly store: OrderStore,
    private readonly orderPayments: OrderPaymentsService,
    private readonly bus: Bus,
  ) {}

  /** Returns how many orders moved on. */
  async check(): Promise<number> {
    const due = await this.store.orders
      .find({ status: 'AWAITING_PAYMENT', checkAt: { $lte: new Date() } })
      .sort({ checkAt: 1 })
      .limit(BATCH)
      .toArray();
    const results = await Promise.all(due.map((order) => this.checkOne(order)));
    return results.filter(Boolean).length;
  }

  /** What is away now is asked again at the next check; the others do not wait for it. */
  private async checkOne(order: OrderRecord): Promise<boolean> {
    const { _id, userId, epoch, payment } = order;
    const now = new Date();
    const checkAt = nextUnpaidCheck(payment.expiresAt ?? now, now);
    const condition = { status: 'AWAITING_PAYMENT', epoch } as const;
    await this.store.updateIf({ key: { _id, userId }, condition, update: { $set: { checkAt } } });
    try {
      await this.orderPayments.hear(await this.ask(order, now));
      return (await this.store.find(order))?.status !== 'AWAITING_PAYMENT';
    } catch (error) {
      if (!isWeather(error)) this.log.error(error);
      return false;
    }
  }

  private async ask(order: OrderRecord, now: Date): Promise<Payment> {
    const { expiresAt = now } = order.payment;
    if (expiresAt <= now) return this.bus.ask(payments.void, paymentOf(order));
    return this.bus.ask(payments.get, paymentOf(order)).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'ORDER_NOT_FOUND') throw error;
      this.log.error(`Order ${order.number} waits for a payment that nobody knows of`);
      return this.bus.ask(payments.void, paymentOf(order));
    });
  }
}

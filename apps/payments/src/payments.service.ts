import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  Problem,
  type AccessPayment,
  type OpenPayment,
  type Payment,
  type PaymentAccess,
  type PaymentOfOrder,
} from '@suite/contracts';
import { callerOf } from '@suite/platform';
import { newPayment, reopened, tombstoneOf } from './new-payment';
import { PaymentQueueService } from './payment-queue.service';
import type { PaymentRecord } from './payment.schema';
import { PaymentStore } from './payment-store';
import { owesSomething } from './payment.states';
import { accessView, paymentView } from './payment.view';
import { ProvidersService } from './providers.service';

/** How often a customer who waits for a way to pay looks again, in ms: soon at first. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 150;

/** What orders want of their payments: written down here, done afterwards by `PaymentFlow`. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly store: PaymentStore,
    private readonly queue: PaymentQueueService,
    private readonly providers: ProvidersService,
  ) {}

  async open(body: OpenPayment): Promise<Payment> {
    this.providers.assertOffered(body.method);
    const fresh = newPayment(body);
    if (await this.store.insert(fresh)) return this.woken(fresh);
    const payment = await this.store.change(body.orderId, (known) => {
      if (known.epoch >= body.epoch) return undefined;
      // Also after a rejection: whoever replays the order wants to try again.
      if (!known.unwanted && known.rejected === undefined) return { epoch: body.epoch };
      // The old one has to be over before there can be a new one.
      if (owesSomething({ ...known, told: known.seq }))
        throw new Problem('SERVICE_UNAVAILABLE', 'It is being given back');
      return reopened(known, body);
    });
    return this.woken(payment!);
  }

  /** @throws Problem ORDER_NOT_FOUND */
  async get({ orderId }: PaymentOfOrder): Promise<Payment> {
    const payment = await this.store.find(orderId);
    if (!payment) throw new Problem('ORDER_NOT_FOUND', 'This order has no payment');
    return paymentView(payment);
  }

  async access({ orderId, waitMs = 0 }: AccessPayment): Promise<PaymentAccess> {
    const { userId } = callerOf();
    const deadline = Date.now() + waitMs;
    for (let look = FIRST_LOOK_MS; ; look = Math.min(look * 2, LAST_LOOK_MS)) {
      const payment = await this.store.find(orderId);
      const mine = payment && String(payment.userId) === userId ? payment : undefined;
      if (mine?.reference !== undefined) return accessView(mine);
      const left = deadline - Date.now();
      if (left <= 0 || (mine && mine.state !== 'PENDING')) return {};
      await pause(Math.min(look, left));
    }
  }

  /** One that nobody knows of is noted as over, so that it cannot be opened late. */
  async void(body: PaymentOfOrder): Promise<Payment> {
    return this.want(body, (payment) => (payment.voidWanted ? undefined : { voidWanted: true }));
  }

  async giveBack(body: PaymentOfOrder): Promise<void> {
    await this.want(body, (payment) =>
      payment.unwanted || payment.epoch > body.epoch ? undefined : { unwanted: true, epoch: body.epoch },
    );
  }

  private async want(
    body: PaymentOfOrder,
    wish: (payment: PaymentRecord) => Partial<PaymentRecord> | undefined,
  ): Promise<Payment> {
    const payment = await this.store.change(body.orderId, wish);
    if (payment) return this.woken(payment);
    const tombstone = tombstoneOf(body);
    return (await this.store.insert(tombstone)) ? this.woken(tombstone) : this.want(body, wish);
  }

  private woken(payment: PaymentRecord): Payment {
    this.queue.wake(payment);
    return paymentView(payment);
  }
}

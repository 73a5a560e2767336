import { InjectQueue } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { payments, type SettlePayment } from '@suite/contracts';
import { hasLiveJob, jobOptions } from '@suite/platform';
import type { Queue } from 'bullmq';
import type { PaymentRecord } from './payment.schema';

const jobOf = ({ _id, version }: PaymentRecord): SettlePayment => ({ orderId: String(_id), version });

/** Wakes whoever settles payments. The job only names the payment; what is to be done stands in its document. */
@Injectable()
export class PaymentQueueService {
  constructor(@InjectQueue(payments.settle.queue) private readonly queue: Queue<SettlePayment>) {}

  /** Nobody waits for it: what is not woken now is found by the sweeper. */
  wake(payment: PaymentRecord): void {
    if (!payment.dueAt || payment.dueAt.getTime() > Date.now()) return;
    void this.add(payment).catch(() => undefined);
  }

  /** Wakes for those again that no job works on any more. Returns how many they were. */
  async revive(due: PaymentRecord[]): Promise<number> {
    const alive = await Promise.all(due.map((payment) => hasLiveJob(this.queue, payments.settle.key(jobOf(payment)))));
    const lost = due.filter((_payment, i) => !alive[i]);
    await Promise.all(lost.map((payment) => this.add(payment)));
    return lost.length;
  }

  private async add(payment: PaymentRecord): Promise<void> {
    const data = jobOf(payment);
    await this.queue.add(payments.settle.name, data, jobOptions(payments.settle, data));
  }
}

import { Injectable } from '@nestjs/common';
import { payments, Problem, type PaymentMethod, type PaymentMethods } from '@suite/contracts';
import { Bus, Fresh } from '@suite/platform';

/** Methods are switched by settings, hence by a restart: what was heard is good for so long, in ms. */
const FRESH_MS = 30_000;

/** What can be paid with here. */
@Injectable()
export class PaymentMethodsService {
  private readonly methods: Fresh<PaymentMethods>;

  constructor(bus: Bus) {
    this.methods = new Fresh(FRESH_MS, () => bus.ask(payments.methods, {}));
  }

  /** @throws Problem PAYMENT_METHOD_UNAVAILABLE */
  async assertAvailable(method: PaymentMethod): Promise<void> {
    if (method === 'CASH_ON_DELIVERY') return;
    const methods = await this.methods.value();
    if (!methods[method]) throw new Problem('PAYMENT_METHOD_UNAVAILABLE');
  }
}

import { Injectable } from '@nestjs/common';
import { payments, Problem, type PaymentMethod, type PaymentMethods } from '@suite/contracts';
import { Bus } from '@suite/platform';

/** Methods are switched by settings, hence by a restart: what was heard is good for so long, in ms. */
const FRESH_MS = 30_000;

/** What can be paid with here. */
@Injectable()
export class PaymentMethodsService {
  private known?: { methods: Promise<PaymentMethods>; until: number };

  constructor(private readonly bus: Bus) {}

  /** @throws Problem PAYMENT_METHOD_UNAVAILABLE */
  async assertAvailable(method: PaymentMethod): Promise<void> {
    if (method === 'CASH_ON_DELIVERY') return;
    const methods = await this.methods();
    if (!methods[method]) throw new Problem('PAYMENT_METHOD_UNAVAILABLE');
  }

  private methods(): Promise<PaymentMethods> {
    if (this.known && this.known.until > Date.now()) return this.known.methods;
    const methods = this.bus.ask(payments.methods, {});
    const known = { methods, until: Date.now() + FRESH_MS };
    this.known = known;
    // What failed is asked again by the next one who wants to know.
    methods.catch(() => this.known === known && (this.known = undefined));
    return methods;
  }
}

import { Injectable } from '@nestjs/common';
import { onlineMethods, Problem, type OnlineMethod, type PaymentMethods } from '@suite/contracts';
import { PaymentsConfig } from './payments.config';
import { PaypalProvider } from './paypal.provider';
import type { PaymentProvider } from './provider';
import { StripeProvider } from './stripe.provider';

/**
 * Who can be paid with here. One that is switched off is offered to nobody; what was begun with it is brought to its end all
 * the same, for as long as its keys are there.
 */
@Injectable()
export class ProvidersService {
  /** Those that something new can be begun with. */
  readonly methods: PaymentMethods;
  private readonly providers: Record<OnlineMethod, PaymentProvider | undefined>;

  constructor(config: PaymentsConfig, stripe: StripeProvider, paypal: PaypalProvider) {
    this.methods = { STRIPE: config.STRIPE_ENABLED, PAYPAL: config.PAYPAL_ENABLED };
    this.providers = {
      STRIPE: config.hasStripe ? stripe : undefined,
      PAYPAL: config.hasPaypal ? paypal : undefined,
    };
  }

  /** @throws Problem PAYMENT_METHOD_UNAVAILABLE for one that is not switched on. */
  assertOffered(method: OnlineMethod): void {
    if (!this.methods[method]) throw new Problem('PAYMENT_METHOD_UNAVAILABLE');
  }

  /** @throws Problem PAYMENT_METHOD_UNAVAILABLE for one that has no keys. */
  named(method: OnlineMethod): PaymentProvider {
    const provider = this.providers[method];
    if (!provider) throw new Problem('PAYMENT_METHOD_UNAVAILABLE');
    return provider;
  }

  of({ method }: { method: OnlineMethod }): PaymentProvider {
    return this.named(method);
  }

  get all(): PaymentProvider[] {
    return onlineMethods.flatMap((method) => this.providers[method] ?? []);
  }
}

import { Injectable } from '@nestjs/common';
import { onlineMethods, Problem, type OnlineMethod, type PaymentMethods } from '@suite/contracts';
import { PaymentsConfig } from './payments.config';
import { PaypalProvider } from './paypal.provider';
import type { PaymentProvider } from './provider';
import { StripeProvider } from './stripe.provider';

/** Who can be paid with here. */
@Injectable()
export class ProvidersService {
  private readonly providers: Record<OnlineMethod, PaymentProvider | undefined>;

  constructor(config: PaymentsConfig, stripe: StripeProvider, paypal: PaypalProvider) {
    this.providers = {
      STRIPE: config.STRIPE_ENABLED ? stripe : undefined,
      PAYPAL: config.PAYPAL_ENABLED ? paypal : undefined,
    };
  }

  /** @throws Problem PAYMENT_METHOD_UNAVAILABLE for one that is not switched on. */
  named(method: OnlineMethod): PaymentProvider {
    const provider = this.providers[method];
    if (!provider) throw new Problem('PAYMENT_METHOD_UNAVAILABLE');
    return provider;
  }

  of({ method }: { method: OnlineMethod }): PaymentProvider {
    return this.named(method);
  }

  get methods(): PaymentMethods {
    return { STRIPE: Boolean(this.providers.STRIPE), PAYPAL: Boolean(this.providers.PAYPAL) };
  }

  get all(): PaymentProvider[] {
    return onlineMethods.flatMap((method) => this.providers[method] ?? []);
  }
}

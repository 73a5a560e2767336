import { IsBoolean, IsInt, IsString, IsUrl, Matches, Max, Min, ValidateBy } from 'class-validator';
import { developmentSecret, isProduction } from '@suite/platform';

const URL_RULE = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

const isSet = (value: unknown): boolean => typeof value === 'string' && value !== '' && !/development-only/.test(value);

/** A provider that is switched on in production needs this; outside, the sandbox stands in. */
const NeededWith = (flag: 'STRIPE_ENABLED' | 'PAYPAL_ENABLED'): PropertyDecorator =>
  ValidateBy({
    name: 'neededWith',
    validator: {
      validate: (value, args) => {
        const on = (args!.object as PaymentsConfig)[flag];
        return !isProduction() || !on || isSet(value);
      },
      defaultMessage: () => `$property must be set in production while ${flag} is true`,
    },
  });

export class PaymentsConfig {
  /**
   * Can customers pay by Stripe? In production it is on as soon as STRIPE_SECRET_KEY is set. `false`: nothing new is begun
   * with it; what was begun is still ended, paid and refunded, and its webhooks are taken in, as long as its keys stay set.
   */
  @IsBoolean()
  STRIPE_ENABLED: boolean = !isProduction() || Boolean(process.env.STRIPE_SECRET_KEY);

  /** `sk_live_…` or `sk_test_…`. Outside production, without one, the sandbox stands in for Stripe. */
  @NeededWith('STRIPE_ENABLED')
  @IsString()
  STRIPE_SECRET_KEY: string = '';

  /** `whsec_…`, of the endpoint `/payments/webhook/stripe`. With a wrong one every webhook is refused. */
  @NeededWith('STRIPE_ENABLED')
  @IsString()
  STRIPE_WEBHOOK_SECRET: string = developmentSecret('STRIPE_WEBHOOK_SECRET');

  /** Where Stripe is; without a STRIPE_SECRET_KEY it is the sandbox instead. */
  @IsUrl(URL_RULE)
  STRIPE_API_URL: string = 'https://api.stripe.com';

  /** Can customers pay by PayPal? In production it is on as soon as PAYPAL_CLIENT_ID is set. `false`: as STRIPE_ENABLED. */
  @IsBoolean()
  PAYPAL_ENABLED: boolean = !isProduction() || Boolean(process.env.PAYPAL_CLIENT_ID);

  /** Of the app in PayPal's developer dashboard. Outside production, without one, the sandbox stands in for PayPal. */
  @NeededWith('PAYPAL_ENABLED')
  @IsString()
  PAYPAL_CLIENT_ID: string = '';

  /** Of the same app. */
  @NeededWith('PAYPAL_ENABLED')
  @IsString()
  PAYPAL_CLIENT_SECRET: string = '';

  /** The id that PayPal gave the webhook `/payments/webhook/paypal`. With a wrong one every webhook is refused. */
  @NeededWith('PAYPAL_ENABLED')
  @IsString()
  PAYPAL_WEBHOOK_ID: string = isProduction() ? '' : 'sandbox';

  /** `https://api-m.sandbox.paypal.com` for PayPal's own sandbox; without a PAYPAL_CLIENT_ID it is ours instead. */
  @IsUrl(URL_RULE)
  PAYPAL_API_URL: string = 'https://api-m.paypal.com';

  /** Where the provider sends customers who have paid. They are there before the order is confirmed: it asks for it. */
  @NeededWith('STRIPE_ENABLED')
  @NeededWith('PAYPAL_ENABLED')
  @Matches(/^(https?:\/\/\S+)?$/, { message: '$property must be an address that begins with http:// or https://' })
  SUCCESS_URL: string = isProduction() ? '' : 'http://127.0.0.1:8025/returned/paid';

  /** Where the provider sends customers who have changed their mind. */
  @NeededWith('STRIPE_ENABLED')
  @NeededWith('PAYPAL_ENABLED')
  @Matches(/^(https?:\/\/\S+)?$/, { message: '$property must be an address that begins with http:// or https://' })
  CANCEL_URL: string = isProduction() ? '' : 'http://127.0.0.1:8025/returned/left';

  /** Where the sandbox is that stands in for providers without keys. Never used in production. */
  @IsUrl(URL_RULE)
  SANDBOX_URL: string = 'http://127.0.0.1:8025';

  /** How many payments one replica settles at once. Each mostly waits for the provider. */
  @IsInt()
  @Min(1)
  @Max(500)
  PAYMENT_CONCURRENCY: number = 32;

  /** How often a payment that is open is looked up at the provider, in ms: a webhook may have been lost. */
  @IsInt()
  @Min(500)
  PAYMENT_LOOKUP_MS: number = 60_000;

  /** How often payments and webhooks are looked for that nobody works on any more, in ms. */
  @IsInt()
  @Min(100)
  PAYMENT_SWEEP_MS: number = 5_000;

  /** How long webhooks that were processed can be looked up and replayed, in days. Those that failed stay. */
  @IsInt()
  @Min(1)
  WEBHOOK_RETENTION_DAYS: number = 30;

  /** Is there all that it takes to talk to Stripe, and to know its webhooks from those that others make up? */
  get hasStripe(): boolean {
    return !isProduction() || [this.STRIPE_SECRET_KEY, this.STRIPE_WEBHOOK_SECRET].every(isSet);
  }

  /** As `hasStripe`. */
  get hasPaypal(): boolean {
    const { PAYPAL_CLIENT_ID, PAYPAL_CLIENT_SECRET, PAYPAL_WEBHOOK_ID } = this;
    return !isProduction() || [PAYPAL_CLIENT_ID, PAYPAL_CLIENT_SECRET, PAYPAL_WEBHOOK_ID].every(isSet);
  }

  get stripeKey(): string {
    return this.STRIPE_SECRET_KEY || 'sk_test_sandbox';
  }

  get stripeUrl(): string {
    return this.STRIPE_SECRET_KEY ? this.STRIPE_API_URL : this.SANDBOX_URL;
  }

  get paypalClientId(): string {
    return this.PAYPAL_CLIENT_ID || 'sandbox';
  }

  get paypalClientSecret(): string {
    return this.PAYPAL_CLIENT_SECRET || 'sandbox';
  }

  get paypalUrl(): string {
    return this.PAYPAL_CLIENT_ID ? this.PAYPAL_API_URL : this.SANDBOX_URL;
  }
}

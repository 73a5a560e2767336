import { developmentSecret } from '@suite/platform';
import { IsInt, IsString, Matches, Max, Min } from 'class-validator';

/** The sandbox stands in for the outside world; it refuses to start in production. */
export class SandboxConfig {
  /** The inbox page and its API. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  SANDBOX_PORT: number = 8025;

  /** Where mails are accepted by SMTP. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  SANDBOX_SMTP_PORT: number = 1025;

  /**
   * The address both listen on. Whoever reaches it reads every mail, one-time tokens included, without a password: `::`
   * or `0.0.0.0` only inside a container network.
   */
  @IsString()
  SANDBOX_HOST: string = '127.0.0.1';

  /**
   * Where the sandbox can be reached by the suite and by browsers; pay pages begin with it. Empty: SANDBOX_HOST and
   * SANDBOX_PORT.
   */
  @Matches(/^(https?:\/\/\S+)?$/)
  SANDBOX_URL: string = '';

  /** Where the sandbox sends webhooks: the shop's own address. Empty: nowhere. */
  @Matches(/^(https?:\/\/\S+)?$/)
  SANDBOX_SHOP_URL: string = 'http://127.0.0.1:8080';

  /** What the sandbox's Stripe signs webhooks with: the same value as in payments, which checks them. */
  @IsString()
  STRIPE_WEBHOOK_SECRET: string = developmentSecret('STRIPE_WEBHOOK_SECRET');

  /** By what the sandbox's PayPal knows the shop's webhook: the same value as in payments. */
  @IsString()
  PAYPAL_WEBHOOK_ID: string = 'sandbox';

  /** How many mails are kept; the oldest go first. They take at most 64 MiB, however many they are. */
  @IsInt()
  @Min(1)
  SANDBOX_MAX_MAILS: number = 1_000;

  get ownUrl(): string {
    return this.SANDBOX_URL || `http://${this.SANDBOX_HOST}:${this.SANDBOX_PORT}`;
  }
}

import { IsBoolean, IsEmail, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, ValidateBy } from 'class-validator';
import { isProduction } from '@suite/platform';
import { usesSes } from './ses';

/** In production somebody has to say so explicitly when no mail is to be sent. */
const NeededInProduction = (settled: (settings: NotificationsConfig) => boolean, message: string): PropertyDecorator =>
  ValidateBy({
    name: 'neededInProduction',
    validator: {
      validate: (_value, args) => {
        const settings = args!.object as NotificationsConfig;
        return !isProduction() || !settings.MAIL_ENABLED || settled(settings);
      },
      defaultMessage: () => message,
    },
  });

export class NotificationsConfig {
  /** `false`: no mail is written or sent, and none will be made up for later. */
  @IsBoolean()
  MAIL_ENABLED: boolean = true;

  /**
   * The mail server, with name and password: `smtps://user:pass@host:465`, or `smtp://user:pass@host:587`, which uses
   * STARTTLS if it is offered; add `?requireTLS=true` to insist. Characters such as `@` or `/` in a password are written
   * as `%40`, `%2F`. Outside production the default is the sandbox.
   */
  @NeededInProduction(
    (settings) => Boolean(settings.SMTP_URL || (settings.EMAIL_USER && settings.EMAIL_PASS) || usesSes(settings)),
    'SMTP_URL, or EMAIL_USER and EMAIL_PASS, or AWS_REGION and AWS_SES_SENDER_EMAIL must be set in production (or MAIL_ENABLED=false)',
  )
  @Matches(/^smtps?:\/\/\S+$|^$/, { message: 'SMTP_URL must begin with smtp:// or smtps://' })
  SMTP_URL: string = isProduction() ? '' : 'smtp://127.0.0.1:1025';

  /** Instead of SMTP_URL, and before it: an account with a mail provider. Needs EMAIL_PASS. */
  @IsOptional()
  @IsString()
  EMAIL_USER: string | undefined = undefined;

  /** For Gmail an app password, not the one of the account. */
  @IsOptional()
  @IsString()
  EMAIL_PASS: string | undefined = undefined;

  /** The provider of EMAIL_USER, by a name that nodemailer knows: `gmail`, `outlook365`, `sendgrid`, `ses-eu-west-1`... */
  @IsString()
  EMAIL_SERVICE: string = 'gmail';

  /** Instead of SMTP, and before it: AWS SES in this region, from AWS_SES_SENDER_EMAIL. It gives mails a Message-ID of its own. */
  @IsOptional()
  @IsString()
  AWS_REGION: string | undefined = undefined;

  /** The sender that SES has verified. Setting it together with AWS_REGION is what turns SES on. */
  @IsOptional()
  @IsEmail()
  AWS_SES_SENDER_EMAIL: string | undefined = undefined;

  /** With AWS_SECRET_ACCESS_KEY; without both the SDK looks in the profile or the role of the machine. */
  @IsOptional()
  @IsString()
  AWS_ACCESS_KEY_ID: string | undefined = undefined;

  /** Of AWS_ACCESS_KEY_ID. */
  @IsOptional()
  @IsString()
  AWS_SECRET_ACCESS_KEY: string | undefined = undefined;

  /** Another address for SES: the sandbox, or a private endpoint. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  AWS_SES_ENDPOINT: string | undefined = undefined;

  /** Who mails come from: `Shop <orders@shop.example>`. Mail servers refuse senders that are not theirs. */
  @NeededInProduction(
    ({ MAIL_FROM, EMAIL_USER, AWS_SES_SENDER_EMAIL }) => Boolean(MAIL_FROM || EMAIL_USER || AWS_SES_SENDER_EMAIL),
    'MAIL_FROM must be set in production',
  )
  @IsString()
  MAIL_FROM: string = '';

  /** How the shop calls itself in its mails. */
  @IsString()
  SHOP_NAME: string = 'Order Suite';

  /** Where customers reach the shop: links in mails begin with it. */
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  PUBLIC_URL: string = 'http://127.0.0.1:8080';

  /** Mails that one replica sends at once, each over a connection of its own. */
  @IsInt()
  @Min(1)
  @Max(100)
  MAIL_CONCURRENCY: number = 3;

  /**
   * How many mails may be begun each second, by all replicas together: providers have limits, and a rush of orders
   * must not lose its processor time to its own mails, which can follow later.
   */
  @IsInt()
  @Min(1)
  MAILS_PER_SECOND: number = 50;

  /**
   * An order that still waits after this long, to be confirmed or to be paid, gets a mail that says so, in ms. Those that
   * do not wait get one mail instead of two: less than a busy processor takes makes two of all.
   */
  @IsInt()
  @Min(0)
  MAIL_WAITING_AFTER_MS: number = 10_000;

  /** The whole conversation with the mail server about one mail, in ms. What takes longer is tried again. */
  @IsInt()
  @Min(100)
  MAIL_TIMEOUT_MS: number = 20_000;

  /**
   * For how long a mail belongs to the replica that sends it, in ms: after a crash another one takes it over then. Must
   * be well above MAIL_TIMEOUT_MS; the clocks of the hosts must agree within the difference.
   */
  @IsInt()
  @ValidateBy({
    name: 'longerThanSending',
    validator: {
      validate: (value, args) => Number(value) >= 2 * (args!.object as NotificationsConfig).MAIL_TIMEOUT_MS,
      defaultMessage: () => '$property must be at least twice MAIL_TIMEOUT_MS',
    },
  })
  MAIL_LEASE_MS: number = 60_000;

  /** How often mails are looked for that nobody works on any more, in ms: Redis was emptied, or a job was deleted. */
  @IsInt()
  @Min(100)
  MAIL_SWEEP_MS: number = 15_000;

  /** How long a mail that was sent or failed can be looked up, in days. */
  @IsInt()
  @Min(1)
  MAIL_RETENTION_DAYS: number = 30;
}

import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { isOptionalMail } from '@suite/contracts';
import { HealthChecks } from '@suite/platform';
import { createTransport, type Transporter } from 'nodemailer';
import type { MailRecord } from './mail.schema';
import { preferencesUrl, writeMail } from './mail-text';
import { NotificationsConfig } from './notifications.config';
import { isSesRefusal, sesOptions, usesSes } from './ses';
import { faultOf, isRefusal, messageIdOf, senderOf, smtpOptions, within } from './smtp';

/** Hands mails to the mail server, by SMTP or through AWS SES. */
@Injectable()
export class MailTransportService implements OnModuleInit, OnApplicationShutdown {
  private transport: Transporter;
  /** What is wrong with the mail server, as of the last mail. */
  private fault?: string;

  constructor(
    private readonly settings: NotificationsConfig,
    health: HealthChecks,
  ) {
    health.note('smtp', () => this.fault);
  }

  async onModuleInit(): Promise<void> {
    const { settings } = this;
    this.transport = usesSes(settings)
      ? createTransport(await sesOptions(settings))
      : createTransport(smtpOptions(settings));
  }

  /** Will this mail never be taken? What is wrong with the server or the account can be mended. */
  isRefusal(error: unknown): boolean {
    return isRefusal(error) || isSesRefusal(error);
  }

  /** Resolves when the mail server has accepted the mail. @throws what it said otherwise: `isRefusal` tells if that is for good. */
  async send({ _id, kind, to, data }: MailRecord): Promise<void> {
    const { SHOP_NAME, PUBLIC_URL, MAIL_TIMEOUT_MS } = this.settings;
    const shop = { name: SHOP_NAME, url: PUBLIC_URL.replace(/\/+$/, '') };
    try {
      await within(MAIL_TIMEOUT_MS, (signal) =>
        this.transport.sendMail({
          ...writeMail(kind, data, shop),
          from: senderOf(this.settings),
          // As an object it is one address, whatever characters are in it.
          to: { name: '', address: to },
          messageId: messageIdOf(_id, new URL(PUBLIC_URL).hostname),
          headers: {
            // RFC 3834: spares us the answers of vacations and other machines.
            'Auto-Submitted': 'auto-generated',
            // RFC 2369: mail programs show it as a button.
            ...(isOptionalMail(kind) && { 'List-Unsubscribe': `<${preferencesUrl(shop)}>` }),
          },
          signal,
        }),
      );
      this.fault = undefined;
    } catch (error) {
      // A refused mail speaks of its recipient, not of the mail server.
      if (!this.isRefusal(error)) this.fault = faultOf(error);
      throw error;
    }
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }
}
